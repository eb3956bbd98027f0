// Which changes of a connection, or of its resource app, end the access over it.
import { type ConnectionDefinition, zConnection, zResourceApp } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { endsConnection, signalsOfChange, signalsOfSessionEnd, signalsOfStop } from './signals-of-change.ts'

const NOW_MS = Date.parse('2026-11-28T12:00:00Z')
const BEFORE = zConnection.parse({
  ...{ id: 'agent0-todo0', app: 'agent0', resourceApp: 'todo0', clientId: 'agent0-there', status: 'active' },
  ...{ assignments: { everyone: true }, expiresAt: '2026-12-28T12:00:00Z' },
})

async function kindsOf(
  after: Partial<ConnectionDefinition> | undefined,
  before: Partial<ConnectionDefinition> = {},
) {
  const change = {
    collection: 'connections',
    before: { ...BEFORE, ...before },
    after: after && { ...BEFORE, ...after },
    at: NOW_MS,
  } as const
  const signals = await signalsOfChange(change, {} as never)
  // Events name the connection as it was: by its previous client, for example.
  for (const signal of signals) expect(signal).toHaveProperty('connections', [change.before])
  return signals.map(({ kind }) => kind)
}

const OVER = { expiresAt: '2026-11-28T11:00:00Z' }

it.each<readonly [string, Partial<ConnectionDefinition> | undefined, Partial<ConnectionDefinition>]>([
  ['deleted', undefined, {}],
  ['deleted after its end', undefined, OVER],
  ['deleted in its suspension', undefined, { status: 'suspended' }],
  ['a draft after its suspension', { status: 'draft' }, { status: 'suspended' }],
  ['suspended for another client', { status: 'suspended', clientId: 'other' }, {}],
  ['for another client', { clientId: 'other' }, {}],
  ['of another app', { app: 'other' }, {}],
  ['for another resource app', { resourceApp: 'other' }, {}],
  ['a draft again', { status: 'draft' }, {}],
  ['expired by now', { expiresAt: '2026-11-28T12:00:00Z' }, {}],
])('a connection that is %s ends the access', async (_, after, before) => {
  expect(await kindsOf(after, before)).toEqual(['connection-revoked'])
})

it.each<readonly [string, Partial<ConnectionDefinition> | undefined, Partial<ConnectionDefinition>]>([
  ['unchanged', {}, {}],
  ['for other scopes', { scopes: ['todos.read'] }, {}],
  ['active again', {}, { status: 'suspended' }],
  ['suspended as before', { status: 'suspended' }, { status: 'suspended' }],
  ['deleted as a draft', undefined, { status: 'draft' }],
  ['expiring in a second', { expiresAt: '2026-11-28T12:00:01Z' }, {}],
  ['expired before', { expiresAt: '2026-11-28T10:00:00Z' }, OVER],
])('a connection that is %s ends no access', async (_, after, before) => {
  expect(await kindsOf(after, before)).toEqual([])
})

it('a connection that is suspended does not end, though its access does', async () => {
  expect(await kindsOf({ status: 'suspended' })).toEqual(['connection-suspended'])
  const change = { collection: 'connections', before: BEFORE, at: NOW_MS } as const
  expect(endsConnection({ ...change, after: { ...BEFORE, status: 'suspended' } })).toBe(false)
  expect(endsConnection({ ...change, after: { ...BEFORE, status: 'draft' } })).toBe(true)
})

it.each<readonly [string, object | undefined, boolean]>([
  ['deactivated', { active: false }, true],
  ['removed', undefined, true],
  ['renamed', { name: 'Agent' }, false],
])('an app that is %s', async (_, after, ends) => {
  const before = { id: 'agent0', active: true }
  const all = [
    BEFORE,
    { ...BEFORE, id: 'by-actor', app: 'other', actors: ['agent0'] },
    { ...BEFORE, id: 'of-another', app: 'other' },
  ]
  const world = { connections: new Map(all.map((definition) => [definition.id, { definition }])) }
  const seen = { collection: 'apps', before, after: after && { ...before, ...after }, at: NOW_MS }
  const signals = await signalsOfChange(seen as never, { world } as never)
  const connections = [{ id: 'agent0-todo0' }, { id: 'by-actor' }]
  expect(signals).toMatchObject(ends ? [{ kind: 'connection-revoked', connections }] : [])
})

it.each<readonly [string, object, readonly string[]]>([
  ['by another name', { subject: 'user.email' }, ['connection-revoked']],
  ['at another server', { issuer: 'https://other.test' }, ['connection-revoked']],
  ['as before', { name: 'Todos' }, []],
])('a resource app that identifies users %s', async (_, change, kinds) => {
  const before = zResourceApp.parse({ id: 'todo0', name: 'Todo0', issuer: 'https://as.test' })
  const connections = new Map(
    [BEFORE, { ...BEFORE, id: 'x', resourceApp: 'other' }].map((it) => [it.id, { definition: it }]),
  )
  const seen = { collection: 'resource-apps', before, after: { ...before, ...change }, at: NOW_MS } as const
  const signals = await signalsOfChange(seen, { world: { connections } } as never)
  expect(signals.map(({ kind }) => kind)).toEqual(kinds)
  for (const signal of signals) expect(signal).toMatchObject({ connections: [{ id: 'agent0-todo0' }] })
})

const ALICE = { id: 'usr_alice', active: true, hasPassword: true }
const COMPILED = {
  world: { connections: new Map([[BEFORE.id, { definition: { ...BEFORE, actors: ['planner'] } }]]) },
  users: { findById: async (id: string) => (id === ALICE.id ? ALICE : undefined) },
} as never

it.each<readonly [string, object, readonly string[]]>([
  ['an app for everyone', {}, ['connection-revoked']],
  ['an app for one user', { onlyFor: 'usr_alice' }, ['session-revoked']],
  ['an app for a user who was removed', { onlyFor: 'usr_bob' }, []],
  ['an app that another app brings as its actor', { target: 'planner' }, ['connection-revoked']],
  [
    'a connection for one user',
    { kind: 'connection', target: 'agent0-todo0', onlyFor: 'usr_alice' },
    ['session-revoked'],
  ],
])('a block of %s', async (_, change, kinds) => {
  const block = { kind: 'app', target: 'agent0', ...change } as const
  const signals = await signalsOfStop(block, COMPILED)
  expect(signals.map(({ kind }) => kind)).toEqual(kinds)
  for (const signal of signals) expect(signal).toMatchObject({ connections: [{ id: 'agent0-todo0' }] })
  if (kinds.includes('session-revoked')) expect(signals).toMatchObject([{ user: ALICE, initiator: 'user' }])
})

it.each([
  ['only pauses the access if its tokens stay', {}, 'connection-suspended'],
  ['ends the access if its tokens are revoked too', { revokeTokens: true }, 'connection-revoked'],
] as const)('a suspension of a connection %s', async (_, more, kind) => {
  const hold = { kind: 'connection', target: 'agent0-todo0', state: 'suspended', ...more } as const
  expect(await signalsOfStop(hold, COMPILED)).toMatchObject([{ kind, connections: [{ id: 'agent0-todo0' }] }])
})

it.each<readonly [string, object, readonly string[] | undefined]>([
  ['altogether', {}, undefined],
  ['for one app', { clientId: 'agent0' }, ['agent0-todo0']],
  ['for an app without connections', { clientId: 'other' }, []],
])('a session that ends %s', async (_, change, connections) => {
  const ended = { userId: 'usr_alice', initiator: 'system', ...change } as const
  const [signal, ...more] = await signalsOfSessionEnd(ended, COMPILED)
  expect(more).toEqual([])
  expect(signal).toMatchObject({ kind: 'session-revoked', user: ALICE, initiator: 'system' })
  expect(signal).toHaveProperty(
    'connections',
    connections?.map((id) => expect.objectContaining({ id })),
  )
})
it.each<readonly [string, object | undefined, object, readonly string[]]>([
  ['renamed', {}, {}, ['renamed']],
  ['deactivated', { active: false }, {}, ['session-revoked']],
  ['removed', undefined, {}, ['session-revoked']],
  ['given another password', {}, { password: 'new' }, ['session-revoked', 'credential-change']],
  ['without a password from now on', {}, { password: null }, ['session-revoked', 'credential-change']],
])('a user who is %s', async (_, after, change, kinds) => {
  const seen = {
    ...{ collection: 'users', before: ALICE, after: after && { ...ALICE, ...after }, at: NOW_MS },
    ...change,
  }
  const users = { findById: async () => ALICE }
  const signals = await signalsOfChange(seen as never, { users } as never)
  expect(signals.map(({ kind }) => kind)).toEqual(kinds)
})

it.each([
  [true, 'new', 'update'],
  [true, null, 'delete'],
  [false, 'new', 'create'],
])('a user with a password: %s, who then has %j, has it %sd', async (hasPassword, password, change) => {
  const user = { ...ALICE, hasPassword }
  const seen = { collection: 'users', before: user, after: user, at: NOW_MS, password }
  const users = { findById: async () => user }
  const signals = await signalsOfChange(seen as never, { users } as never)
  // A first password ends no session.
  expect(signals.some(({ kind }) => kind === 'session-revoked')).toBe(hasPassword)
  expect(signals.at(-1)).toMatchObject({ kind: 'credential-change', credential: 'password', change })
})
