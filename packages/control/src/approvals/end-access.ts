// How access grants end: they expire, are revoked, or go with their user or connection. The access request behind a grant
// ends with it.
import type { Collection } from '@crosswalk/admin-api'
import { hasEnded } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { ObjectPut } from '@crosswalk/storage'

import type { AccessGrantRecord } from '../definitions/records.ts'
import type { ObservedChange } from '../security-events/signals-of-change.ts'
import type { SignalsPart } from '../security-events/signals.ts'
import { prepareEnd, prepareRevocation } from './access-grant-records.ts'
import { type AdminContext, systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import type { RevokerPart } from '../respond/access-revoker.ts'
import { revokeGranted } from '../respond/revoke-granted.ts'

const SYSTEM = systemContext('The access grant expired.')

/** The evaluator already denies expired grants; this records that the access ended. */
export async function endDueAccess(
  parts: Parts<'directory' | 'storage' | 'clock' | 'inTurn'>,
): Promise<void> {
  const isDue = ({ state, until }: AccessGrantRecord) =>
    state === 'active' && hasEnded(until, parts.clock.nowMs() / 1000)
  const due = () => [...parts.directory.current().world.accessGrants.values()].filter(isDue)
  if (due().length === 0) return
  await parts.inTurn(async () => {
    const { steps } = await prepareEnd(parts, SYSTEM, due())
    if (steps.length > 0) await parts.directory.changeAll(steps)
  })
}

type Change = Pick<ObservedChange, 'collection' | 'before' | 'after'>

/** @returns the changes that end the grants of a removed user, or of a connection that is removed or between other apps */
export async function describeStaleGrants(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  change: Change,
): Promise<readonly ObjectPut[]> {
  const stale = [...parts.directory.current().world.accessGrants.values()].filter(
    (grant) => grant.state === 'active' && isStale(grant, change),
  )
  return (await prepareEnd(parts, context, stale)).steps
}

function isStale(grant: AccessGrantRecord, { collection, before, after }: Change): boolean {
  const isAbout: Partial<Record<Collection, string>> = { users: grant.user, connections: grant.connection }
  if (before === undefined || isAbout[collection] !== before.id) return false
  if (collection === 'users') return after === undefined
  const now = after as ConnectionDefinition | undefined
  return now?.app !== grant.app || now.resourceApp !== grant.resourceApp
}

interface Revoked {
  readonly grants: readonly AccessGrantRecord[]
  /** Live access tokens that were revoked with them */
  readonly revokedTokens: number
}

/** Call inside `inTurn`. Denies further requests, and revokes the tokens issued over the connections. */
export async function revokeGrants(
  parts: Parts<'directory' | 'storage' | 'clock'> & RevokerPart & SignalsPart,
  context: AdminContext,
  grants: readonly AccessGrantRecord[],
): Promise<Revoked> {
  const { closed, steps } = await prepareRevocation(parts, context, grants)
  if (steps.length > 0) await parts.directory.changeAll(steps)
  let revokedTokens = 0
  for (const grant of closed) revokedTokens += await revokeGranted(parts, context, grant)
  return { grants: closed, revokedTokens }
}
