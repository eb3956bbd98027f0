// The ID-JAGs of a connection in the log that contain access which a decision removed, before and after the decision.
import type { ReviewItem } from '@crosswalk/admin-api'
import type { AuditEvent } from '@crosswalk/as-core'
import type { EpochMs } from '@crosswalk/protocol'
import type { EventQuery } from '@crosswalk/storage'

import type { Parts } from '../parts.ts'
import type { RemovedAccess } from './removed-access.ts'

const MAX_EXAMINED = 1000
const PAGE = 200

type Range = Pick<EventQuery, 'since' | 'until'>

/** @returns the number of ID-JAGs issued since the decision, among the newest thousand of the connection */
export async function countIssuedSince(
  parts: Parts<'configuration' | 'storage'>,
  item: ReviewItem,
  removed: RemovedAccess,
): Promise<number> {
  let count = 0
  for await (const event of iterateIssued(parts, item, { since: endOf(parts, item) }))
    if (contains(event, removed)) count += 1
  return count
}

/**
 * @returns when the last one before the decision was issued; undefined if that was earlier than `beforeMs` before. If too
 *   many others were issued, the time of the decision
 */
export async function findLastIssued(
  parts: Parts<'configuration' | 'storage'>,
  item: ReviewItem,
  removed: RemovedAccess,
  beforeMs: number,
): Promise<EpochMs | undefined> {
  const range = { since: decidedAt(item) - beforeMs, until: endOf(parts, item) }
  let examined = 0
  for await (const event of iterateIssued(parts, item, range)) {
    if (contains(event, removed)) return Date.parse(event.time)
    examined += 1
  }
  return examined < MAX_EXAMINED ? undefined : range.until
}

/** @returns ids of the users of the newest ID-JAGs */
export async function listRecentUsers(
  parts: Parts<'storage'>,
  item: ReviewItem,
  most: number,
): Promise<readonly string[]> {
  const users = new Set<string>()
  for await (const { on_behalf_of: user } of iterateIssued(parts, item, {})) {
    if (user?.user_ref !== undefined) users.add(user.user_ref)
    if (users.size === most) break
  }
  return [...users]
}

function decidedAt({ decision }: ReviewItem): EpochMs {
  return Date.parse(decision?.effectiveAt ?? '')
}

/** Until then, an event may be from before the decision: its process may have a clock that is ahead. */
function endOf({ configuration }: Parts<'configuration'>, item: ReviewItem): EpochMs {
  return decidedAt(item) + 1000 * configuration.clockSkewSeconds
}

function contains({ on_behalf_of: user, action }: AuditEvent, { scopes, users }: RemovedAccess): boolean {
  const granted = action?.scopes_granted ?? []
  const isTheirs = users === undefined || users.includes(user?.user_ref ?? '')
  return isTheirs && (scopes === undefined || scopes.some((scope) => granted.includes(scope)))
}

/** Newest first, at most `MAX_EXAMINED` */
async function* iterateIssued(
  { storage }: Parts<'storage'>,
  { connection }: ReviewItem,
  range: Range,
): AsyncIterable<AuditEvent> {
  let cursor: string | undefined
  let examined = 0
  do {
    const query: EventQuery = { types: ['idjag.issued'], connection, ...range, limit: PAGE }
    const page = await storage.events.list(cursor === undefined ? query : { ...query, cursor })
    for (const { event } of page.items) yield event
    examined += page.items.length
    cursor = page.next
  } while (cursor !== undefined && examined < MAX_EXAMINED)
}
