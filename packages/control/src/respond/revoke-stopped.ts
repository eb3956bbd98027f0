// Revokes what is still live of users who were deactivated lately: of a deactivation whose process ended, or met a fault, before
// it came to that. The definition says that they are inactive; nothing else says that something is left to do.
import { type Clock, type Ledger, newId } from '@crosswalk/as-core'

import { ADMIN_LOG } from '../audit/change-event.ts'
import type { Directory } from '../definitions/directory.ts'
import type { AccessRevoker } from './access-revoker.ts'

export interface RevokeStoppedParts {
  readonly directory: Pick<Directory, 'current'>
  readonly revoker: Pick<AccessRevoker, 'revokeUser'>
  readonly storage: { readonly ledger: Pick<Ledger, 'commit'> }
  readonly clock: Clock
}

/** Changes of other processes carry the time of their clocks, and come into force here a moment later. */
const MARGIN_MS = 120_000

/** @returns what does one round: it looks at what changed since the round before, and at first as far back as tokens live */
export function createRevokeStopped({
  directory,
  revoker,
  storage,
  clock,
}: RevokeStoppedParts): () => Promise<void> {
  let lookedAt = Number.NEGATIVE_INFINITY
  return async () => {
    const { world, people } = directory.current()
    const nowMs = clock.nowMs()
    const lifetimes = [...world['authorization-servers'].values()].map(
      ({ definition }) => definition.accessTokenTtlSeconds,
    )
    const since = Math.max(lookedAt, nowMs - 1000 * Math.max(0, ...lifetimes)) - MARGIN_MS
    for (const [id, { definition, updatedAt = 0 }] of world.users) {
      const user = definition.active || updatedAt < since ? undefined : people.get(id)
      const count = user === undefined ? 0 : await revoker.revokeUser(user)
      if (count > 0) await storage.ledger.commit({ log: ADMIN_LOG, event: buildEvent(id, count, nowMs) })
    }
    lookedAt = nowMs
  }
}

function buildEvent(user: string, count: number, nowMs: number) {
  return {
    schema: 'xaa.event/v1',
    id: newId('evt'),
    time: new Date(nowMs).toISOString(),
    type: 'token.revoked',
    category: 'response',
    severity: 'warning',
    outcome: 'success',
    actor: { kind: 'system', id: 'housekeeping' },
    target: { kind: 'user', id: user },
    on_behalf_of: { user_ref: user },
    change: { revoked_tokens: count },
  } as const
}
