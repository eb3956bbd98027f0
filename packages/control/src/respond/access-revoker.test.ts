// After a change, each live token that the change may affect is looked up by its grant, and revoked only if the grant
// would be denied now.
import { compileExchangeSnapshot } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { IssuedAccessToken, TokenSelector } from '@crosswalk/resource-as'
import { expect, it } from 'vitest'

import type { AffectedUsers } from './lost-assignment.ts'
import { createAccessRevoker, type AccessRevokerParts } from './access-revoker.ts'

const [IDP, AS] = ['https://idp.test', 'https://as.test']

/** Its app is no longer registered, so its grant would be denied now. */
const DENIED_NOW = {
  decision: {
    ...{ decision_id: 'dec_1', trace_id: 'trc_1', time: '2027-01-15T08:00:00Z', checks: [], policies: [] },
    request: {
      ...{ requesting_app: { id: 'gone' }, subject: { ref: 'bob' }, audience: AS, resource: [], scope: [] },
      context: {},
    },
    granted: { client_id: 'c', audience: AS, resource: [], scope: [], lifetime_seconds: 300 },
  },
}

const CONNECTION = {
  ...{ id: 'agent-todo', app: 'agent', resourceApp: 'todo', clientId: 'c' },
  resources: ['https://todo.test/api'],
} as unknown as ConnectionDefinition

const token = (id: string, change: Partial<IssuedAccessToken> = {}) =>
  ({
    ...{ id, authorizationServer: 'as', clientId: 'c', issuer: IDP, issuerSubject: id, grantId: `of ${id}` },
    ...{ resource: [], ...change },
  }) as unknown as IssuedAccessToken

/** @param pages - of live tokens; grants are denied now if they are of bob */
function open(pages: readonly (readonly IssuedAccessToken[])[]) {
  const revoked: string[] = []
  const queries: (readonly TokenSelector[])[] = []
  const snapshot = compileExchangeSnapshot(
    1,
    { issuer: IDP, idJagTtlSeconds: 300, clockSkewSeconds: 30, acrValues: [] },
    { apps: [], resourceApps: [], connections: [], policies: [] },
  )
  const resourceApp = { definition: { id: 'todo', issuer: AS, subject: 'user.id' } }
  const users = new Map(['alice', 'bob'].map((id) => [id, { id, groups: [], active: true }]))
  const parts = {
    issuer: IDP,
    configuration: { idp: {} },
    clock: { nowMs: () => Date.parse('2027-01-15T08:01:00Z') },
    directory: {
      current: () => ({
        exchange: snapshot,
        users: {
          findMany: async (ids: readonly string[]) => new Map([...users].filter(([id]) => ids.includes(id))),
          findForExchange: async () => new Map(),
        },
        world: {
          connections: new Map([['agent-todo', { definition: CONNECTION }]]),
          'resource-apps': new Map([['todo', resourceApp]]),
          'authorization-servers': new Map([['as', { definition: { id: 'as', issuer: AS } }]]),
        },
      }),
    },
    storage: {
      events: {
        findIssued: async (grant: string) => (grant.startsWith('of bob') ? { event: DENIED_NOW } : undefined),
      },
    },
    liveAccess: {
      async list({ selectors, cursor = '0' }: { selectors: readonly TokenSelector[]; cursor?: string }) {
        queries.push(selectors)
        const next = Number(cursor) + 1
        return { items: pages[Number(cursor)] ?? [], next: next < pages.length ? String(next) : undefined }
      },
    },
    accessTokens: {
      async revoke({ id = '' }: TokenSelector) {
        revoked.push(id)
        return 1
      },
    },
  }
  const revoker = createAccessRevoker(parts as unknown as AccessRevokerParts)
  const revoke = async (affected: AffectedUsers) => ({
    count: await revoker.revokeUnassigned(affected),
    ...{ revoked, queries },
  })
  return Object.assign(revoke, { revokeOutdated: revoker.revokeOutdated, revoked })
}

const EVERYONE = { kind: 'everyone' } as const

it('judges tokens of one client for each of its users', async () => {
  const revoke = open([[token('alice'), token('bob'), token('bob-2', { issuerSubject: 'bob' })]])
  expect(await revoke(EVERYONE)).toMatchObject({ count: 2, revoked: ['bob', 'bob-2'] })
})

it.each<[string, Partial<IssuedAccessToken>]>([
  ['actor', { act: { iss: IDP, sub: 'bot' } }],
  ['resource', { resource: ['https://todo.test/api'] }],
  ['client', { clientId: 'd' }],
  ['server', { authorizationServer: 'other' }],
])('judges tokens of one user for each %s', async (_, change) => {
  const of = { issuerSubject: 'user' }
  const revoke = open([[token('alice', of), token('bob', { ...of, ...change }), token('alice-2', of)]])
  expect(await revoke(EVERYONE)).toMatchObject({ count: 1, revoked: ['bob'] })
})

it('reads every page of live tokens', async () => {
  const revoke = open([[token('alice')], [token('alice-2')], [token('bob')]])
  expect(await revoke(EVERYONE)).toMatchObject({ count: 1, revoked: ['bob'] })
})

it('checks the tokens of all users until it is aborted', async () => {
  const abortion = new AbortController()
  const { revokeOutdated, revoked } = open([[token('bob')], [token('bob-2')]])
  expect(await revokeOutdated(abortion.signal)).toEqual(new Map([['bob', 2]]))
  revoked.length = 0
  abortion.abort()
  await revokeOutdated(abortion.signal)
  expect(revoked).toEqual(['bob'])
})

it('leaves tokens of the code flow, which have no ID-JAG', async () => {
  const revoke = open([[token('bob', { grantType: 'authorization_code' })]])
  expect(await revoke(EVERYONE)).toMatchObject({ count: 0, revoked: [] })
})

it.each([
  [50, [{ authorizationServer: 'as', issuer: IDP, issuerSubject: 'bob' }]],
  [51, [{ issuer: IDP }]],
])('of %i affected users, looks at these tokens', async (count, selectors) => {
  const ids = ['bob', ...Array.from({ length: count - 1 }, (_, index) => `u-${index}`)]
  const { queries } = await open([[]])({ kind: 'users', ids })
  expect(queries).toEqual([selectors])
})

const AT_AS = { authorizationServer: 'as', issuer: IDP }
const OVER_IT = { ...AT_AS, clientId: 'c', resource: 'https://todo.test/api' }
/** In the middle of a second; times of issue are whole seconds */
const ENDED_AT = Date.parse('2027-01-15T08:00:00.500Z')

it.each<[string, AffectedUsers, readonly TokenSelector[]]>([
  ['a connection that lost users', { kind: 'connection', connection: CONNECTION }, [OVER_IT]],
  [
    'a connection that ended',
    { kind: 'connection', connection: CONNECTION, endedAt: ENDED_AT },
    [{ ...OVER_IT, grantIssuedUntil: Math.floor(ENDED_AT / 1000) }],
  ],
  ['an app', { kind: 'app', id: 'agent' }, [OVER_IT, { ...AT_AS, actor: { issuer: IDP, id: 'agent' } }]],
])('of %s, looks at these tokens only', async (_, affected, selectors) => {
  const { queries } = await open([[]])(affected)
  expect(queries).toEqual([selectors])
})
