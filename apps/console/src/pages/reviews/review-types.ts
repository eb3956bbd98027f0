// Types shared by the pages of reviews, and the progress of a review.
import type { AnswerTo } from '@crosswalk/admin-api'

export type Review = AnswerTo<'reviews.read'>
export type ReviewItem = Review['items'][number]
export type Verdict = 'keep' | 'narrow' | 'revoke'

export function countDecided({ items }: Pick<Review, 'items'>): number {
  return items.filter(({ decision }) => decision !== undefined).length
}

export function isOverdue({ state, dueAt }: Pick<Review, 'state' | 'dueAt'>, nowMs: number): boolean {
  return state === 'open' && dueAt !== undefined && Date.parse(dueAt) < nowMs
}
