// Expires access requests that were not decided in time, many of them in one change; and those that a removal leaves without
// an answer.
import type { AccessRequest, Collection } from '@crosswalk/admin-api'
import { chunk, DAY_MS } from '@crosswalk/protocol'
import type { ObjectPut, Storage } from '@crosswalk/storage'

import {
  buildRequestChange,
  findStoredRequest,
  type KeepingParts,
  type RequestChange,
  storeRequests,
} from './access-request-records.ts'
import type { Directory } from '../definitions/directory.ts'
import { type AdminContext, systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import type { ObservedChange } from '../security-events/signals-of-change.ts'

const OPEN_MS = 14 * DAY_MS
/** Limits how long one change makes others wait. */
export const MAX_AT_ONCE = 200

const EXPIRY = systemContext('The request was not decided within 14 days.')

export interface ExpiryParts extends KeepingParts, Parts<'inTurn'> {
  readonly directory: Pick<Directory, 'current' | 'put' | 'changeAll'>
  readonly storage: Pick<Storage, 'objects'>
}

/** The requester gets a final state, and access that was needed long ago cannot be approved. */
export async function expireOpenRequests(parts: ExpiryParts): Promise<void> {
  const askedBefore = parts.clock.nowMs() - OPEN_MS
  const isOver = ({ state, askedAt }: AccessRequest) => state === 'open' && Date.parse(askedAt) <= askedBefore
  const open = [...parts.directory.current().world.openRequests.values()]
  const due = open.filter(isOver).map(({ id }) => id)
  for (const some of chunk(due, MAX_AT_ONCE))
    await parts.inTurn(async () => {
      const changes: RequestChange[] = []
      for (const id of some) {
        const kept = await findStoredRequest(parts, id)
        // It may have been decided since.
        if (kept === undefined || !isOver(kept.request)) continue
        const { request, revision } = kept
        changes.push({ request: { ...request, state: 'expired' }, revision, type: 'request.expired' })
      }
      // If another process decides one of these now, the whole batch fails and the next run tries again.
      if (changes.length > 0) await storeRequests(parts, EXPIRY, changes)
    })
}

/** What a request is about */
const ABOUT: Partial<Record<Collection, 'user' | 'app' | 'resourceApp'>> = {
  users: 'user',
  apps: 'app',
  'resource-apps': 'resourceApp',
}

/** @returns the changes that expire the open requests about an object that is removed, which nothing can approve any more */
export async function describeStaleRequests(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  { collection, before, after }: Pick<ObservedChange, 'collection' | 'before' | 'after'>,
): Promise<readonly ObjectPut[]> {
  const member = ABOUT[collection]
  if (member === undefined || before === undefined || after !== undefined) return []
  const ends: ObjectPut[] = []
  for (const open of parts.directory.current().world.openRequests.values()) {
    if (open[member] !== before.id) continue
    const { request } = (await findStoredRequest(parts, open.id)) ?? {}
    if (request?.state !== 'open') continue
    const change = { request: { ...request, state: 'expired' as const }, type: 'request.expired' }
    ends.push(buildRequestChange(parts, context, change))
  }
  return ends
}
