// Completes an earlier request that a fault stopped between its change and the revocations. A repeated request changes
// nothing, so the history tells what has changed.
import { isDeepStrictEqual } from 'node:util'

import type { Collection } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'

import { CONTROLLED } from '../definitions/collections/registry.ts'
import type { DefinitionOf } from '../definitions/records.ts'
import { parseStoredDefinition } from '../definitions/stored-items.ts'
import { isInScope } from '../http/scope.ts'
import { forgetRemoved } from '../respond/forget-user.ts'
import { type AffectedUsers, findAffected } from '../respond/lost-assignment.ts'
import { findOldestLive } from '../respond/oldest-live.ts'
import { revokeAndRecord } from '../respond/revoke-and-record.ts'
import { revokeLost } from '../respond/revoke-lost.ts'
import { revokeAfterChange } from './after-change.ts'
import type { Target } from './target.ts'

/** Call after a change. Does nothing if it made a difference. */
export async function completeUnchanged<C extends Collection>(
  target: Target<C>,
  before: DefinitionOf<C> | undefined,
  after: DefinitionOf<C>,
): Promise<void> {
  if (!isDeepStrictEqual(before, after)) return
  const former = await findFormer(target, after.id)
  if (former !== undefined) await revokeAfterChange(target, { before: former, after, again: true })
}

/** Call for an object that does not exist. Does nothing if it never did. */
export async function completeRemoval<C extends Collection>(target: Target<C>, id: string): Promise<void> {
  const { parts, context, collection } = target
  const former = await findFormer(target, id)
  if (former === undefined || !isInScope(context.caller, collection, former)) return
  if (collection === 'resource-apps') await parts.vault.revoke(context, { resourceApp: id })
  if (collection === 'users') {
    const about = { target: { kind: 'user', id }, endedSessions: true, onlyIfAny: true }
    await revokeAndRecord(parts, context, about, () => forgetRemoved(parts, context, id))
    return
  }
  // Another object may have taken its place, so only what would not be issued any longer is revoked.
  const affected = findUsersOf(collection, former)
  const removed = { kind: CONTROLLED[collection].event.kind, id }
  if (affected !== undefined) await revokeLost(parts, context, removed, affected)
}

/** @returns what the object was before it got its present state, undefined if that is long ago */
async function findFormer<C extends Collection>(
  { parts: { directory, storage, clock }, collection }: Target<C>,
  id: string,
): Promise<DefinitionOf<C> | undefined> {
  const found = await storage.objects.findFormer(collection, id)
  const oldest = findOldestLive(directory.current().world, clock.nowMs())
  return found === undefined || found.until < oldest
    ? undefined
    : parseStoredDefinition(collection, id, found.body)
}

function findUsersOf<C extends Collection>(
  collection: C,
  removed: DefinitionOf<C>,
): AffectedUsers | undefined {
  if (collection === 'connections') return { kind: 'connection', connection: removed as ConnectionDefinition }
  if (collection === 'apps') return { kind: 'app', id: removed.id }
  if (collection === 'resource-apps') return { kind: 'everyone' }
  return findAffected({ collection, before: removed, after: undefined })
}
