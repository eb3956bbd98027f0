// Types shared by the pages of reviews, and the progress of a review.
import type { AnswerTo } from '@crosswalk/admin-api'

import { formatNumber, text } from '../../texts/text.ts'

export type Review = AnswerTo<'reviews.read'>
export type ReviewItem = AnswerTo<'reviews.decide'>
export type Verdict = 'keep' | 'narrow' | 'revoke'

/** @returns the number of decided items and of all, such as `3 of 10,000` */
export function describeProgress({ counts: { items, undecided } }: Pick<Review, 'counts'>): string {
  return text('reviews.progressOf', { decided: formatNumber(items - undecided), count: formatNumber(items) })
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
