// What servers elsewhere are told when users lose an assignment.
import { zConnection, zGroup, zResourceApp } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { listMemberships } from '../definitions/memberships.ts'
import { itemsInMemory } from '../definitions/users/user-items.ts'
import { createUsers } from '../definitions/users/users.ts'
import { signalsOfLostAssignment } from './signals-of-lost-assignment.ts'

const NOW_MS = Date.parse('2026-11-28T12:00:00Z')

const item = <T extends { readonly id: string }>(definition: T) =>
  [definition.id, { definition, owner: 'database', revision: 1 }] as const

const user = (id: string, groups: readonly string[] = []) =>
  ({
    id,
    username: id,
    emailVerified: false,
    groups,
    attributes: {},
    active: true,
    hasPassword: true,
  }) as const

const USERS = [user('ann', ['sales']), user('ben', ['sales', 'staff']), user('cem'), user('dan')]
const STAFF = zGroup.parse({ id: 'staff', members: ['ann', 'cem', 'dan'] })
const NIGHT = zGroup.parse({ id: 'night', members: ['dan'] })
const SALES_TEAM = zGroup.parse({ id: 'sales', members: [] })
const AGENT = { id: 'agent', assignments: { everyone: true, users: [], groups: [] } }
const TODO = zResourceApp.parse({
  ...{ id: 'todo', name: 'Todo', issuer: 'https://todo.test', assignments: { everyone: true } },
})
const connect = (id: string, change: object) =>
  zConnection.parse({ id, app: 'agent', resourceApp: 'todo', clientId: 'there', status: 'active', ...change })
const SALES = connect('of-sales', { assignments: { groups: ['sales'] } })
const BOTH = connect('of-both', { assignments: { groups: ['sales', 'staff'], users: ['cem'] } })
const DRAFT = connect('draft', { assignments: { groups: ['sales', 'staff'] }, status: 'draft' })
const SUSPENDED = connect('suspended', { assignments: { groups: ['night'] }, status: 'suspended' })

/** Dan has an access grant for what sales may use. */
const GRANTED = new Map([['of-sales\ndan', [{ id: 'acg-1', scopes: [] }]]])

interface Situation {
  readonly both?: object
  readonly app?: object
  readonly resourceApp?: object
  readonly accessGrants?: ReadonlyMap<string, readonly object[]>
}

const findSignals = (...changes: readonly object[]) => findSignalsIn({}, ...changes)

async function findSignalsIn(
  { both, app, resourceApp, accessGrants = GRANTED }: Situation,
  ...changes: readonly object[]
): Promise<readonly unknown[]> {
  const groups = new Map([item(STAFF), item(NIGHT)])
  const memberships = listMemberships(groups as never)
  const sources = {
    items: itemsInMemory(new Map(USERS.map(item)) as never),
    groups,
    memberships,
    holds: new Map(),
  }
  const world = {
    connections: new Map([SALES, { ...BOTH, ...both }, DRAFT, SUSPENDED].map(item)),
    apps: new Map([item({ ...AGENT, ...app })]),
    'resource-apps': new Map([item({ ...TODO, ...resourceApp })]),
    groups,
  }
  const compiled = {
    world,
    users: createUsers(sources as never),
    memberships,
    exchange: { accessGrants },
  }
  const signals = await signalsOfLostAssignment(
    changes.map((change) => ({ at: NOW_MS, ...change })) as never,
    compiled as never,
  )
  return signals.map((signal) => {
    const { kind, connections = [] } = signal as { kind: string; connections?: readonly { id: string }[] }
    const who = 'user' in signal ? signal.user.id : '*'
    return [kind, who, ...connections.map(({ id }) => id)]
  })
}

const changed = (collection: string, before: object, change: object | undefined) => ({
  collection,
  before,
  after: change && { ...before, ...change },
})
const assigned = (assignments: object) => ({
  assignments: { everyone: false, users: [], groups: [], ...assignments },
})
const [ANN, BEN] = USERS

it.each<readonly [string, object, readonly unknown[]]>([
  ['leaves a group', changed('users', ANN ?? {}, { groups: [] }), [['session-revoked', 'ann', 'of-sales']]],
  [
    'leaves all groups',
    changed('users', BEN ?? {}, { groups: [] }),
    [['session-revoked', 'ben', 'of-sales', 'of-both']],
  ],
  ['joins a group', changed('users', ANN ?? {}, { groups: ['sales', 'more'] }), []],
  ['is renamed', changed('users', ANN ?? {}, { username: 'anna' }), []],
  ['is created', { ...changed('users', ANN ?? {}, {}), before: undefined }, []],
  ['is removed, which is told as such', changed('users', ANN ?? {}, undefined), []],
  // Ann is in sales, too, and Cem is assigned by name.
  [
    'are no longer listed by a group',
    changed('groups', STAFF, { members: [] }),
    [['session-revoked', 'dan', 'of-both']],
  ],
  ['lose their group', changed('groups', STAFF, undefined), [['session-revoked', 'dan', 'of-both']]],
  ['join a group', changed('groups', STAFF, { members: [...STAFF.members, 'eve'] }), []],
  [
    'are no longer assigned by name',
    changed('connections', BOTH, assigned({ groups: ['sales'] })),
    [['connection-revoked', '*', 'of-both']],
  ],
  [
    'are no longer assigned by name, but stay by group',
    changed('connections', BOTH, assigned({ groups: ['sales', 'staff'] })),
    [],
  ],
  [
    'are assigned as well',
    changed('connections', BOTH, assigned({ ...BOTH.assignments, users: ['cem', 'dan'] })),
    [],
  ],
  [
    'are no longer assigned while the connection is suspended',
    changed('groups', NIGHT, { members: [] }),
    [['session-revoked', 'dan', 'suspended']],
  ],
  [
    'can no longer be represented by an actor',
    changed('connections', { ...BOTH, actors: ['planner', 'writer'] }, { actors: ['writer'] }),
    [['connection-revoked', '*', 'of-both']],
  ],
  [
    'can be represented by one more actor',
    changed('connections', { ...BOTH, actors: ['planner'] }, { actors: ['writer', 'planner'] }),
    [],
  ],
  ['are all assigned from now on', changed('connections', BOTH, assigned({ everyone: true })), []],
  [
    'lose an app that only a group keeps',
    changed('apps', AGENT, assigned({ groups: ['sales'] })),
    [['connection-revoked', '*', 'of-sales', 'of-both', 'suspended']],
  ],
  [
    'lose a resource app',
    changed('resource-apps', TODO, assigned({})),
    [['connection-revoked', '*', 'of-sales', 'of-both', 'suspended']],
  ],
  ['see a policy change', changed('policies', { id: 'p' }, {}), []],
])('users who %s', async (_, change, expected) => {
  expect(await findSignals(change)).toEqual(expected)
})

it('users who lose a resource app by name keep what an access grant allows', async () => {
  const named = { ...TODO, ...assigned({ users: ['ann', 'dan'] }) }
  const change = changed('resource-apps', named, assigned({}))
  // The grant of Dan replaces the assignment of the resource app, not that of the other connection.
  expect(await findSignals(change)).toEqual([
    ['session-revoked', 'ann', 'of-sales', 'of-both'],
    ['session-revoked', 'dan', 'of-both', 'suspended'],
  ])
})

const NOW = NOW_MS / 1000

it.each([
  ['of one of the connections', 'of-both\nben', undefined, ['of-sales']],
  ['that ends in the next second', 'of-both\nben', NOW + 1, ['of-sales']],
  ['that ends at this moment', 'of-both\nben', NOW, ['of-sales', 'of-both']],
  ['of another user', 'of-both\nann', undefined, ['of-sales', 'of-both']],
])('a user who leaves all groups keeps what an access grant allows: %s', async (_, key, endsAt, lost) => {
  const accessGrants = new Map([[key, [{ id: 'acg-2', scopes: [], endsAt }]]])
  const change = changed('users', BEN ?? {}, { groups: [] })
  expect(await findSignalsIn({ accessGrants }, change)).toEqual([['session-revoked', 'ben', ...lost]])
})

it.each([
  ['all users have the app and the resource app', {}, ['of-sales']],
  ['only the group has the app', { app: assigned({ groups: ['sales'] }) }, ['of-sales', 'of-both']],
  [
    'only the group has the resource app',
    { resourceApp: assigned({ groups: ['sales'] }) },
    ['of-sales', 'of-both'],
  ],
])('a user who leaves one of two assigned groups: %s', async (_, situation, lost) => {
  // This connection itself stays assigned.
  const both = assigned({ groups: ['staff'] })
  const change = changed('users', BEN ?? {}, { groups: ['staff'] })
  expect(await findSignalsIn({ both, ...situation }, change)).toEqual([['session-revoked', 'ben', ...lost]])
})

it.each([
  [100, []],
  [101, [['connection-revoked', '*', 'of-sales', 'of-both']]],
])(
  '%i users who are no longer listed by a group with two connections are told as %j',
  async (count, signals) => {
    // All are still in it, because they say so themselves.
    const members = Array.from({ length: count }, (_, index) => (index === 0 ? 'ann' : `usr-${index}`))
    expect(await findSignals(changed('groups', { ...SALES_TEAM, members }, { members: [] }))).toEqual(signals)
  },
)

it.each([
  [200, ['session-revoked', 'dan', 'of-both']],
  [201, ['connection-revoked', '*', 'of-both']],
])('%i users who leave a group are told as %j', async (count, signal) => {
  const members = Array.from({ length: count }, (_, index) => (index === 0 ? 'dan' : `usr-${index}`))
  expect(await findSignals(changed('groups', { ...STAFF, members }, { members: [] }))).toEqual([signal])
})

it.each<readonly [string, readonly object[], readonly unknown[]]>([
  [
    'leave two groups, each of which assigned them',
    [
      changed('users', BEN ?? {}, { groups: [] }),
      changed('groups', { ...STAFF, members: ['ben'] }, { members: [] }),
    ],
    [['session-revoked', 'ben', 'of-sales', 'of-both']],
  ],
  [
    'leave groups, each their own',
    [changed('users', ANN ?? {}, { groups: [] }), changed('users', BEN ?? {}, { groups: ['staff'] })],
    [
      ['session-revoked', 'ann', 'of-sales'],
      ['session-revoked', 'ben', 'of-sales'],
    ],
  ],
  [
    'leave a group that is created again with them',
    [
      changed('users', ANN ?? {}, { groups: [] }),
      { collection: 'groups', before: undefined, after: { ...SALES_TEAM, members: ['ann'] } },
    ],
    [],
  ],
  [
    'go from one group to another that is assigned as well',
    [
      changed('groups', STAFF, { members: ['ann', 'cem'] }),
      changed('groups', SALES_TEAM, { members: ['dan'] }),
    ],
    [],
  ],
  [
    'leave groups in the change that takes the connection from all',
    [
      changed('groups', STAFF, { members: [] }),
      changed('connections', BOTH, assigned({ groups: ['sales'] })),
    ],
    [['connection-revoked', '*', 'of-both']],
  ],
])('users who, in one transaction, %s', async (_, changes, expected) => {
  expect(await findSignals(...changes)).toEqual(expected)
})
