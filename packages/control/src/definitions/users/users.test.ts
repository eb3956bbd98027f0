// Users are found alike wherever they are: in memory, in the database, or partly in a draft.
import { openStorage } from '@crosswalk/storage'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { listMemberships } from '../memberships.ts'
import { holdId, type Hold, type Item, type Items, type UserRecord } from '../records.ts'
import { createStoredUsers } from './stored-users.ts'
import { itemsInMemory, layerItems, readItems, type UserItem, type UserItems } from './user-items.ts'
import { groupKey, keysOfUser } from './user-keys.ts'
import { createUsers, type Users } from './users.ts'

const IDS = ['1', 'b', 'c', 'd'] as const
const GROUPS = ['g', 'h', `long ${'€'.repeat(2_000)}`] as const
const AT = 1_700_000_000_000

const zUser = fc
  .record({
    id: fc.constantFrom(...IDS),
    groups: fc.subarray([...GROUPS]),
    username: fc.constantFrom('Ann', 'ann', 'bob', 'ann@x.example'),
    email: fc.option(fc.constantFrom('ann@x.example', 'Ann@x.example'), { nil: undefined }),
    emailVerified: fc.boolean(),
    active: fc.boolean(),
    cost: fc.option(fc.constantFrom('1', 1, true), { nil: undefined }),
  })
  .map(({ cost, email, ...user }): UserItem => {
    const attributes: Record<string, string | number | boolean> = cost === undefined ? {} : { cost }
    const definition = { ...user, attributes, hasPassword: false, ...(email === undefined ? {} : { email }) }
    return { definition, owner: 'database', revision: 0 }
  })
const zUsers = fc.uniqueArray(zUser, { selector: ({ definition }) => definition.id, maxLength: 4 })
const zGroups = fc.record({
  g: fc.option(fc.subarray([...IDS, 'gone'])),
  x: fc.option(fc.subarray([...IDS])),
})

function mapOf(users: readonly UserItem[]): ReadonlyMap<string, UserItem> {
  return new Map(users.map((item) => [item.definition.id, item]))
}

async function store(users: readonly UserItem[]) {
  const storage = await openStorage('sqlite::memory:')
  await storage.objects.changeAll(
    users.map(({ definition: body }) => ({
      ...{ collection: 'users', id: body.id, body, keys: keysOfUser(body) },
      ...{ by: 'adm', at: AT },
    })),
  )
  return storage
}

interface Around {
  readonly groups: Items['groups']
  readonly holds: ReadonlyMap<string, Hold>
}

async function listIds(found: AsyncIterable<UserItem>): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const { definition } of found) ids.push(definition.id)
  return ids
}

/** Groups that at least one user still names */
async function listUsed(groups: readonly string[], { items }: Users): Promise<readonly string[]> {
  const used: string[] = []
  for (const group of groups) if ((await items.findIds(groupKey(group))).length > 0) used.push(group)
  return used
}

const COMPARED = [
  ['user.attributes.cost', 'user.attributes.cost'],
  ['user.username', 'user.email'],
  ['user.email', 'user.username'],
  ['user.id', 'user.attributes.cost'],
] as const

/** The results of all queries on users */
async function ask(items: UserItems, { groups, holds }: Around) {
  const users = createUsers({ items, groups, memberships: listMemberships(groups), holds })
  const each = async <T, A>(asked: readonly A[], find: (one: A) => Promise<T>) =>
    Object.fromEntries(await Promise.all(asked.map(async (one) => [String(one), await find(one)] as const)))
  const idsOf = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id)
  const names = ['Ann', 'ann', 'ANN', 'bob', 'ann@x.example', 'Ann@x.example', 'none']
  return {
    all: [...(await users.readAllForExchange(COMPARED))],
    some: [...(await users.findForExchange([...IDS, 'gone'], COMPARED))].toSorted(([a], [b]) =>
      a < b ? -1 : 1,
    ),
    defined: [...(await readItems(items))].map(([id, { definition }]) => [id, definition]),
    behind: await listIds(items.each({ after: 'b' })),
    wanted: await listIds(items.each({ isWanted: ({ active }) => active === true })),
    count: await items.count(),
    byId: await each([...IDS, 'gone'], (id) => users.findById(id)),
    there: (await items.filterIds([...IDS, 'gone'])).toSorted(),
    byLogin: await each(names, async (name) => (await users.findByLogin(name))?.id),
    byName: await each(names, async (name) => idsOf(await users.findByName(name))),
    byAttribute: await each(['1', 1, true, 2], async (value) =>
      idsOf(await users.findByAttribute('cost', value as string)),
    ),
    members: await each(['g', 'h', 'x', 'none'], (group) => users.listMembers(group)),
    sizes: await each(['g', 'h', 'x', 'none'], (group) => users.countMembers(group)),
    groups: await listUsed(await users.listNamedGroups(), users),
    assigned: [
      ...(await users.listAssigned({ everyone: false, users: ['1', 'gone'], groups: ['g'] })),
    ].toSorted(),
    inactive: [...(await users.listInactive())].toSorted(),
    everyone: [...(await users.listAssigned({ everyone: true, users: [], groups: [] }))],
  }
}

/** The expected results, computed naively */
function expected(users: ReadonlyMap<string, UserItem>, { groups, holds }: Around) {
  const sorted = [...users.values()]
    .map(({ definition }) => definition)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const all = sorted.map(({ hasPassword: _, ...user }) => {
    const listing = [...groups.values()].filter(({ definition }) => definition.members.includes(user.id))
    const inside = new Set([...user.groups, ...listing.map(({ definition }) => definition.id)])
    const derived = { ...user, groups: [...inside] }
    return holds.has(holdId('user', user.id))
      ? { ...derived, active: false, disabled: !user.active }
      : derived
  })
  const idsWhere = (is: (user: (typeof all)[number]) => boolean) => all.filter(is).map(({ id }) => id)
  const isNamed = (user: (typeof all)[number], name: string) =>
    [user.username, user.email].some((one) => one?.toLowerCase() === name.toLowerCase())
  const namesOf = (user: (typeof all)[number]) =>
    [user.username, user.emailVerified ? user.email : undefined].filter((one) => one !== undefined)
  const logins = (name: string) => {
    const exact = idsWhere((user) => namesOf(user).includes(name))
    const wanted = name.toLowerCase()
    return exact.length > 0
      ? exact
      : idsWhere((user) => namesOf(user).some((one) => one.toLowerCase() === wanted))
  }
  const names = ['Ann', 'ann', 'ANN', 'bob', 'ann@x.example', 'Ann@x.example', 'none']
  const table = <T, A>(asked: readonly A[], find: (one: A) => T) =>
    Object.fromEntries(asked.map((one) => [String(one), find(one)]))
  const valueOf = (source: string, user: (typeof all)[number]) => {
    if (source === 'user.id') return user.id
    if (source === 'user.username') return user.username.toLowerCase()
    if (source === 'user.email') return user.emailVerified ? user.email?.toLowerCase() : undefined
    return user.attributes.cost === true ? undefined : user.attributes.cost?.toString()
  }
  const identified = all.map((user) => {
    const namesakes = COMPARED.flatMap(([own, theirs]) => {
      const value = valueOf(own, user)
      const found = idsWhere((other) => value !== undefined && valueOf(theirs, other) === value).slice(0, 3)
      const others = found.filter((id) => id !== user.id)
      return others.length === 0 ? [] : [{ own, theirs, users: others }]
    })
    return [user.id, { ...user, namesakes }]
  })
  const membersOf = (group: string) => idsWhere((user) => user.groups.includes(group))
  return {
    all: identified,
    some: identified,
    defined: sorted.map((user) => [user.id, user]),
    behind: idsWhere(({ id }) => id > 'b'),
    wanted: sorted.filter(({ active }) => active).map(({ id }) => id),
    count: all.length,
    byId: table([...IDS, 'gone'], (id) => all.find((user) => user.id === id)),
    there: idsWhere(() => true),
    byLogin: table(names, (name) => (logins(name).length === 1 ? logins(name)[0] : undefined)),
    byName: table(names, (name) => idsWhere((user) => isNamed(user, name))),
    byAttribute: table<string[], unknown>(['1', 1, true, 2], (value) =>
      idsWhere(({ attributes }) => attributes.cost === value),
    ),
    members: table(['g', 'h', 'x', 'none'], membersOf),
    sizes: table(['g', 'h', 'x', 'none'], (group) => membersOf(group).length),
    groups: GROUPS.filter((group) => sorted.some((user) => user.groups.includes(group))),
    assigned: [...new Set([...idsWhere(({ id }) => id === '1'), ...membersOf('g')])].toSorted(),
    inactive: idsWhere(({ active }) => !active),
    everyone: idsWhere(() => true),
  }
}

function buildAround(
  listing: Readonly<Record<string, readonly string[] | null>>,
  held: readonly string[],
): Around {
  const groups = Object.entries(listing).flatMap(
    ([id, members]): [
      string,
      Item<Items['groups'] extends ReadonlyMap<string, Item<infer G>> ? G : never>,
    ][] =>
      members === null
        ? []
        : [[id, { definition: { id, members: [...members] }, owner: 'database', revision: 1 }]],
  )
  const by = { by: 'x', since: '2026-01-01T00:00:00Z' }
  const holds = held.map((target): [string, Hold] => [
    holdId('user', target),
    { kind: 'user', target, state: 'suspended', ...by },
  ])
  return { groups: new Map(groups), holds: new Map(holds) }
}

describe('users', () => {
  it('are found alike in memory, in the database, and partly in a draft', async () => {
    const zHeld = fc.subarray([...IDS])
    const property = fc.asyncProperty(
      fc.record({
        users: zUsers,
        changed: zUsers,
        removed: fc.subarray([...IDS]),
        listing: zGroups,
        held: zHeld,
      }),
      async ({ users, changed, removed, listing, held }) => {
        const around = buildAround(listing, held)
        const [before, front] = [mapOf(users), mapOf(changed)]
        const gone = new Set(removed.filter((id) => !front.has(id)))
        const now = new Map([...before, ...front])
        for (const id of gone) now.delete(id)
        const storage = await store(users)
        const stored = createStoredUsers(storage.objects)
        expect(await ask(itemsInMemory(before), around)).toEqual(expected(before, around))
        expect(await ask(stored, around)).toEqual(expected(before, around))
        expect(await ask(layerItems(front, stored, gone), around)).toEqual(expected(now, around))
        await storage.close()
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })
})

describe('signing in by name', () => {
  const user = (id: string, definition: Partial<UserRecord>) => {
    const base = { id, username: id, emailVerified: false, active: true, groups: [], attributes: {} }
    return { definition: { ...base, hasPassword: false, ...definition }, owner: 'file', revision: 0 } as const
  }
  const find = async (login: string, ...users: readonly UserItem[]) => {
    const around = { groups: new Map(), memberships: new Map(), holds: new Map() }
    return (await createUsers({ items: itemsInMemory(mapOf(users)), ...around }).findByLogin(login))?.id
  }

  it('accepts a user name or a verified address in any case', async () => {
    expect(await find('Bob', user('a', { username: 'Bob' }))).toBe('a')
    expect(await find('bOB', user('a', { username: 'Bob' }))).toBe('a')
    expect(await find('bobby', user('a', { username: 'Bob' }))).toBeUndefined()
    expect(await find('jos\u00e9', user('a', { username: 'Jose\u0301 ' }))).toBe('a')
    const email = 'bob@example.com'
    expect(await find(email, user('a', { email, emailVerified: true }))).toBe('a')
    expect(await find(email.toUpperCase(), user('a', { email, emailVerified: true }))).toBe('a')
    expect(await find(email, user('a', { email }))).toBeUndefined()
  })

  it('finds no user by a name that two users share', async () => {
    const [one, other] = [user('a', { username: 'bob' }), user('b', { username: 'bob' })]
    expect(await find('bob', one)).toBe('a')
    expect(await find('bob', one, other)).toBeUndefined()
    expect(await find('BOB', one, user('b', { username: 'Bob' }))).toBeUndefined()
  })
})

it.each([
  [100, 100],
  [101, 0],
])('%i users share an attribute: %i are read', async (count, read) => {
  const users = Array.from({ length: count }, (_, index): UserItem => {
    const definition = {
      id: `u${index}`,
      username: `u${index}`,
      emailVerified: false,
      active: true,
      hasPassword: false,
    }
    return {
      definition: { ...definition, groups: [], attributes: { cost: '1' } },
      owner: 'file',
      revision: 0,
    }
  })
  const around = { groups: new Map(), memberships: new Map(), holds: new Map() }
  const found = await createUsers({ items: itemsInMemory(mapOf(users)), ...around }).findByAttribute(
    'cost',
    '1',
  )
  expect(found).toHaveLength(read)
})
