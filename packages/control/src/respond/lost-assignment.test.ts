import type { Collection } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { endTokens, findAffected } from './lost-assignment.ts'

const find = (collection: Collection, before: object | undefined, after: object | undefined) =>
  findAffected({ collection, before, after } as unknown as Parameters<typeof findAffected>[0])

const user = (...groups: string[]) => ({ id: 'usr_eve', groups })
const group = (...members: string[]) => ({ id: 'night', members })
const assigned = (groups: readonly string[], more = {}) => ({
  ...{ id: 'one', assignments: { everyone: false, users: ['usr_bob'], groups }, resources: [] },
  ...more,
})
const everyone = { id: 'one', assignments: { everyone: true, users: [], groups: [] }, resources: [] }

it.each<[string, Collection, object, object | undefined, object]>([
  ['a user leaves a group', 'users', user('a', 'b'), user('b', 'c'), { kind: 'users', ids: ['usr_eve'] }],
  ['a group loses members', 'groups', group('a', 'b'), group('b'), { kind: 'users', ids: ['a'] }],
  ['a resource app is removed', 'resource-apps', everyone, undefined, { kind: 'everyone' }],
  ['a group is removed', 'groups', group('a'), undefined, { kind: 'users', ids: ['a'] }],
  [
    'a connection is for other groups',
    'connections',
    assigned(['a']),
    assigned(['b']),
    { kind: 'connection' },
  ],
  [
    'a connection is no longer for everyone',
    'connections',
    everyone,
    assigned(['a']),
    { kind: 'connection' },
  ],
  [
    'a connection is no longer for one user',
    'connections',
    assigned([]),
    { id: 'one', assignments: { everyone: false, users: [], groups: ['a'] } },
    { kind: 'connection' },
  ],
  [
    'a connection no longer allows an actor',
    'connections',
    assigned(['a'], { actors: ['helper', 'agent1'] }),
    assigned(['a'], { actors: ['helper'] }),
    { kind: 'connection' },
  ],
  ['an app is for other groups', 'apps', assigned(['a']), assigned(['b']), { kind: 'app', id: 'one' }],
  [
    'a resource app identifies users differently',
    'resource-apps',
    { ...everyone, subject: 'user.id' },
    { ...everyone, subject: 'user.email' },
    { kind: 'everyone' },
  ],
  [
    'a resource app has another server',
    'resource-apps',
    { ...everyone, issuer: 'https://a.test' },
    { ...everyone, issuer: 'https://b.test' },
    { kind: 'everyone' },
  ],
  [
    'a resource app is disabled',
    'resource-apps',
    { ...everyone, active: true },
    { ...everyone, active: false },
    { kind: 'everyone' },
  ],
  [
    'a resource app has lost a resource',
    'resource-apps',
    { ...everyone, resources: [{ id: 'https://a.test' }, { id: 'https://b.test' }] },
    { ...everyone, resources: [{ id: 'https://b.test' }] },
    { kind: 'everyone' },
  ],
  [
    'a resource app is for other groups',
    'resource-apps',
    assigned(['a']),
    assigned(['b']),
    { kind: 'everyone' },
  ],
])('%s', (_, collection, before, after, expected) => {
  expect(find(collection, before, after)).toMatchObject(expected)
})

it.each<[string, Collection, object | undefined, object | undefined]>([
  ['a user joins a group', 'users', user('a'), user('a', 'b')],
  ['a new user', 'users', undefined, user('a')],
  ['a group gets members', 'groups', group('a'), group('a', 'b')],
  ['a connection with another scope', 'connections', assigned(['a']), assigned(['a'], { scopes: [] })],
  [
    'a connection with another actor',
    'connections',
    assigned(['a'], { actors: ['helper'] }),
    assigned(['a'], { actors: ['agent1', 'helper'] }),
  ],
  ['a connection for more groups', 'connections', assigned(['a']), assigned(['b', 'a'])],
  ['an app for everyone', 'apps', assigned(['a']), everyone],
  [
    'a resource app with another resource',
    'resource-apps',
    { ...everyone, resources: [{ id: 'https://a.test' }] },
    { ...everyone, resources: [{ id: 'https://b.test' }, { id: 'https://a.test' }] },
  ],
  [
    'a resource app that is enabled',
    'resource-apps',
    { ...everyone, active: false },
    { ...everyone, active: true },
  ],
  ['a resource app for more groups', 'resource-apps', assigned([]), assigned(['a'])],
  ['a user who is removed, which revokes all their tokens', 'users', user('a'), undefined],
  ['a connection that is removed, which revokes all its tokens', 'connections', assigned(['a']), undefined],
  ['a policy', 'policies', { id: 'p' }, { id: 'p', state: 'enforced' }],
])('%s excludes no user', (_, collection, before, after) => {
  expect(find(collection, before, after)).toBeUndefined()
})

it.each<[string, Collection, (ids: readonly string[]) => object]>([
  ['users', 'connections', (users) => ({ id: 'one', assignments: { everyone: false, users, groups: [] } })],
  ['resources', 'resource-apps', (ids) => ({ ...everyone, resources: ids.map((id) => ({ id })) })],
])('compares %s in time that grows linearly with their number', (_, collection, build) => {
  const ids = Array.from({ length: 50_000 }, (__, at) => `id-${at}`)
  const cpu = process.cpuUsage()
  expect(find(collection, build(ids), build([...ids]))).toBeUndefined()
  expect(process.cpuUsage(cpu).user / 1000).toBeLessThan(1000)
})

it.each([
  ['the user is not assigned to the app', 'XAA1501'],
  ['the user is not assigned to the resource app', 'XAA1502'],
  ['the user is not assigned to the connection', 'XAA1503'],
  ['the user asked for the access, and has none', 'XAA1802'],
  ['the user was deactivated', 'XAA1504'],
  ['the user has another name there', 'renamed'],
  ['the app was removed', 'XAA1101'],
  ['the app was disabled', 'XAA1104'],
  ['the app has another client id there', 'other-client'],
  ['the actor was removed', 'XAA1010'],
  ['the connection no longer allows the actor', 'XAA1408'],
  ['the resource app was removed', 'XAA1301'],
  ['the resource app has lost the resource', 'XAA1303'],
  ['the resource app was disabled', 'XAA1307'],
  ['the connection was removed', 'XAA1401'],
  ['the connection became a draft', 'XAA1402'],
  ['the access has ended since', 'ended'],
])('tokens end if %s', (_, denial) => {
  expect(endTokens([denial])).toBe(true)
})

it.each(['narrowed', 'claim groups', 'XAA1601'])('%s ends no token: less would be granted now', (denial) => {
  expect(endTokens([denial])).toBe(false)
})

it('a suspension ends no token, and hides no lost assignment', () => {
  expect(endTokens(['XAA1403'])).toBe(false)
  expect(endTokens(['XAA1403', 'XAA1503'])).toBe(true)
})

it('a connection that has ended leaves no token that would be denied now, for whatever reason', () => {
  const affected = { kind: 'connection', connection: {} as ConnectionDefinition } as const
  expect(endTokens(['XAA1403'], affected)).toBe(false)
  expect(endTokens(['XAA1403'], { ...affected, endedAt: 0 })).toBe(true)
  expect(endTokens([], { ...affected, endedAt: 0 })).toBe(false)
})
