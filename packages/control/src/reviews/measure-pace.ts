// How fast each user decided the items of a review. Auditors ask whether access was considered, or just clicked through.
import type { ReviewerPace, ReviewItem } from '@crosswalk/admin-api'
import { findMedian } from '@crosswalk/protocol'

import type { Parts } from '../parts.ts'
import { type Decision, iterateParts, type ReviewRecord } from './review-records.ts'

const RUSHED = { decided: 20, keptShare: 0.95, medianSeconds: 4 }

/** @returns users in the order of ids; what closing the review decided is no decision of a user */
export async function measurePace(
  parts: Parts<'storage'>,
  review: ReviewRecord,
): Promise<readonly ReviewerPace[]> {
  const byUser = new Map<string, Decision[]>()
  const add = ({ decision }: ReviewItem) => {
    if (decision === undefined || decision.automatic === true) return
    const earlier = byUser.get(decision.by)
    if (earlier === undefined) byUser.set(decision.by, [decision])
    else earlier.push(decision)
  }
  for await (const items of iterateParts(parts, review)) items.forEach(add)
  return [...byUser].sort(([one], [other]) => (one < other ? -1 : 1)).map(([id, all]) => judgePace(id, all))
}

export function judgePace(id: string, decisions: readonly Pick<Decision, 'decision' | 'at'>[]): ReviewerPace {
  const decided = decisions.length
  const kept = decisions.filter(({ decision }) => decision === 'keep').length
  const times = decisions.map(({ at }) => Date.parse(at)).sort((one, other) => one - other)
  const pauses = times.slice(1).map((at, place) => (at - (times[place] ?? at)) / 1000)
  const medianSeconds = findMedian(pauses) ?? null
  const rushed =
    decided >= RUSHED.decided &&
    kept > RUSHED.keptShare * decided &&
    medianSeconds !== null &&
    medianSeconds < RUSHED.medianSeconds
  return { id, decided, kept, medianSeconds, rushed }
}
