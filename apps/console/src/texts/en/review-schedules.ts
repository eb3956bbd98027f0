// English texts of review schedules; added when their pages are loaded.
import { addTexts } from '../known.ts'

export const reviewScheduleTexts = {
  'schedules.lead': 'Access reviews that start regularly. Connections are selected when a review starts.',
  'schedules.new': 'Create review schedule',
  'schedules.made': 'Review schedule created.',
  'schedules.none': 'No review schedules',
  'schedules.noneText': 'Administrators start access reviews by hand.',
  'schedules.tabs': 'Review schedule details',
  'schedules.reviews': 'Reviews',
  'schedules.noReviews': 'No reviews yet',
  'schedules.noReviewsText':
    'They start as planned if connections match then. The audit log shows skipped reviews.',
  'schedules.next': 'Next',
  'schedules.nextReview': 'The next review starts {when}.',
  'schedules.nameHelp': 'Reviews get this name.',
  'schedules.descriptionHelp': 'Reviews get it as their reason.',
  'schedules.first': 'First review',
  'schedules.firstHelp': 'If it has passed, a review starts at once.',
  'schedules.every': 'Repeat every (days)',
  'schedules.everyHelp': 'From one start to the next; 7 to 1,098.',
  'schedules.daysToDecide': 'Time to decide (days)',
  'schedules.daysToDecideHelp': 'Less than until the next review.',
  'schedules.connections': 'Connections',
  'schedules.idMissing': 'Enter an ID.',
  'schedules.nameMissing': 'Enter a name.',
  'schedules.firstMissing': 'Choose when the first review starts.',
  'schedules.daysWrong': 'Repeat every 7 to 1,098 days, and give less time to decide.',
} as const

addTexts(reviewScheduleTexts)
