// Which acts and changes of objects others hear of. What is revoked here by the same act is elsewhere.
import type { Collection } from '@crosswalk/admin-api'
import { type Block, hasEnded } from '@crosswalk/policy'
import type { ConnectionDefinition, EpochMs } from '@crosswalk/protocol'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import { definitionsOf, type DefinitionOf, type Hold } from '../definitions/records.ts'
import type { Signal } from './signal.ts'

type Compiled = Pick<CompiledWorld, 'world' | 'users'>

/**
 * Of stopping something, whether as a hold, a block or a kill. No event says that a connection is over for one user
 * alone: what is live elsewhere then ends by itself.
 */
export async function signalsOfStop(
  {
    kind,
    target,
    onlyFor,
    state,
    revokeTokens,
  }: Pick<Block, 'kind' | 'target' | 'onlyFor'> & {
    readonly state?: Hold['state']
    readonly revokeTokens?: Hold['revokeTokens']
  },
  { world, users }: Compiled,
): Promise<readonly Signal[]> {
  if (onlyFor !== undefined) return []
  switch (kind) {
    case 'connection': {
      const connection = world.connections.get(target)?.definition
      const livesOn = state === 'suspended' && revokeTokens !== true
      const verb = livesOn ? 'connection-suspended' : 'connection-revoked'
      return connection === undefined ? [] : [{ kind: verb, connections: [connection] }]
    }
    case 'app':
      return [{ kind: 'connection-revoked', connections: connectionsOf(target, world) }]
    case 'user': {
      const user = await users.findById(target)
      return user === undefined ? [] : [{ kind: 'session-revoked', user, initiator: 'admin' }]
    }
    case 'everything':
      return [{ kind: 'access-revoked' }]
  }
}

export interface ObjectChangeSeen<C extends Collection = Collection> {
  readonly collection: C
  readonly before: DefinitionOf<C> | undefined
  readonly after: DefinitionOf<C> | undefined
  readonly at: EpochMs
  /** Text: the new password of a user; null: theirs was removed */
  readonly password?: string | null | undefined
}

/** Of creating, changing or deleting an object. */
export async function signalsOfChange(
  change: ObjectChangeSeen,
  compiled: Compiled,
): Promise<readonly Signal[]> {
  switch (change.collection) {
    case 'users':
      return signalsOfUser(change as ObjectChangeSeen<'users'>, compiled)
    case 'connections':
      return signalsOfConnection(change as ObjectChangeSeen<'connections'>)
    case 'apps': {
      const { before, after } = change as ObjectChangeSeen<'apps'>
      if (before?.active !== true || after?.active === true) return []
      return [{ kind: 'connection-revoked', connections: connectionsOf(before.id, compiled.world) }]
    }
    case 'resource-apps':
      return signalsOfResourceApp(change as ObjectChangeSeen<'resource-apps'>, compiled)
    default:
      return []
  }
}

/** Where users are known by another name now, no later event about them would name what was issued before. */
function signalsOfResourceApp(
  { before, after }: ObjectChangeSeen<'resource-apps'>,
  { world }: Compiled,
): readonly Signal[] {
  if (before === undefined || after === undefined || !renamesUsers(before, after)) return []
  const connections = definitionsOf(world.connections).filter((it) => it.resourceApp === before.id)
  return [{ kind: 'connection-revoked', connections }]
}

/** Whether users are known to a resource app by another name, or at another authorization server. */
export function renamesUsers(
  before: DefinitionOf<'resource-apps'>,
  after: DefinitionOf<'resource-apps'>,
): boolean {
  return before.subject !== after.subject || before.issuer !== after.issuer
}

async function signalsOfUser(
  { before, after, password }: ObjectChangeSeen<'users'>,
  { users }: Compiled,
): Promise<readonly Signal[]> {
  const user = before === undefined ? undefined : ((await users.findById(before.id)) ?? before)
  if (before === undefined || user === undefined) return []
  const ended = before.active && (after?.active !== true || replacesPassword(before, password))
  const change = password === null ? 'delete' : before.hasPassword ? 'update' : 'create'
  return [
    ...(ended ? [{ kind: 'session-revoked', user, initiator: 'admin' } as const] : []),
    ...(after === undefined || ended ? [] : [{ kind: 'renamed', user, now: after } as const]),
    ...(password === undefined
      ? []
      : [{ kind: 'credential-change', user, credential: 'password', change } as const]),
  ]
}

/** A user who had no password until now signed in by other means, which go on. */
export function replacesPassword(
  before: Pick<DefinitionOf<'users'>, 'hasPassword'>,
  password: string | null | undefined,
): boolean {
  return password !== undefined && before.hasPassword === true
}

/** What the app could do over it ends: it is gone, stands for another client, is no longer active, or has ended. */
function signalsOfConnection({ before, after, at }: ObjectChangeSeen<'connections'>): readonly Signal[] {
  if (before?.status !== 'active') return []
  if (after?.status === 'suspended') return [{ kind: 'connection-suspended', connections: [before] }]
  const same =
    after?.status === 'active' &&
    (hasEnded(before.expiresAt, at / 1000) || !hasEnded(after.expiresAt, at / 1000)) &&
    after.clientId === before.clientId &&
    after.resourceApp === before.resourceApp
  return same ? [] : [{ kind: 'connection-revoked', connections: [before] }]
}

function connectionsOf(app: string, world: CompiledWorld['world']): readonly ConnectionDefinition[] {
  return definitionsOf(world.connections).filter((connection) => connection.app === app)
}
