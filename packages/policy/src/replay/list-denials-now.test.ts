// Changes that reduce access deny the ID-JAGs issued before them; other changes deny none.
import { type DecisionRecord, zPolicy } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import { buildIdJagClaims } from '../exchange/build-id-jag.ts'
import type { ExchangeDefinitions } from '../exchange-snapshot.ts'
import {
  DEFINITIONS,
  makeFacts,
  makeSnapshot,
  NOW_SECONDS,
  USERS,
  withConnection,
  withResourceApp,
} from '../testing/exchange-world.ts'
import type { ExchangeUser } from '../namesakes.ts'
import { listDenialsNow } from './list-denials-now.ts'

const alice = USERS.alice as ExchangeUser
const [agent0, other] = DEFINITIONS.apps
if (agent0 === undefined || other === undefined) throw new Error('two apps')

const issue = (
  change: Parameters<typeof makeFacts>[0] = {},
  definitions: Partial<ExchangeDefinitions> = {},
) => evaluateExchange(makeFacts(change), makeSnapshot(definitions))

interface Now {
  readonly definitions?: Partial<ExchangeDefinitions>
  readonly user?: ExchangeUser | undefined
  readonly secondsLater?: number
}

function list(record: DecisionRecord, now: Now) {
  const user = 'user' in now ? now.user : alice
  return listDenialsNow(record, {
    snapshot: makeSnapshot(now.definitions),
    users: new Map(user === undefined ? [] : [[user.id, user]]),
    describedApp: undefined,
    nowMs: (NOW_SECONDS + (now.secondsLater ?? 60)) * 1000,
  })
}

const appSince = (registeredAt: number): Now => ({
  definitions: { apps: [{ ...agent0, registeredAt }, other] },
})

const find = (record: DecisionRecord, now: Now) => list(record, now)[0]

/** For an ID-JAG whose contract has every kind of claim, with the user's current attributes. */
function findWithClaims({
  user = withMore(alice),
  contract = CONTRACT,
}: { user?: ExchangeUser; contract?: Readonly<Record<string, unknown>> } = {}) {
  const was = withResourceApp(CONTRACT)
  const record = issue({}, was)
  const resourceApp = makeSnapshot(was).resourceApps.get('todo0')
  if (resourceApp === undefined || record.granted === null) throw new Error('granted at todo0')
  const { granted } = record
  const parts = {
    issuer: 'https://idp.test',
    granted,
    resourceApp,
    user: withMore(alice),
    signIn: { userId: alice.id },
  }
  const claims = buildIdJagClaims({ ...parts, jti: 'j', now: NOW_SECONDS, pairwise })
  const definitions = withResourceApp(contract)
  const [first] = listDenialsNow(record, {
    snapshot: makeSnapshot(definitions),
    users: new Map([[user.id, user]]),
    describedApp: undefined,
    nowMs: (NOW_SECONDS + 60) * 1000,
    claims,
  })
  return first
}

const CONTRACT = {
  tenant: 'acme',
  audTenant: 't-1',
  claims: { email: 'user.email', groups: 'user.groups', aud_sub: 'user.attributes.todo' },
  subId: { format: 'saml-nameid', issuer: 'https://saml.test', nameid: 'user.username' },
}
const pairwise = () => 'pairwise'
function withMore(user: ExchangeUser): ExchangeUser {
  return { ...user, groups: [...user.groups, 'other'] }
}

it.each<[string, Parameters<typeof findWithClaims>[0], string | undefined]>([
  ['nothing changed', {}, undefined],
  ['the user has another address', { user: { ...withMore(alice), email: 'other@acme.test' } }, 'claim email'],
  [
    'the address is no longer verified',
    { user: { ...withMore(alice), emailVerified: false } },
    'claim email',
  ],
  ['the user lost a group', { user: alice }, 'claim groups'],
  [
    'the user gained a group',
    { user: { ...withMore(alice), groups: ['more', 'other', 'engineering'] } },
    undefined,
  ],
  [
    'the user has another account there',
    { user: { ...withMore(alice), attributes: { todo: 'u-2' } } },
    'claim aud_sub',
  ],
  ['the user has no account there', { user: { ...withMore(alice), attributes: {} } }, 'claim aud_sub'],
  ['the user has another user name', { user: { ...withMore(alice), username: 'alicia' } }, 'claim sub_id'],
  ['the contract omits a claim', { contract: { ...CONTRACT, claims: {} } }, 'claim email'],
  [
    'the contract gained a claim',
    { contract: { ...CONTRACT, claims: { ...CONTRACT.claims, name: 'user.name' } } },
    undefined,
  ],
  ['the resource app is of another tenant', { contract: { ...CONTRACT, tenant: 'other' } }, 'claim tenant'],
  [
    'the resource app moved to another tenant',
    { contract: { ...CONTRACT, audTenant: undefined } },
    'claim aud_tenant',
  ],
])('compares the user claims of an ID-JAG if %s', (_, change, why) => {
  expect(findWithClaims(change)).toBe(why)
})

const connection = (change: object): Now => ({ definitions: withConnection({ ...change }) })
const policy = (fields: object): Now => ({
  definitions: { policies: [zPolicy.parse({ id: 'p', effect: 'deny', ...fields })] },
})
const only = (change: object) => ({ everyone: false, users: [], groups: [], ...change })
const block = (kind: 'user' | 'app', target: string): Now => ({
  definitions: { blocks: [{ id: 'b', kind, target, by: 'admin' }] },
})
const moment = (seconds: number) => new Date((NOW_SECONDS + seconds) * 1000).toISOString()

it.each<[string, Now, string]>([
  ['the connection was removed', { definitions: { connections: [] } }, 'XAA1401'],
  ['the connection is suspended', connection({ status: 'suspended' }), 'XAA1403'],
  ['the connection is a draft', connection({ status: 'draft' }), 'XAA1402'],
  ['the connection has ended', connection({ expiresAt: moment(60) }), 'ended'],
  ['the connection ends in a second', connection({ expiresAt: moment(61) }), 'narrowed'],
  ['the connection ends sooner', connection({ expiresAt: moment(3600) }), 'narrowed'],
  ['the connection has fewer scopes', connection({ scopes: ['todos.read'] }), 'narrowed'],
  ['it would have ended by now', policy({ effect: 'limit', limit: { idJagTtlSeconds: 60 } }), 'narrowed'],
  ['the user has another subject', { definitions: withResourceApp({ subject: 'user.username' }) }, 'renamed'],
  ['the connection has another client id', connection({ clientId: 'other' }), 'other-client'],
  ['the connection excludes the user', connection({ assignments: only({ groups: ['sales'] }) }), 'XAA1503'],
  [
    'the resource app excludes the user',
    { definitions: withResourceApp({ assignments: only({}) }) },
    'XAA1502',
  ],
  ['the resource app is inactive', { definitions: withResourceApp({ active: false }) }, 'XAA1307'],
  ['the app was removed and registered again', appSince(NOW_SECONDS + 1), 'XAA1101'],
  ['the app was removed', { definitions: { apps: [other] } }, 'XAA1101'],
  ['the app is inactive', { definitions: { apps: [{ ...agent0, active: false }, other] } }, 'XAA1104'],
  ['the app excludes the user', { definitions: { apps: [{ ...agent0, assignments: only({}) }] } }, 'XAA1501'],
  ['the user was removed', { user: undefined }, 'XAA1504'],
  ['the user is inactive', { user: { ...withMore(alice), active: false } }, 'XAA1504'],
  ['a rule denies', policy({}), 'XAA1701'],
  ['a rule requires more', policy({ effect: 'require', require: { acr: ['mfa'] } }), 'XAA1801'],
  ['a rule leaves fewer scopes', policy({ effect: 'limit', limit: { scopes: ['todos.read'] } }), 'narrowed'],
  ['the user is blocked', block('user', alice.id), 'XAA1901'],
  ['the app is blocked', block('app', 'agent0'), 'XAA1902'],
])('is denied if %s', (_, now, why) => {
  expect(find(issue(), now)).toBe(why)
})

it('is denied if the user left the group that assigned them to the connection', () => {
  const engineering = withConnection({ assignments: only({ groups: ['engineering'] }) })
  const record = issue({}, engineering)
  expect(find(record, { definitions: engineering })).toBeUndefined()
  expect(find(record, { definitions: engineering, user: { ...withMore(alice), groups: [] } })).toBe('XAA1503')
})

it('lists every denial: a suspension does not hide that the user is no longer assigned', () => {
  const assignments = only({ groups: ['sales'] })
  expect(list(issue(), connection({ status: 'suspended', assignments }))).toEqual(['XAA1403', 'XAA1503'])
})

it.each<[string, Now]>([
  ['nothing changed', {}],
  ['the app was registered just before', appSince(NOW_SECONDS)],
  ['a rule limits how many are issued', policy({ effect: 'limit', limit: { perHour: 9 } })],
  [
    'the connection has more scopes',
    connection({ resources: ['https://todo.vendor.test/mcp', 'https://todo.vendor.test/api'] }),
  ],
  ['it would end a second later', policy({ effect: 'limit', limit: { idJagTtlSeconds: 61 } })],
  ['a rule is about other apps', policy({ when: { app: 'other' } })],
  ['another user is blocked', block('user', 'usr_bob')],
  ['it is used at its last moment', { secondsLater: 299 }],
])('is not denied if %s', (_, now) => {
  expect(find(issue(), now)).toBeUndefined()
})

it('is denied if it is for every resource and the resource app lists some now', () => {
  const { resourceApps = [] } = withResourceApp({ resources: [] })
  const free = {
    resourceApps: resourceApps.filter(({ id }) => id === 'todo0'),
    connections: withConnection({ resources: [] }).connections ?? [],
  }
  const record = issue({ ask: { resource: [], audience: ['urn:acme:todo0'] } }, free)
  expect(record.granted?.resource).toEqual([])
  expect(find(record, { definitions: free })).toBeUndefined()
  expect(find(record, {})).toBe('narrowed')
})

it('is denied if the connection covers only one of its resources', () => {
  const ids = ['https://todo.vendor.test/mcp', 'https://todo.vendor.test/api']
  const resources = ids.map((id) => ({ id, scopes: ['todos.read', 'todos.write'] }))
  const all = { ...withResourceApp({ resources }), ...withConnection({ resources: ids }) }
  const record = issue({ ask: { resource: [], audience: ['urn:acme:todo0'] } }, all)
  expect(find(record, { definitions: all })).toBeUndefined()
  const less = { ...all, ...withConnection({ resources: ids.slice(0, 1) }) }
  expect(find(record, { definitions: less })).toBe('narrowed')
})

it('is not denied if the connection ends at the same time or later', () => {
  const ends = withConnection({ expiresAt: moment(3600) })
  expect(find(issue({}, ends), { definitions: ends })).toBeUndefined()
  expect(find(issue({}, ends), { definitions: withConnection({ expiresAt: moment(3601) }) })).toBeUndefined()
})
