// The users as the IdP sees them, and what they are found by. A user is derived from their definition whenever asked for;
// the indexes hold ids alone. Where few users changed, the indexes before are changed by that difference, so that one new
// user costs no look at all the others.
import type { UserLookup, User } from '@crosswalk/idp'
import type { Assignments } from '@crosswalk/protocol'

import { DerivedUsers, groupsOf, type UserSources } from './derived-users.ts'
import type { Items } from './records.ts'
import { findDifferences, patchMap } from './shared-map.ts'

/** Most names have one user; an array of their own for each would take memory. */
type Ids = string | readonly string[]
type IdsByKey = ReadonlyMap<string, Ids>

export interface UserIndex {
  /** Every user, as the IdP sees them */
  readonly people: ReadonlyMap<string, User>
  /** Ids of the users of a group, however they got there */
  readonly members: ReadonlyMap<string, readonly string[]>
  readonly users: UserLookup
  /** Ids of users by user name and e-mail address, in lower case; see `findByName` */
  readonly names: IdsByKey
  /** Ids of the groups that list a user as a member */
  readonly listed: ReadonlyMap<string, readonly string[]>
  /** Ids of users by attribute and its value; attributes that someone was looked up by alone */
  readonly attributes: Map<string, IdsByKey>
}

/** From here on, indexing all users again takes no longer. */
const MANY = 1_000

/** @param before - of earlier sources, which are compared by identity */
export function indexUsers(
  sources: UserSources,
  before?: { readonly sources: UserSources; readonly index: UserIndex },
): UserIndex {
  if (before === undefined) return indexAll(sources)
  const changed = findChangedUsers(before.sources, sources)
  if (changed.size === 0) return before.index
  return changed.size > MANY ? indexAll(sources) : indexChanged(sources, before, changed)
}

/** @returns the ids of users who are different, new, or gone; maybe of some who are not */
export function findChangedUsers(before: UserSources, now: UserSources): ReadonlySet<string> {
  const membersOf = ({ groups }: UserSources, id: string) => groups.get(id)?.definition.members ?? []
  return new Set([
    ...findDifferences<object>(before.users, now.users),
    ...findDifferences(before.holds, now.holds).flatMap((key) => {
      const hold = before.holds.get(key) ?? now.holds.get(key)
      return hold?.kind === 'user' ? [hold.target] : []
    }),
    ...findDifferences<object>(before.groups, now.groups).flatMap((group) =>
      findMoved(membersOf(before, group), membersOf(now, group)),
    ),
  ])
}

/** @returns what one list has and the other lacks; most lists differ in one place, around which nothing is compared twice */
function findMoved(before: readonly string[], now: readonly string[]): readonly string[] {
  const shorter = Math.min(before.length, now.length)
  let start = 0
  while (start < shorter && before[start] === now[start]) start += 1
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === now.at(-1 - end)) end += 1
  const left = new Set(before.slice(start, before.length - end))
  const arrived = new Set(now.slice(start, now.length - end))
  return [...[...left].filter((id) => !arrived.has(id)), ...[...arrived].filter((id) => !left.has(id))]
}

/** @returns ids of the users who have a user name or an e-mail address, verified or not, in whatever case */
export function findByName({ names }: Pick<UserIndex, 'names'>, name: string): readonly string[] {
  return listIds(names.get(name.toLowerCase()))
}

/** @returns ids of all users whom assignments mean */
export function listAssigned(
  { people, members }: Pick<UserIndex, 'people' | 'members'>,
  { everyone, users, groups }: Assignments,
): ReadonlySet<string> {
  if (everyone) return new Set(people.keys())
  const named = users.filter((id) => people.has(id))
  return new Set([...named, ...groups.flatMap((group) => members.get(group) ?? [])])
}

/** @returns ids of the groups that list users as members, in the order of groups */
function listMemberships(
  groups: Items['groups'],
  only?: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const listed = new Map<string, string[]>()
  for (const { definition } of groups.values())
    for (const member of definition.members)
      if (only === undefined || only.has(member)) addTo(listed, member, definition.id)
  return listed
}

function indexAll(sources: UserSources): UserIndex {
  const listed = listMemberships(sources.groups)
  const names = new Map<string, Ids>()
  const members = new Map<string, string[]>()
  for (const { definition } of sources.users.values()) {
    for (const name of namesOf(definition)) names.set(name, withId(names.get(name), definition.id))
    for (const group of groupsOf(definition, listed)) addTo(members, group, definition.id)
  }
  const people = new DerivedUsers(sources, listed)
  return buildIndex({ people, names, members, listed, attributes: new Map() })
}

function indexChanged(
  sources: UserSources,
  { sources: { groups }, index: before }: { readonly sources: UserSources; readonly index: UserIndex },
  changed: ReadonlySet<string>,
): UserIndex {
  const listed = groups === sources.groups ? before.listed : listAgain(sources, before, changed)
  const people = new DerivedUsers(sources, listed)
  const left = [...changed].flatMap((id) => before.people.get(id) ?? [])
  const arrived = [...changed].flatMap((id) => people.get(id) ?? [])
  const change = <T extends Ids>(index: ReadonlyMap<string, T>, keysOf: KeysOf, keep: Keep<T>) =>
    patchMap(index, changeIds(index, { left, arrived, changed, keysOf, keep }))
  const attributes = [...before.attributes].map(
    ([name, index]) => [name, change(index, (user) => valueOf(user, name), keepFew)] as const,
  )
  return buildIndex({
    ...{ people, listed, attributes: new Map(attributes) },
    names: change(before.names, namesOf, keepFew),
    members: change(before.members, ({ groups }) => groups, keepAll),
  })
}

function listAgain(
  { groups }: UserSources,
  { listed }: UserIndex,
  changed: ReadonlySet<string>,
): UserIndex['listed'] {
  const memberships = listMemberships(groups, changed)
  return patchMap(
    listed,
    [...changed].map((id) => [id, memberships.get(id)]),
  )
}

type KeysOf = (user: User) => Iterable<string>
type Keep<T extends Ids> = (ids: readonly string[]) => T | undefined

/** @returns the keys of an index that some users left or came under, each with its ids now */
function* changeIds<T extends Ids>(
  index: ReadonlyMap<string, T>,
  {
    left,
    arrived,
    changed,
    keysOf,
    keep,
  }: {
    readonly left: readonly User[]
    readonly arrived: readonly User[]
    readonly changed: ReadonlySet<string>
    readonly keysOf: KeysOf
    readonly keep: Keep<T>
  },
): Iterable<readonly [string, T | undefined]> {
  const added = new Map<string, string[]>()
  for (const user of arrived) for (const key of keysOf(user)) addTo(added, key, user.id)
  for (const key of new Set([...left.flatMap((user) => [...keysOf(user)]), ...added.keys()])) {
    const stayed = listIds(index.get(key)).filter((id) => !changed.has(id))
    yield [key, keep([...stayed, ...(added.get(key) ?? [])])]
  }
}

const keepAll: Keep<readonly string[]> = (ids) => (ids.length === 0 ? undefined : ids)
const keepFew: Keep<Ids> = (ids) => (ids.length === 1 ? ids[0] : keepAll(ids))

function listIds(ids: Ids | undefined): readonly string[] {
  return ids === undefined ? [] : [ids].flat()
}

function withId(ids: Ids | undefined, id: string): Ids {
  return ids === undefined ? id : [...listIds(ids), id]
}

function addTo(index: Map<string, string[]>, key: string, id: string): void {
  const known = index.get(key)
  if (known === undefined) index.set(key, [id])
  else known.push(id)
}

function namesOf({ username, email }: Pick<User, 'username' | 'email'>): readonly string[] {
  const [name, address] = [username.toLowerCase(), email?.toLowerCase()]
  return address === undefined || address === name ? [name] : [name, address]
}

/** By a user name, or by an address that is verified. */
function isLogin({ username, email, emailVerified }: User, login: string): boolean {
  return username === login || (emailVerified && email === login)
}

/** @returns its value as a key; nothing of a user without it, and of a value that no claim can equal */
function valueOf({ attributes }: Pick<User, 'attributes'>, name: string): readonly string[] {
  const value: unknown = Object.hasOwn(attributes, name) ? attributes[name] : undefined
  return value === undefined ? [] : keysOfValue(value)
}

function keysOfValue(value: unknown): readonly string[] {
  return typeof value === 'object' ? [] : [JSON.stringify(value)]
}

function buildIndex(index: Omit<UserIndex, 'users'>): UserIndex {
  const { people, attributes } = index
  const readAll = (ids: readonly string[]) => ids.flatMap((id) => people.get(id) ?? [])
  function findAttribute(name: string): IdsByKey {
    const known = attributes.get(name)
    if (known !== undefined) return known
    const made = new Map<string, Ids>()
    for (const user of people.values())
      for (const key of valueOf(user, name)) made.set(key, withId(made.get(key), user.id))
    attributes.set(name, made)
    return made
  }
  return {
    ...index,
    users: {
      findById: async (id) => people.get(id),
      // Where several nodes made the same name at once, it is no one's until that is put right.
      async findByLogin(login) {
        const found = readAll(findByName(index, login)).filter((user) => isLogin(user, login))
        return found.length === 1 ? found[0] : undefined
      },
      async findByAttribute(name, value) {
        return keysOfValue(value).flatMap((key) => readAll(listIds(findAttribute(name).get(key))))
      },
    },
  }
}
