// The evidence of a review for auditors: all items and events, rendered while the client reads them.
import { HOUR_MS } from '@crosswalk/protocol'
import type { EventPage } from '@crosswalk/storage'

import { recordAdminEvent } from '../audit/change-event.ts'
import { BATCH_SIZE } from '../definitions/stored-items.ts'
import type { AdminContext } from '../http/context.ts'
import { streamJson } from '../http/json-parts.ts'
import { isProblem, type Problem } from '../http/problem.ts'
import type { Parts } from '../parts.ts'
import { measurePace } from './measure-pace.ts'
import { nowOf } from './record-decision.ts'
import { findReview, iterateParts, type ReviewRecord, summarizeReview } from './review-records.ts'

const TYPES = ['review.opened', 'review.decided', 'review.closed', 'removal.verified']

export async function exportEvidence(
  parts: Parts<'storage' | 'clock'>,
  context: AdminContext,
  id: string,
): Promise<Response | Problem> {
  const review = await findReview(parts, id)
  if (isProblem(review)) return review
  await recordAdminEvent(parts, context, {
    type: 'audit.exported',
    category: 'audit',
    target: { kind: 'review', id },
  })
  return streamJson({
    schema: 'crosswalk.review-evidence/v1',
    exportedAt: nowOf(parts),
    review: {
      ...(await summarizeReview(parts, review)),
      reviewers: await measurePace(parts, review),
      items: iterateParts(parts, review),
    },
    events: readEvents(parts, review),
  })
}

/** Oldest first. The log is read newest first, so its pages are counted before they are read from the last. */
async function* readEvents(
  { storage }: Parts<'storage'>,
  { id, openedAt }: ReviewRecord,
): AsyncIterable<readonly object[]> {
  // An event has the time of its server, whose clock may be behind that of the server where the review was opened.
  const query = { types: TYPES, since: Date.parse(openedAt) - HOUR_MS, limit: BATCH_SIZE }
  const select = ({ items }: EventPage) =>
    items
      .filter(({ event }) => event.target?.id === id)
      .map(({ log, chain, seq, prevHash, hash, event }) => ({ log, chain, seq, prevHash, hash, ...event }))
      .toReversed()
  const newest = await storage.events.list(query)
  const cursors: string[] = []
  for (let { next } = newest; next !== undefined;) {
    cursors.push(next)
    ;({ next } = await storage.events.list({ ...query, cursor: next }))
  }
  for (const cursor of cursors.toReversed()) yield select(await storage.events.list({ ...query, cursor }))
  yield select(newest)
}
