// Completes changes of definitions: a fault, or the end of a process, may have come between a change and the revocations
// that follow from it. The history of objects is durable together with each change, so it tells what may be left to do.
// Repeats what is complete without effect: it revokes only tokens that would not be issued any longer.
import type { Collection } from '@crosswalk/admin-api'

import { CONTROLLED } from '../definitions/collections/registry.ts'
import { iteratePastChanges, type PastChange, type Period } from '../definitions/past-changes.ts'
import { readStored, UnreadableObject } from '../definitions/read-stored.ts'
import type { AccessGrantRecord, DefinitionOf } from '../definitions/records.ts'
import { ACTS } from '../definitions/stored-acts.ts'
import { parseStoredDefinition } from '../definitions/stored-items.ts'
import { systemContext } from '../http/context.ts'
import { createSerialQueue, type Parts } from '../parts.ts'
import type { ObservedChange } from '../security-events/signals-of-change.ts'
import { forgetRemoved, type ForgetUserParts } from './forget-user.ts'
import type { RevokerPart } from './access-revoker.ts'
import { type AffectedUsers, findAffectedSince } from './lost-assignment.ts'
import { findOldestLive } from './oldest-live.ts'
import { type RevocationAbout, revokeAndRecord } from './revoke-and-record.ts'
import { revokeGranted } from './revoke-granted.ts'
import { revokeLost } from './revoke-lost.ts'
import { revokeLostTrust } from './revoke-lost-trust.ts'
import type { RevokeRenamed } from './revoke-renamed.ts'

type Server = DefinitionOf<'authorization-servers'>

const CONTEXT = systemContext('The change was interrupted before this.', 'housekeeping')

/**
 * Completes all changes so far, of every process: first as far back as tokens live, then those since the last time.
 * Call before a change, so that repeating an interrupted request completes it, and regularly.
 */
export type CompleteChanges = () => Promise<void>

interface CompletingParts extends Parts<'directory' | 'storage' | 'clock'>, ForgetUserParts, RevokerPart {
  readonly revokeRenamed: RevokeRenamed
}

export function createCompleteChanges(parts: CompletingParts): CompleteChanges {
  const { directory, storage, clock } = parts
  const inTurn = createSerialQueue()
  /** The last revision that is complete */
  let done: number | undefined

  return () =>
    inTurn(async () => {
      // The change may have been made by a process that has ended since.
      await directory.catchUp()
      const { world } = directory.current()
      done ??= await storage.objects.revisionAt(findOldestLive(world, clock.nowMs()))
      if (done >= world.revision) return
      const period = { after: done, until: world.revision }
      await completePeriod(parts, period)
      done = period.until
    })
}

async function completePeriod(parts: CompletingParts, period: Period): Promise<void> {
  const { objects } = parts.storage
  const losses: Loss[] = []
  for (const collection of ['users', 'groups', 'connections', 'apps', 'resource-apps'] as const)
    for await (const past of iteratePastChanges(objects, collection, period)) {
      const change = readChange(collection, past)
      if (change !== undefined && collection === 'users')
        await completeUser(parts, change as ObservedChange<'users'>)
      if (change !== undefined && collection === 'resource-apps') await completeRemoval(parts, change)
      const affected = change === undefined ? EVERYONE : findAffectedSince(change)
      const target = { kind: CONTROLLED[collection].event.kind, id: past.id }
      if (affected !== undefined) losses.push({ target, affected })
    }
  for (const { target, affected } of mergeLosses(losses)) await revokeLost(parts, CONTEXT, target, affected)
  for await (const past of iteratePastChanges(objects, 'authorization-servers', period)) {
    const before = readChange('authorization-servers', past)?.before as Server | undefined
    // Trust that was given again meanwhile has led to new tokens.
    const after = parts.directory.current().world['authorization-servers'].get(past.id)?.definition
    await revokeLostTrust(parts, CONTEXT, { before, after })
  }
  for await (const { id, after } of iteratePastChanges(objects, ACTS.accessGrants, period))
    if (after !== undefined)
      await completeRevokedGrant(parts, readStored(ACTS.accessGrants, { id, body: after }))
}

/** What a change took from some users */
interface Loss {
  readonly target: RevocationAbout['target']
  readonly affected: AffectedUsers
}

/** After the import of a directory, thousands of changes may concern one user each. */
function mergeLosses(losses: readonly Loss[]): readonly Loss[] {
  const ids = new Set(losses.flatMap(({ affected }) => (affected.kind === 'users' ? affected.ids : [])))
  const others = losses.filter(({ affected }) => affected.kind !== 'users')
  const ofUsers = losses.find(({ affected }) => affected.kind === 'users')
  const different = new Map(others.map((loss) => [JSON.stringify(loss.affected), loss]))
  return [
    ...different.values(),
    ...(ofUsers === undefined ? [] : [{ ...ofUsers, affected: { kind: 'users' as const, ids: [...ids] } }]),
  ]
}

/** Of a change from or to a state that another version stored */
const EVERYONE: AffectedUsers = { kind: 'everyone' }

/** @returns undefined if this version cannot read what was before or after it */
function readChange(
  collection: Collection,
  { id, before, after, at }: PastChange,
): ObservedChange | undefined {
  const parse = (body: unknown) => parseStoredDefinition(collection, id, body)
  try {
    return { collection, before: parse(before), after: after === undefined ? undefined : parse(after), at }
  } catch (error) {
    if (error instanceof UnreadableObject) return undefined
    throw error
  }
}

/** Of a user who has another name now, or was deactivated or removed and still is */
async function completeUser(
  parts: CompletingParts,
  { before, after }: ObservedChange<'users'>,
): Promise<void> {
  if (before === undefined) return
  await parts.revokeRenamed([before])
  if (after?.active === true) return
  const { id } = before
  const about = { target: { kind: 'user', id }, endedSessions: true, onlyIfAny: true }
  if (after === undefined)
    await revokeAndRecord(parts, CONTEXT, about, () => forgetRemoved(parts, CONTEXT, id))
  const user = await parts.directory.current().users.findById(id)
  if (user === undefined || user.active) return
  // The sessions would become valid again once the user is reactivated.
  await parts.revoker.endSessions(id)
  await revokeAndRecord(parts, CONTEXT, about, () => parts.revoker.revokeUser(user))
}

async function completeRemoval(parts: CompletingParts, { before, after }: ObservedChange): Promise<void> {
  if (before === undefined || after !== undefined) return
  if (parts.directory.current().world['resource-apps'].has(before.id)) return
  await parts.vault.revoke(CONTEXT, { resourceApp: before.id })
}

async function completeRevokedGrant(parts: CompletingParts, grant: AccessGrantRecord): Promise<void> {
  if (grant.state !== 'revoked' || grant.over === undefined) return
  await revokeGranted(parts, CONTEXT, grant, { onlyIfAny: true, issuedUntil: Date.parse(grant.over.at) })
}
