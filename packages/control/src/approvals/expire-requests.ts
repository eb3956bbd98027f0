// Expires access requests that were not decided in time, many of them in one change.
import type { Storage } from '@crosswalk/storage'

import {
  storeRequests,
  type KeepingParts,
  type StoredRequest,
  listStoredRequests,
} from './access-request-records.ts'
import { systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'

const OPEN_MS = 14 * 86_400_000
/** Limits how long one change makes others wait. */
export const MAX_AT_ONCE = 200

const EXPIRY = systemContext('The request was not decided within 14 days.')

export interface ExpiryParts extends KeepingParts, Parts<'inTurn'> {
  readonly storage: Pick<Storage, 'objects'>
}

/** The requester gets a final state, and access that was needed long ago cannot be approved. */
export async function expireOpenRequests(parts: ExpiryParts): Promise<void> {
  const askedBefore = parts.clock.nowMs() - OPEN_MS
  const isOver = ({ request: { state, askedAt } }: StoredRequest) =>
    state === 'open' && Date.parse(askedAt) <= askedBefore
  const ids = (await listStoredRequests(parts)).filter(isOver).map(({ request: { id } }) => id)
  for (let start = 0; start < ids.length; start += MAX_AT_ONCE) {
    const due = new Set(ids.slice(start, start + MAX_AT_ONCE))
    await parts.inTurn(async () => {
      // It may have been decided since.
      const over = (await listStoredRequests(parts)).filter(
        (kept) => due.has(kept.request.id) && isOver(kept),
      )
      const changes = over.map(({ request, revision }) => ({
        request: { ...request, state: 'expired' as const },
        revision,
        type: 'request.expired',
      }))
      // If another process decides one of these now, the whole batch fails and the next run tries again.
      await storeRequests(parts, EXPIRY, changes)
    })
  }
}
