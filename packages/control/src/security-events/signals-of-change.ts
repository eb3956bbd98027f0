// Which acts and changes of objects are signalled to others. Revocations here by the same act are handled elsewhere.
import type { Collection } from '@crosswalk/admin-api'
import type { SessionEnd } from '@crosswalk/idp'
import { type Block, hasEnded } from '@crosswalk/policy'
import type { ConnectionDefinition, EpochMs } from '@crosswalk/protocol'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import {
  type AccessGrantRecord,
  definitionsOf,
  type DefinitionOf,
  type Hold,
} from '../definitions/records.ts'
import type { Signal } from './signal.ts'

type Compiled = Pick<CompiledWorld, 'world' | 'users'>

/** For holds, blocks and kills. */
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
  const connections = connectionsOfTarget({ kind, target }, world)
  if (onlyFor !== undefined)
    return signalsOfUserEnd(users, { userId: onlyFor, initiator: 'user', connections })
  switch (kind) {
    case 'connection': {
      const livesOn = state === 'suspended' && revokeTokens !== true
      return [{ kind: livesOn ? 'connection-suspended' : 'connection-revoked', connections }]
    }
    case 'app':
      return [{ kind: 'connection-revoked', connections }]
    case 'user':
      return signalsOfUserEnd(users, { userId: target, initiator: 'admin' })
    case 'everything':
      return [{ kind: 'access-revoked' }]
  }
}

interface EndOfUser {
  readonly userId: string
  readonly initiator: 'admin' | 'user' | 'system'
  /** All of them if undefined */
  readonly connections?: readonly ConnectionDefinition[] | undefined
}

/** For the end of a user's access: altogether, or over some connections. */
async function signalsOfUserEnd(
  users: Compiled['users'],
  { userId, ...end }: EndOfUser,
): Promise<readonly Signal[]> {
  const user = await users.findById(userId)
  return user === undefined ? [] : [{ kind: 'session-revoked', user, ...end }]
}

/** For a session that ended altogether, or only for one app. */
export async function signalsOfSessionEnd(
  { userId, initiator, clientId }: SessionEnd,
  { world, users }: Compiled,
): Promise<readonly Signal[]> {
  const connections = clientId === undefined ? undefined : connectionsOf(clientId, world)
  return signalsOfUserEnd(users, { userId, initiator, connections })
}

/** For an access grant that was revoked. */
export async function signalsOfRevokedGrant(
  { user, connection }: Pick<AccessGrantRecord, 'user' | 'connection'>,
  { world, users }: Compiled,
): Promise<readonly Signal[]> {
  const connections = connectionsOfTarget({ kind: 'connection', target: connection }, world)
  return signalsOfUserEnd(users, { userId: user, initiator: 'admin', connections })
}

export interface ObservedChange<C extends Collection = Collection> {
  readonly collection: C
  readonly before: DefinitionOf<C> | undefined
  readonly after: DefinitionOf<C> | undefined
  readonly at: EpochMs
  /** Text: the new password of a user; null: it was removed */
  readonly password?: string | null | undefined
}

/** For creating, changing or deleting an object. */
export async function signalsOfChange(
  change: ObservedChange,
  compiled: Compiled,
): Promise<readonly Signal[]> {
  switch (change.collection) {
    case 'users':
      return signalsOfUser(change as ObservedChange<'users'>, compiled)
    case 'connections':
      return signalsOfConnection(change as ObservedChange<'connections'>)
    case 'apps': {
      const { before, after } = change as ObservedChange<'apps'>
      if (before?.active !== true || after?.active === true) return []
      return [{ kind: 'connection-revoked', connections: connectionsOf(before.id, compiled.world) }]
    }
    case 'resource-apps':
      return signalsOfResourceApp(change as ObservedChange<'resource-apps'>, compiled)
    default:
      return []
  }
}

/** If users now have another name, no later event could name what was issued before. */
function signalsOfResourceApp(
  { before, after }: ObservedChange<'resource-apps'>,
  { world }: Compiled,
): readonly Signal[] {
  if (before === undefined || after === undefined || !renamesUsers(before, after)) return []
  const connections = definitionsOf(world.connections).filter((it) => it.resourceApp === before.id)
  return [{ kind: 'connection-revoked', connections }]
}

/** Whether the resource app identifies users by another name, or moved to another authorization server. */
export function renamesUsers(
  before: DefinitionOf<'resource-apps'>,
  after: DefinitionOf<'resource-apps'>,
): boolean {
  return before.subject !== after.subject || before.issuer !== after.issuer
}

async function signalsOfUser(
  { before, after, password }: ObservedChange<'users'>,
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

/** A user without a password so far signed in by other means, which continue to work. */
export function replacesPassword(
  before: Pick<DefinitionOf<'users'>, 'hasPassword'>,
  password: string | null | undefined,
): boolean {
  return password !== undefined && before.hasPassword === true
}

function signalsOfConnection(change: ObservedChange<'connections'>): readonly Signal[] {
  const { before, after } = change
  if (before === undefined) return []
  if (endsConnection(change)) return [{ kind: 'connection-revoked', connections: [before] }]
  const pauses = before.status === 'active' && after?.status === 'suspended'
  return pauses ? [{ kind: 'connection-suspended', connections: [before] }] : []
}

/** Whether it is removed, gets another app or client, becomes inactive, or has expired; suspending it is not the end. */
export function endsConnection({ before, after, at }: ObservedChange<'connections'>): boolean {
  if (before === undefined || !hasLiveAccess(before)) return false
  const same =
    after !== undefined &&
    hasLiveAccess(after) &&
    (hasEnded(before.expiresAt, at / 1000) || !hasEnded(after.expiresAt, at / 1000)) &&
    after.clientId === before.clientId &&
    after.app === before.app &&
    after.resourceApp === before.resourceApp
  return !same
}

/** Whether access over it may be live: what was issued before a suspension is, and continues after it. */
export function hasLiveAccess({ status }: Pick<ConnectionDefinition, 'status'>): boolean {
  return status === 'active' || status === 'suspended'
}

function connectionsOfTarget(
  { kind, target }: Pick<Block, 'kind' | 'target'>,
  world: CompiledWorld['world'],
): readonly ConnectionDefinition[] {
  if (kind === 'app') return connectionsOf(target, world)
  const connection = kind === 'connection' ? world.connections.get(target) : undefined
  return connection === undefined ? [] : [connection.definition]
}

/** No event can name an actor, so those about an actor concern everything issued over the connection. */
function connectionsOf(id: string, world: CompiledWorld['world']): readonly ConnectionDefinition[] {
  return definitionsOf(world.connections).filter(({ app, actors = [] }) => app === id || actors.includes(id))
}
