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

/** @param change - of an object that remains, or of a removed group: the end of others is signalled as such */
export async function signalsOfLostAssignment(
  change: ObservedChange,
  compiled: Compiled,
): Promise<readonly Signal[]> {
  const { world, users, exchange } = compiled
  const loss = findLoss(change, world)
  if (loss === undefined || loss.connections.length === 0) return []
  const { connections, users: ids } = loss
  if (ids === undefined || ids.length * connections.length > MAX_PAIRS)
    return [{ kind: 'connection-revoked', connections }]
  const next = applyChange(change, world)
  const signals: Signal[] = []
  for (const user of (await users.findMany(ids)).values()) {
    const after = { ...user, groups: await listGroupsAfter(user, change, compiled) }
    const isGranted = (connection: string) =>
      exchange !== undefined &&
      hasGrant(exchange.accessGrants, { connection, user: user.id }, change.at / 1000)
    const lost = connections.filter(
      ({ id }) => isCoveredIn(world, user, id, isGranted(id)) && !isCoveredIn(next, after, id, isGranted(id)),
    )
    if (lost.length > 0)
      signals.push({ kind: 'session-revoked', user, initiator: 'admin', connections: lost })
  }
  return signals
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

function applyChange({ collection, after }: ObservedChange, world: World): Ends {
  if (after === undefined) return world
  return { ...world, ...withDefinition(world, { collection, definition: after } as Candidate) }
}

/** A user is in a group if either of them says so. */
async function listGroupsAfter(
  { id, groups }: EvaluatedUser,
  { collection, before, after }: ObservedChange,
  { users, memberships }: Compiled,
): Promise<readonly string[]> {
  const listing = memberships.get(id) ?? []
  if (collection === 'users') return [...(after as UserRecord).groups, ...listing]
  if (collection !== 'groups') return groups
  const own = (await users.items.find([id])).get(id)?.definition.groups ?? []
  return [...own, ...listing.filter((group) => group !== before?.id)]
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
