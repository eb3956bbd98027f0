// The users as the IdP sees them, indexed by what they are looked up by. Where few of them changed, the index before is
// changed by that difference, so that one new user costs no look at all the others.
import type { People, User } from '@crosswalk/idp'

import { holdId, type Items, type UserRecord, type World } from './records.ts'

/** What makes users what they are here. */
type Sources = Pick<World, 'users' | 'groups' | 'holds'>

export interface PeopleIndex {
  /** Every user, as the IdP sees them */
  readonly people: ReadonlyMap<string, User>
  /** Ids of the users of a group, however they got there */
  readonly members: ReadonlyMap<string, readonly string[]>
  readonly users: People
  /** By user name, and by verified e-mail address; no two users share one */
  readonly logins: ReadonlyMap<string, User>
}

/** From here on, indexing all users again takes no longer. */
const MANY = 1_000

/** @param before - of earlier sources, which are compared by identity */
export function indexPeople(
  sources: Sources,
  before?: { readonly sources: Sources; readonly index: PeopleIndex },
): PeopleIndex {
  if (before === undefined) return indexAll(sources)
  const changed = findChanged(before.sources, sources)
  if (changed.size === 0) return before.index
  return changed.size > MANY ? indexAll(sources) : indexChanged(sources, before.index, changed)
}

/** @returns users as they are defined, with every group they are in from either side */
function joinGroups(users: readonly UserRecord[], groups: Items['groups']): readonly User[] {
  const listed = new Map<string, string[]>(users.map(({ id }) => [id, []]))
  for (const { definition } of groups.values())
    for (const member of definition.members) listed.get(member)?.push(definition.id)
  return users.map(({ hasPassword: _, passwordSetAt: __, ...user }) => ({
    ...user,
    groups: [...new Set([...user.groups, ...(listed.get(user.id) ?? [])])],
  }))
}

/** Suspended users are inactive. */
function readPeople(users: readonly UserRecord[], { groups, holds }: Sources): readonly User[] {
  return joinGroups(users, groups).map((user) => ({
    ...user,
    active: user.active && !holds.has(holdId('user', user.id)),
  }))
}

function indexAll(sources: Sources): PeopleIndex {
  const people = new Map<string, User>()
  const members = new Map<string, string[]>()
  const logins = new Map<string, User>()
  const definitions = [...sources.users.values()].map(({ definition }) => definition)
  for (const user of readPeople(definitions, sources)) {
    people.set(user.id, user)
    for (const login of loginsOf(user)) logins.set(login, user)
    for (const group of user.groups) {
      const known = members.get(group)
      if (known === undefined) members.set(group, [user.id])
      else known.push(user.id)
    }
  }
  return { people, members, logins, users: buildUsers(people, logins) }
}

function indexChanged(sources: Sources, before: PeopleIndex, changed: ReadonlySet<string>): PeopleIndex {
  const people = new Map(before.people)
  const logins = new Map(before.logins)
  const members = new Map(before.members)
  const left = [...changed].flatMap((id) => people.get(id) ?? [])
  for (const login of left.flatMap(loginsOf)) logins.delete(login)
  for (const group of new Set(left.flatMap(({ groups }) => groups)))
    members.set(
      group,
      (members.get(group) ?? []).filter((id) => !changed.has(id)),
    )
  const definitions = [...changed].flatMap((id) => sources.users.get(id)?.definition ?? [])
  for (const id of changed) if (!sources.users.has(id)) people.delete(id)
  for (const user of readPeople(definitions, sources)) {
    people.set(user.id, user)
    for (const login of loginsOf(user)) logins.set(login, user)
    for (const group of user.groups) members.set(group, [...(members.get(group) ?? []), user.id])
  }
  for (const [group, ids] of members) if (ids.length === 0) members.delete(group)
  return { people, members, logins, users: buildUsers(people, logins) }
}

/** @returns the ids of users who are different, new, or gone */
function findChanged(before: Sources, now: Sources): ReadonlySet<string> {
  const suspended = ({ holds }: Sources) =>
    asKeys([...holds.values()].filter(({ kind }) => kind === 'user').map(({ target }) => target))
  const listed = ({ groups }: Sources, id: string) => asKeys(groups.get(id)?.definition.members ?? [])
  return new Set([
    ...findDifferences<object>(before.users, now.users),
    ...findDifferences(suspended(before), suspended(now)),
    ...findDifferences<object>(before.groups, now.groups).flatMap((group) =>
      findDifferences(listed(before, group), listed(now, group)),
    ),
  ])
}

function asKeys(ids: readonly string[]): ReadonlyMap<string, true> {
  return new Map(ids.map((id) => [id, true]))
}

/** @returns the keys that one of both lacks, or that have another value */
export function findDifferences<T>(
  before: ReadonlyMap<string, T>,
  now: ReadonlyMap<string, T>,
): readonly string[] {
  if (before === now) return []
  const changed: string[] = []
  for (const [key, value] of now) if (before.get(key) !== value) changed.push(key)
  for (const key of before.keys()) if (!now.has(key)) changed.push(key)
  return changed
}

function loginsOf({ username, email, emailVerified }: User): readonly string[] {
  return email !== undefined && emailVerified ? [email, username] : [username]
}

function buildUsers(people: ReadonlyMap<string, User>, logins: ReadonlyMap<string, User>): People {
  const byAttribute = new Map<string, ReadonlyMap<unknown, readonly User[]>>()
  return {
    findById: async (id) => people.get(id),
    findByLogin: async (login) => logins.get(login),
    async findByAttribute(name, value) {
      let index = byAttribute.get(name)
      if (index === undefined) {
        const having = [...people.values()].filter(({ attributes }) => Object.hasOwn(attributes, name))
        byAttribute.set(name, (index = Map.groupBy(having, ({ attributes }) => attributes[name])))
      }
      return index.get(value) ?? []
    },
  }
}
