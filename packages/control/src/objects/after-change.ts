// Revocations after a change. A user who is deactivated or removed, or gets a new password, loses sessions and live
// access tokens; a user who is no longer assigned loses the tokens of that assignment; a removed connection loses its
// tokens; so does an issuer or client of an authorization server here. For the events to others see `signals-of-change.ts`.
import type { Collection } from '@crosswalk/admin-api'

import { type ObservedChange, signalsOfChange } from '../security-events/signals-of-change.ts'
import type { Parts } from '../parts.ts'
import type { RevokerPart } from '../respond/access-revoker.ts'
import { findAffected } from '../respond/lost-assignment.ts'
import { endAccess } from '../respond/end-access.ts'
import { revokeAndRecord } from '../respond/revoke-and-record.ts'
import { revokeLost } from '../respond/revoke-lost.ts'
import { CONTROLLED } from '../definitions/collections/registry.ts'
import type { Target } from './target.ts'

type Change<C extends Collection> = Omit<ObservedChange<C>, 'collection' | 'at'>

export async function revokeAfterChange<C extends Collection>(
  { parts, context, collection }: Target<C>,
  { before, after, password }: Change<C>,
): Promise<void> {
  await revokeUnassigned({ parts, context, collection }, { before, after })
  if (collection === 'connections' || collection === 'apps')
    return revokeConnections({ parts, context, collection }, { before, after })
  await endAccess(parts, context, { collection, before, after, password })
}

interface ChangedObject<C extends Collection> extends Pick<Target<C>, 'context' | 'collection'> {
  readonly parts: Parts<'storage' | 'clock'> & RevokerPart
}

/** Also after changes by provisioning: users created just in time follow their provider's claims. */
export async function revokeUnassigned<C extends Collection>(
  { parts, context, collection }: ChangedObject<C>,
  { before, after }: Change<C>,
): Promise<void> {
  const affected = findAffected({ collection, before, after })
  if (before === undefined || affected === undefined) return
  await revokeLost(parts, context, { kind: CONTROLLED[collection].event.kind, id: before.id }, affected)
}

async function revokeConnections<C extends Collection>(
  { parts, context, collection }: Target<C>,
  { before, after }: Change<C>,
): Promise<void> {
  const change = { collection, before, after, at: parts.clock.nowMs() }
  const signals = await signalsOfChange(change, parts.directory.current())
  const ended = signals.flatMap((it) => (it.kind === 'connection-revoked' ? it.connections : []))
  if (before === undefined || ended.length === 0) return
  const kind = collection === 'apps' ? 'app' : 'connection'
  const about = { target: { kind, id: before.id }, endedSessions: false }
  await revokeAndRecord(parts, context, about, async () => {
    const counts = await Promise.all(ended.map((it) => parts.revoker.revokeConnection(it)))
    return counts.reduce((total, count) => total + count, 0)
  })
}
