// Finds the current objects that a change can clash with or break. All others stay as valid as before, so that a new
// user is not compared with a hundred thousand others.
import { type Collection, COLLECTION_NAMES } from '@crosswalk/admin-api'
import { listApprovers } from '@crosswalk/policy'
import type { ApprovalRule, ConnectionDefinition } from '@crosswalk/protocol'

import type { CompiledWorld } from './compile-world.ts'
import type { DefinitionOf, Item, Items, UserRecord } from './records.ts'
import { readItems, type UserItem, type UserItems } from './users/user-items.ts'
import { nameKeys } from './users/user-keys.ts'

/** A draft change: the object as it would become. */
export interface Candidate<C extends Collection = Collection> {
  readonly collection: C
  readonly definition: DefinitionOf<C>
}

/** @returns objects of all collections that the checks of the change need */
export async function findRelated(
  { world, users: { items } }: Pick<CompiledWorld, 'world' | 'users'>,
  candidate: Candidate,
): Promise<Items> {
  const { collection, definition } = candidate
  if (collection === 'users') {
    const { username, email = username } = definition as DefinitionOf<'users'>
    return { ...NOTHING, users: await findUsersByNames(items, [username, email]) }
  }
  if (collection === 'groups')
    return { ...NOTHING, users: await findMembers(items, (definition as DefinitionOf<'groups'>).members) }
  const connections = new Map(
    [...world.connections].filter(([, item]) => isJoined(item.definition, candidate)),
  )
  const rest = { ...world, groups: NOTHING.groups, connections }
  return { ...rest, users: await pickNamed(items, listNamed(rest, candidate)) }
}

/** @returns users whose user name or e-mail address looks like one of the names; ordered by id */
export async function findUsersByNames(users: UserItems, names: readonly string[]): Promise<Items['users']> {
  const found = await Promise.all(names.flatMap(nameKeys).map((key) => users.findIds(key)))
  return pickUsers(users, found.flat())
}

async function pickUsers(users: UserItems, ids: readonly string[]): Promise<Items['users']> {
  return new Map([...(await users.find([...new Set(ids)]))].sort(([id], [other]) => (id < other ? -1 : 1)))
}

/** @returns what checks need of users that do not change: which of those that other objects refer to exist */
export async function findReferred(
  users: UserItems,
  items: Omit<Items, 'users'>,
): Promise<Pick<Items, 'users'>> {
  const members = [...items.groups.values()].flatMap(({ definition }) => definition.members)
  return { users: await findMembers(users, [...new Set([...listNamed(items), ...members])]) }
}

/**
 * Members of a group who stay were checked when they joined.
 *
 * @returns the draft with the new members only; unchanged unless it is a group
 */
export function omitKnownMembers({ groups }: Pick<Items, 'groups'>, candidate: Candidate): Candidate {
  const known = groups.get(candidate.definition.id)?.definition.members ?? []
  if (candidate.collection !== 'groups' || known.length === 0) return candidate
  const definition = candidate.definition as DefinitionOf<'groups'>
  const before = new Set(known)
  return {
    ...candidate,
    definition: { ...definition, members: definition.members.filter((id) => !before.has(id)) },
  }
}

/** With more users, misspelt ids get no suggestions. */
const MAX_SUGGESTED = 1_000

/** Only checks whether members exist: a group may contain most users. */
async function findMembers(users: UserItems, ids: readonly string[]): Promise<Items['users']> {
  const there = await users.filterIds(ids)
  if (there.length < new Set(ids).size) return pickNamed(users, ids)
  const refer = (id: string): readonly [string, UserItem] => [
    id,
    { definition: { id } as UserRecord, owner: 'database', revision: 0 },
  ]
  return new Map(there.map(refer))
}

async function pickNamed(users: UserItems, ids: readonly string[]): Promise<Items['users']> {
  const named = await pickUsers(users, ids)
  const isMisspelled = !ids.every((id) => named.has(id)) && (await users.count()) <= MAX_SUGGESTED
  return isMisspelled ? readItems(users) : named
}

const NOTHING = Object.fromEntries(COLLECTION_NAMES.map((name) => [name, new Map()])) as unknown as Items

/** Whether a connection involves the object of the change. */
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

/** @returns ids of users that assignments, owners and approval rules list */
function listNamed(
  { apps, 'resource-apps': resourceApps, connections, 'approval-rules': rules }: Omit<Items, 'users'>,
  ...drafts: readonly Candidate[]
): readonly string[] {
  const kept = [...apps.values(), ...resourceApps.values(), ...connections.values(), ...rules.values()]
  const definitions: readonly Named[] = [
    ...kept.map((item: Item<Named>) => item.definition),
    ...drafts.map(({ definition }) => definition as Named),
  ]
  return definitions.flatMap(({ assignments, owners = [], ask }) => [
    ...(assignments?.users ?? []),
    ...owners,
    ...listApprovers({ ask }),
  ])
}

interface Named {
  readonly assignments?: { readonly users: readonly string[] }
  readonly owners?: readonly string[]
  readonly ask?: ApprovalRule['ask']
}
