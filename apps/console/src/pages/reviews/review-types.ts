// Types shared by the pages of reviews, and the progress of a review.
import type { AnswerTo } from '@crosswalk/admin-api'

export type Review = AnswerTo<'reviews.read'>
export type ReviewItem = AnswerTo<'reviews.decide'>
export type Verdict = 'keep' | 'narrow' | 'revoke'

export function countDecided({ counts }: Pick<Review, 'counts'>): number {
  return counts.items - counts.undecided
}

export function isOverdue({ state, dueAt }: Pick<Review, 'state' | 'dueAt'>, nowMs: number): boolean {
  return state === 'open' && dueAt !== undefined && Date.parse(dueAt) < nowMs
}

/** Scopes that a narrowed connection would keep. Used scopes may have been removed from the connection since. */
export function findScopesInUse({
  scopes,
  evidence,
}: Pick<ReviewItem, 'scopes' | 'evidence'>): readonly string[] {
  return scopes.filter((scope) => evidence.usedScopes.includes(scope))
}
