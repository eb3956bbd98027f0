// Which servers elsewhere are told when a change takes an assignment from users: they leave a group, or an assignment of
// an app, a resource app or a connection loses users or groups; or an actor from a connection. Tokens here are judged one
// by one instead; see `lost-assignment.ts`.
import { type EvaluatedUser, hasGrant, isCovered } from '@crosswalk/policy'
import type { Assignments, ConnectionDefinition, GroupDefinition } from '@crosswalk/protocol'

import { withDefinition } from '../definitions/check-world.ts'
import type { CompiledWorld } from '../definitions/compile-world.ts'
import type { Candidate } from '../definitions/find-related.ts'
import { definitionsOf, type UserRecord, type World } from '../definitions/records.ts'
import type { Signal } from './signal.ts'
import { hasLiveAccess, type ObservedChange } from './signals-of-change.ts'

/**
 * With more users times connections, or an unknown number, events end the connections for all their users: those who still
 * have access simply request a new ID-JAG.
 */
const MAX_PAIRS = 200

type Compiled = Pick<CompiledWorld, 'world' | 'users' | 'memberships' | 'exchange'>
type Ends = Pick<World, 'connections' | 'apps' | 'resource-apps'>

interface Loss {
  /** Connections over which access may have been lost */
  readonly connections: readonly ConnectionDefinition[]
  /** Ids of the users who may have lost it; undefined: any */
  readonly users: readonly string[] | undefined
}

/**
 * @param changes - of one transaction: together they may take what each of them leaves, or the other way round. Of objects
 *   that remain, and of removed groups: the end of others is signalled as such
 */
export async function signalsOfLostAssignment(
  changes: readonly ObservedChange[],
  compiled: Compiled,
): Promise<readonly Signal[]> {
  const { world, users } = compiled
  const { wide, byUser } = joinLosses(changes.flatMap((change) => listLosses(change, world)))
  const signals: Signal[] = wide.size === 0 ? [] : [{ kind: 'connection-revoked', connections: [...wide] }]
  if (byUser.size === 0) return signals
  const next = changes.reduce(applyChange, world)
  for (const user of (await users.findMany([...byUser.keys()])).values()) {
    const after = { ...user, groups: await listGroupsAfter(user, changes, compiled) }
    const isGranted = createIsGranted(user, changes, compiled)
    const lost = [...(byUser.get(user.id) ?? [])].filter(
      ({ id }) => isCoveredIn(world, user, id, isGranted(id)) && !isCoveredIn(next, after, id, isGranted(id)),
    )
    if (lost.length > 0)
      signals.push({ kind: 'session-revoked', user, initiator: 'admin', connections: lost })
  }
  return signals
}

interface JoinedLosses {
  /** Connections that end for all users */
  readonly wide: ReadonlySet<ConnectionDefinition>
  /** The others, by the id of the user who may have lost them */
  readonly byUser: ReadonlyMap<string, ReadonlySet<ConnectionDefinition>>
}

function joinLosses(losses: readonly Loss[]): JoinedLosses {
  const pairs = losses.reduce(
    (sum, { users = [], connections }) => sum + users.length * connections.length,
    0,
  )
  const isWide = ({ users }: Loss) => users === undefined || pairs > MAX_PAIRS
  const wide = new Set(losses.filter(isWide).flatMap(({ connections }) => connections))
  const byUser = new Map<string, Set<ConnectionDefinition>>()
  for (const { users = [], connections } of losses.filter((loss) => !isWide(loss)))
    for (const id of users) {
      const known = byUser.get(id) ?? new Set()
      for (const connection of connections) if (!wide.has(connection)) known.add(connection)
      byUser.set(id, known)
    }
  return { wide, byUser }
}

function createIsGranted(
  { id: user }: EvaluatedUser,
  changes: readonly ObservedChange[],
  { exchange }: Pick<Compiled, 'exchange'>,
): (connection: string) => boolean {
  const at = Math.max(...changes.map((change) => change.at)) / 1000
  return (connection) => exchange !== undefined && hasGrant(exchange.accessGrants, { connection, user }, at)
}

/** @returns one at most */
function listLosses(change: ObservedChange, world: Ends): readonly Loss[] {
  const loss = findLoss(change, world)
  return loss === undefined || loss.connections.length === 0 ? [] : [loss]
}

/** @returns undefined if the change takes no assignment from anyone */
function findLoss({ collection, before, after }: ObservedChange, world: Ends): Loss | undefined {
  if (before === undefined) return undefined
  if (collection === 'groups') {
    const users = subtract(
      (before as GroupDefinition).members,
      (after as GroupDefinition | undefined)?.members ?? [],
    )
    return { users, connections: users.length === 0 ? [] : listAssignedTo([before.id], world) }
  }
  if (after === undefined) return undefined
  switch (collection) {
    case 'users': {
      const groups = subtract((before as UserRecord).groups, (after as UserRecord).groups)
      return { users: [before.id], connections: listAssignedTo(groups, world) }
    }
    case 'connections':
    case 'apps':
    case 'resource-apps': {
      const users = listLosers(before as Assigned & Acted, after as Assigned & Acted)
      if (users?.length === 0) return undefined
      const member = { connections: 'id', apps: 'app', 'resource-apps': 'resourceApp' } as const
      return { users, connections: listLive(world).filter((it) => it[member[collection]] === before.id) }
    }
    default:
      return undefined
  }
}

/** No event can name an actor, so those about one concern all users. */
function listLosers(before: Assigned & Acted, after: Assigned & Acted): readonly string[] | undefined {
  return losesActors(before, after) ? undefined : listLostUsers(before, after)
}

export interface Assigned {
  readonly assignments: Assignments
}

/** @returns the users who lost an assignment by name; undefined if groups or everyone did */
export function listLostUsers(
  { assignments: was }: Assigned,
  { assignments: is }: Assigned,
): readonly string[] | undefined {
  if (is.everyone) return []
  if (was.everyone || subtract(was.groups, is.groups).length > 0) return undefined
  return subtract(was.users, is.users)
}

/** @returns the connections of which any end is assigned to one of these groups */
function listAssignedTo(groups: readonly string[], world: Ends): readonly ConnectionDefinition[] {
  if (groups.length === 0) return []
  const names = new Set(groups)
  const isAssigned = ({ assignments }: Assigned) => assignments.groups.some((group) => names.has(group))
  const listIds = (ends: Ends['apps'] | Ends['resource-apps']) =>
    new Set([...ends.values()].flatMap(({ definition }) => (isAssigned(definition) ? definition.id : [])))
  const [apps, resourceApps] = [listIds(world.apps), listIds(world['resource-apps'])]
  return listLive(world).filter(
    (it) => isAssigned(it) || apps.has(it.app) || resourceApps.has(it.resourceApp),
  )
}

function listLive({ connections }: Ends): readonly ConnectionDefinition[] {
  return definitionsOf(connections).filter(hasLiveAccess)
}

function findEnds(world: Ends, id: string) {
  const connection = world.connections.get(id)?.definition
  const app = connection && world.apps.get(connection.app)?.definition
  const resourceApp = connection && world['resource-apps'].get(connection.resourceApp)?.definition
  return connection && app && resourceApp && { connection, app, resourceApp }
}

function isCoveredIn(world: Ends, user: EvaluatedUser, connection: string, isGranted: boolean): boolean {
  const ends = findEnds(world, connection)
  return ends !== undefined && isCovered(user, ends, isGranted)
}

function applyChange(world: World, { collection, after }: ObservedChange): World {
  if (after === undefined) return world
  return { ...world, ...(withDefinition(world, { collection, definition: after } as Candidate) as World) }
}

/** A user is in a group if either of them says so. */
async function listGroupsAfter(
  { id, groups }: EvaluatedUser,
  changes: readonly ObservedChange[],
  { users, memberships }: Compiled,
): Promise<readonly string[]> {
  const ofGroups = changes.filter(({ collection }) => collection === 'groups')
  const ofUser = changes.find(({ collection, before }) => collection === 'users' && before?.id === id)
  if (ofUser === undefined && ofGroups.length === 0) return groups
  const now = (ofUser?.after ?? (await users.items.find([id])).get(id)?.definition) as UserRecord | undefined
  const listing = new Set(memberships.get(id))
  for (const { before, after } of ofGroups as readonly ObservedChange<'groups'>[]) {
    if (before !== undefined) listing.delete(before.id)
    if (after?.members.includes(id) === true) listing.add(after.id)
  }
  return [...(now?.groups ?? []), ...listing]
}

/** Whether it is a connection that an app may no longer act over for another */
export function losesActors(before: Acted, after: Acted): boolean {
  return subtract(before.actors ?? [], after.actors ?? []).length > 0
}

interface Acted {
  readonly actors?: ConnectionDefinition['actors']
}

/** In linear time: a list of users can have tens of thousands. */
export function subtract(before: readonly string[], after: readonly string[]): readonly string[] {
  const kept = new Set(after)
  return before.filter((one) => !kept.has(one))
}
