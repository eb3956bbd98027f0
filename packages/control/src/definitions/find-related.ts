// What a change of one object can clash with or break, of everything in force: all else is as right as it was before, so
// that one new user is not compared with a hundred thousand others.
import type { Collection } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'

import type { CompiledWorld } from './compile-world.ts'
import { findByName } from './user-index.ts'
import type { DefinitionOf, Item, Items } from './records.ts'

/** A change not yet made: the object as it would be. */
export interface Candidate<C extends Collection = Collection> {
  readonly collection: C
  readonly definition: DefinitionOf<C>
}

/** @returns objects of all collections that the checks of a change need */
export function findRelated(compiled: Pick<CompiledWorld, 'world' | 'names'>, candidate: Candidate): Items {
  const { world } = compiled
  const { collection, definition } = candidate
  if (collection === 'users') {
    const { username, email = username } = definition as DefinitionOf<'users'>
    const ids = [username, email].flatMap((name) => findByName(compiled, name))
    return { ...NOTHING, users: pickItems(world.users, ids.toSorted()) }
  }
  if (collection === 'groups')
    return { ...NOTHING, users: pickNamed(world.users, (definition as DefinitionOf<'groups'>).members) }
  const connections = new Map(
    [...world.connections].filter(([, item]) => isJoined(item.definition, candidate)),
  )
  const rest = { ...world, groups: NOTHING.groups, connections }
  return { ...rest, users: pickNamed(world.users, listNamed(rest, candidate)) }
}

/** Among more users than these, what a misspelled one was meant to be is not looked for. */
const MAX_SUGGESTED = 1_000

function pickNamed(users: Items['users'], ids: readonly string[]): Items['users'] {
  const isMisspelled = users.size <= MAX_SUGGESTED && !ids.every((id) => users.has(id))
  return isMisspelled ? users : pickItems(users, ids)
}

/** @returns those of the items that are there */
export function pickItems<T>(items: ReadonlyMap<string, T>, ids: Iterable<string>): ReadonlyMap<string, T> {
  const picked = new Map<string, T>()
  for (const id of ids) {
    const item = items.get(id)
    if (item !== undefined) picked.set(id, item)
  }
  return picked
}

const NOTHING: Items = {
  users: new Map(),
  groups: new Map(),
  apps: new Map(),
  'resource-apps': new Map(),
  connections: new Map(),
  policies: new Map(),
  'policy-suites': new Map(),
  'authorization-servers': new Map(),
}

/** Whether a connection has to do with the object that would change. */
function isJoined(
  { app, resourceApp, actors = [] }: ConnectionDefinition,
  { collection, definition }: Candidate,
) {
  switch (collection) {
    case 'apps':
      return app === definition.id || actors.includes(definition.id)
    case 'resource-apps':
      return resourceApp === definition.id
    case 'connections': {
      const connection = definition as ConnectionDefinition
      return app === connection.app && resourceApp === connection.resourceApp
    }
    default:
      return false
  }
}

/** @returns ids of users that assignments and owners name */
function listNamed(
  { apps, 'resource-apps': resourceApps, connections }: Omit<Items, 'users'>,
  { definition }: Candidate,
): readonly string[] {
  const kept = [...apps.values(), ...resourceApps.values(), ...connections.values()]
  const definitions: readonly Named[] = [
    ...kept.map((item: Item<Named>) => item.definition),
    definition as Named,
  ]
  return definitions.flatMap(({ assignments, owners = [] }) => [...(assignments?.users ?? []), ...owners])
}

interface Named {
  readonly assignments?: { readonly users: readonly string[] }
  readonly owners?: readonly string[]
}
