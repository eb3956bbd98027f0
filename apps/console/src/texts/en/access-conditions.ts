// English texts of conditions on access; added when a form with them is loaded.
import { addTexts } from '../known.ts'

export const accessConditionTexts = {
  'conditions.apps': 'Requesting apps',
  'conditions.resourceApps': 'Resource apps',
  'conditions.anyHelp': 'Any of these; empty: all.',
  'conditions.kind': 'Kind of app',
  'conditions.minRisk': 'Lowest risk',
  'conditions.maxRisk': 'Highest risk',
  'conditions.unusedForDays': 'Unused for (days)',
  'conditions.unusedHelp': 'Only active connections that granted nothing and did not change for this long.',
  'conditions.riskHelp': 'Of the riskiest scope. A scope without a risk counts as 3.',
} as const

addTexts(accessConditionTexts)
