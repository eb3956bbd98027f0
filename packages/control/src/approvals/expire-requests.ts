// Requests for access that no one answered in time: over, all that are at the same moment in few changes.
import type { Storage } from '@crosswalk/storage'

import {
  keepRequests,
  type KeepingParts,
  type KeptRequest,
  listKeptRequests,
} from './access-request-records.ts'
import { systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'

const OPEN_MS = 14 * 86_400_000
/** As many in one change as others may wait for. */
export const MAX_AT_ONCE = 200

const EXPIRY = systemContext('No one answered for 14 days.')

export interface ExpiryParts extends KeepingParts, Parts<'inTurn'> {
  readonly storage: Pick<Storage, 'objects'>
}

/** The user who asked gets an answer in the end, and nothing is approved that was needed long ago. */
export async function expireOpenRequests(parts: ExpiryParts): Promise<void> {
  const askedBefore = parts.clock.nowMs() - OPEN_MS
  const isOver = ({ request: { state, askedAt } }: KeptRequest) =>
    state === 'open' && Date.parse(askedAt) <= askedBefore
  const ids = (await listKeptRequests(parts)).filter(isOver).map(({ request: { id } }) => id)
  for (let start = 0; start < ids.length; start += MAX_AT_ONCE) {
    const due = new Set(ids.slice(start, start + MAX_AT_ONCE))
    await parts.inTurn(async () => {
      // It may have been decided since.
      const over = (await listKeptRequests(parts)).filter((kept) => due.has(kept.request.id) && isOver(kept))
      const changes = over.map(({ request, revision }) => ({
        request: { ...request, state: 'expired' as const },
        revision,
        type: 'request.expired',
      }))
      // Where another process decides about one at this moment, all of them are looked at again in the next run.
      await keepRequests(parts, EXPIRY, changes)
    })
  }
}
