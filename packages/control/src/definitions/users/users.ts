// The users of one world, as the IdP sees them: with all their groups from both sides, and inactive while suspended.
import type { User, UserLookup } from '@crosswalk/idp'
import { chooseByLogin } from '@crosswalk/idp/definitions'
import {
  type ComparedSources,
  type ExchangeUser,
  identifyAll,
  foldValue,
  identifyUser,
  MAX_NAMESAKES,
  readIdentifier,
} from '@crosswalk/policy'
import { type Assignments, evictOldest, foldName, isTypedName } from '@crosswalk/protocol'

import type { Memberships } from '../memberships.ts'
import { type Hold, holdId, type Items, type UserRecord } from '../records.ts'
import type { UserItems } from './user-items.ts'
import { attributeKey, GROUP_PREFIX, groupKey, groupOfKey, INACTIVE_KEY, nameKey } from './user-keys.ts'

export interface Users extends UserLookup {
  /** As defined */
  readonly items: UserItems
  /** @returns the existing users by id */
  findMany(ids: Iterable<string>): Promise<ReadonlyMap<string, User>>
  /** The same, as exchanges are evaluated for them. @param compared - of the snapshot */
  findForExchange(
    ids: Iterable<string>,
    compared: readonly ComparedSources[],
  ): Promise<ReadonlyMap<string, ExchangeUser>>
  /** The same for one user */
  findOneForExchange(id: string, compared: readonly ComparedSources[]): Promise<ExchangeUser | undefined>
  /** By user name or e-mail address, verified or not, in any spelling that `isTypedName` accepts */
  findByName(name: string): Promise<readonly User[]>
  /** @returns ids of the members of a group, from both sides, sorted */
  listMembers(group: string): Promise<readonly string[]>
  countMembers(group: string): Promise<number>
  /** @returns ids of the groups that users list, sorted; may include groups that no user lists now */
  listNamedGroups(): Promise<readonly string[]>
  /** @returns ids of all users that the assignments include */
  listAssigned(assignments: Assignments): Promise<ReadonlySet<string>>
  /** @returns ids of inactive users, by definition or suspension */
  listInactive(): Promise<ReadonlySet<string>>
  /** All users by id, in the order of ids; for short-lived use, because it holds every user in memory */
  readAllForExchange(compared: readonly ComparedSources[]): Promise<ReadonlyMap<string, ExchangeUser>>
}

/** Looked up again after every change of definitions */
const MAX_KNOWN_VALUES = 5_000

/** With more matches the value identifies no user, and none is read: a token with a department costs no more. */
const MAX_ALIKE = 100

export interface UserSources {
  readonly items: UserItems
  readonly groups: Items['groups']
  readonly memberships: Memberships
  /** By `holdId` */
  readonly holds: ReadonlyMap<string, Hold>
}

export function createUsers({ items, groups, memberships, holds }: UserSources): Users {
  function derive({ hasPassword: _, passwordSetAt: __, ...user }: UserRecord): User {
    const isSuspended = holds.has(holdId('user', user.id))
    return {
      ...user,
      groups: [...new Set([...user.groups, ...(memberships.get(user.id) ?? [])])],
      active: user.active && !isSuspended,
      ...(isSuspended ? { disabled: !user.active } : {}),
    }
  }

  async function findMany(ids: Iterable<string>): Promise<ReadonlyMap<string, User>> {
    const found = await items.find([...new Set(ids)])
    return new Map([...found].map(([id, { definition }]) => [id, derive(definition)]))
  }

  /** In the order of ids */
  async function findByKey(key: string): Promise<readonly User[]> {
    const ids = await items.findIds(key)
    const found = await findMany(ids)
    return ids.flatMap((id) => found.get(id) ?? [])
  }

  async function findByName(name: string): Promise<readonly User[]> {
    const isNamed = (one: string | undefined) => one !== undefined && isTypedName(one, name)
    const found = await findByKey(nameKey(foldName(name)))
    return found.filter(({ username, email }) => isNamed(username) || isNamed(email))
  }

  const knownValues = new Map<string, readonly string[]>()

  async function findByValue(source: string, text: string): Promise<readonly string[]> {
    const value = JSON.stringify([source, text])
    const found = knownValues.get(value) ?? (await lookUpValue(source, text))
    knownValues.set(value, found)
    evictOldest(knownValues, MAX_KNOWN_VALUES)
    return found
  }

  async function lookUpValue(source: string, text: string): Promise<readonly string[]> {
    if (source === 'user.id') return items.filterIds([text])
    if (source.startsWith(ATTRIBUTE)) {
      const keys = listValues(text).map((value) => attributeKey(source.slice(ATTRIBUTE.length), value))
      const found = await Promise.all(keys.map((key) => items.findIds(key, MAX_NAMESAKES)))
      return found.flat().sort().slice(0, MAX_NAMESAKES)
    }
    const hasIt = (user: User) =>
      foldValue(source, readIdentifier(source, user) ?? '') === foldValue(source, text)
    const found = (await findByKey(nameKey(text))).filter(hasIt)
    return found.slice(0, MAX_NAMESAKES).map(({ id }) => id)
  }

  async function findForExchange(ids: Iterable<string>, compared: readonly ComparedSources[]) {
    const found = new Map<string, ExchangeUser>()
    for (const [id, user] of await findMany(ids))
      found.set(id, await identifyUser(user, compared, findByValue))
    return found
  }

  async function findMembers(group: string): Promise<ReadonlySet<string>> {
    const naming = await items.findIds(groupKey(group))
    const listed = await items.filterIds(groups.get(group)?.definition.members ?? [])
    return new Set([...naming, ...listed])
  }

  async function countMembers(group: string): Promise<number> {
    const isListed = (groups.get(group)?.definition.members.length ?? 0) > 0
    return isListed ? (await findMembers(group)).size : items.countByKey(groupKey(group))
  }

  return {
    items,
    findMany,
    findByName,
    listMembers: async (group) => [...(await findMembers(group))].sort(),
    countMembers,
    findByValue,
    findForExchange,
    findOneForExchange: async (id, compared) => (await findForExchange([id], compared)).get(id),
    findById: async (id) => (await findMany([id])).get(id),
    findByLogin: async (login) => chooseByLogin(await findByName(login), login),
    async findByAttribute(name, value) {
      const key = attributeKey(name, value)
      if ((await items.countByKey(key)) > MAX_ALIKE) return []
      const hasIt = ({ attributes }: User) => Object.hasOwn(attributes, name) && attributes[name] === value
      return (await findByKey(key)).filter(hasIt)
    },
    async listNamedGroups() {
      const groups: string[] = []
      for (const key of await items.listKeys(GROUP_PREFIX)) {
        const group =
          groupOfKey(key) ?? (await findByKey(key))[0]?.groups.find((name) => groupKey(name) === key)
        if (group !== undefined) groups.push(group)
      }
      return groups.sort()
    },
    async listAssigned({ everyone, users, groups: names }) {
      const ids = new Set<string>()
      if (everyone) for await (const { definition } of items.each()) ids.add(definition.id)
      if (everyone) return ids
      for (const id of await items.filterIds(users)) ids.add(id)
      for (const name of names) for (const id of await findMembers(name)) ids.add(id)
      return ids
    },
    async listInactive() {
      const suspended = [...holds.values()].flatMap(({ kind, target }) => (kind === 'user' ? [target] : []))
      return new Set([...(await items.findIds(INACTIVE_KEY)), ...(await items.filterIds(suspended))])
    },
    async readAllForExchange(compared) {
      const all = new Map<string, User>()
      for await (const { definition } of items.each()) all.set(definition.id, derive(definition))
      return identifyAll(all, compared)
    },
  }
}

const ATTRIBUTE = 'user.attributes.'

/** @returns the attribute values that a token shows as this text */
function listValues(text: string): readonly (string | number)[] {
  return String(Number(text)) === text ? [text, Number(text)] : [text]
}
