// When the credential of a user is released for an access token: each case differs from a release in one respect.
import { createSealing } from '@crosswalk/as-core'
import { type BrokeredDefinition, dropUndefined, zBrokered } from '@crosswalk/protocol'
import { beforeEach, expect, it } from 'vitest'

import { releaseCredential } from './release-credential.ts'
import { type Content, sealContent, type VaultParts } from './vault-parts.ts'

const NOW = 1_800_000_000_000
const IDP = 'https://idp.test'
const sealing = createSealing(new Uint8Array(32))
/** Ids of credentials whose claims ended */
let released: string[]
/** What the service was asked, which is away */
let requests: string[]
beforeEach(() => {
  released = []
  requests = []
})

const OAUTH = {
  api: 'https://calendar.test/v1',
  credential: {
    ...{ kind: 'oauth', clientId: 'crosswalk', clientAuth: 'none' },
    authorizationEndpoint: 'https://calendar.test/auth',
    tokenEndpoint: 'https://calendar.test/token',
  },
}
const API_KEY = { api: OAUTH.api, credential: { kind: 'apiKey', per: 'user' } }

interface Change {
  /** When the token expires */
  readonly expiresAt?: number
  readonly refreshToken?: string
  /** What another process stores while this one claims the refresh of the token */
  readonly replacement?: { readonly id: string; readonly content: Content; readonly isClaimed: boolean }
  /** Milliseconds that have passed, each time the clock is read */
  readonly passed?: number[]
  /** The definition now; undefined: no longer brokered */
  readonly brokered?: object | undefined
  readonly isActive?: boolean
  readonly isUserActive?: boolean
  readonly token?: object
  readonly hasGrant?: boolean
}

function release(storedUnder: object, change: Change = {}) {
  const { isActive = true, isUserActive = true, token = {}, hasGrant = true, replacement } = change
  const brokered: BrokeredDefinition = zBrokered.parse(storedUnder)
  const isOauth = brokered.credential.kind === 'oauth'
  const expiry =
    replacement === undefined
      ? dropUndefined({ expiresAt: change.expiresAt, refreshToken: change.refreshToken })
      : { expiresAt: NOW }
  const content: Content = {
    brokered,
    ...(isOauth ? { accessToken: 'a secret', ...expiry } : { secret: 'a secret' }),
  }
  const seal = (id: string, sealed: Content) => ({ id, sealed: sealContent({ sealing }, id, sealed) })
  let held = seal('crd_1', content)
  const now = 'brokered' in change ? change.brokered : storedUnder
  const definition = { id: 'calendar', active: isActive, brokered: now && zBrokered.parse(now) }
  const decision = { resolution: { resource_app: 'calendar', connection: 'agent-calendar' } }
  const parts = {
    onFault: () => undefined,
    fetch: () => async (url: string) => {
      requests.push(url)
      throw new Error('the service is away')
    },
    ...{ sealing, issuer: IDP, baseUrl: IDP, clock: { nowMs: () => NOW + (change.passed?.shift() ?? 0) } },
    directory: {
      current: () => ({
        world: { 'resource-apps': new Map([['calendar', { definition }]]) },
        users: { findById: async (id: string) => ({ id, active: isUserActive }) },
      }),
    },
    storage: {
      credentials: {
        find: async ({ userId }: { readonly userId: string | undefined }) =>
          userId === 'alice' ? { ...held, userId } : undefined,
        claim: async () => {
          if (replacement !== undefined) held = seal(replacement.id, replacement.content)
          return replacement?.isClaimed ?? change.expiresAt !== undefined
        },
        release: async (id: string) => void released.push(id),
      },
      expiry: { readTimeMs: async () => NOW },
      events: {
        findIssued: async () =>
          hasGrant ? { event: { on_behalf_of: { user_ref: 'alice' }, decision } } : undefined,
      },
    },
  } as unknown as VaultParts
  const presented = { issuer: IDP, grantId: 'g', ...token } as Parameters<typeof releaseCredential>[1]
  return releaseCredential(parts, presented)
}

const elsewhere = { ...OAUTH.credential, tokenEndpoint: 'https://evil.test/token' }

it.each([
  ['OAuth token', OAUTH],
  ['API key', API_KEY],
])('an %s is released for the API that it was stored for', async (_, stored) => {
  expect(await release(stored)).toMatchObject({
    fact: { state: 'held', user: 'alice', connection: 'agent-calendar', lifetimeSeconds: 300 },
    secret: { value: 'a secret', api: OAUTH.api },
  })
})

it.each([
  ['an OAuth token', OAUTH, { header: 'Authorization', scheme: 'Bearer' }],
  ['an API key', API_KEY, { header: 'Authorization', scheme: 'Bearer' }],
  [
    'an API key in a custom header',
    { ...API_KEY, credential: { ...API_KEY.credential, header: 'X-Api-Key', scheme: '' } },
    { header: 'X-Api-Key', scheme: '' },
  ],
])('%s is sent as its definition says', async (_, stored, place) => {
  expect((await release(stored)).secret).toMatchObject(place)
})

it.each<[string, object, Change, string]>([
  ['its API has moved', OAUTH, { brokered: { ...OAUTH, api: 'https://evil.test' } }, 'missing'],
  ['its token endpoint has moved', OAUTH, { brokered: { ...OAUTH, credential: elsewhere } }, 'missing'],
  ['the API of a key has moved', API_KEY, { brokered: { ...API_KEY, api: 'https://evil.test' } }, 'missing'],
  ['the API has another kind of credential', API_KEY, { brokered: OAUTH }, 'missing'],
  ['the resource app is no longer brokered', OAUTH, { brokered: undefined }, 'not-brokered'],
  ['the resource app is inactive', OAUTH, { isActive: false }, 'not-brokered'],
  ['the user is inactive', OAUTH, { isUserActive: false }, 'not-brokered'],
  ['the token is of another issuer', OAUTH, { token: { issuer: 'https://other.test' } }, 'not-brokered'],
  ['the token is of the code flow', OAUTH, { token: { grantType: 'authorization_code' } }, 'not-brokered'],
  ['the log has no such grant', OAUTH, { hasGrant: false }, 'not-brokered'],
])('nothing is released if %s', async (_, stored, change, state) => {
  const released = await release(stored, change)
  expect(released).toMatchObject({ fact: { state } })
  expect(JSON.stringify(released)).not.toContain('a secret')
})

it.each([
  [30_001, []],
  [30_000, ['crd_1']],
])('tokens refreshed because they expire in %i ms: %j', async (ms, refreshed) => {
  await release(OAUTH, { expiresAt: NOW + ms })
  expect(released).toEqual(refreshed)
})

const WITH_SECRET = { ...OAUTH, credential: { ...OAUTH.credential, clientAuth: 'client_secret_basic' } }

it.each<[string, object, Change, string, number]>([
  ['is refreshed at the service', OAUTH, { refreshToken: 'r' }, 'unreachable', 1],
  ['must be connected again if it has no refresh token', OAUTH, {}, 'missing', 0],
  ['must be connected again without a client secret', WITH_SECRET, { refreshToken: 'r' }, 'missing', 0],
])('an account whose token has expired %s', async (_, stored, change, state, count) => {
  expect(await release(stored, { expiresAt: NOW, ...change })).toMatchObject({ fact: { state } })
  expect(requests).toHaveLength(count)
})

it.each([
  ['releases the token that it refreshed', 'crd_1', OAUTH.api, 'held'],
  ['releases no token of an account that was connected meanwhile', 'crd_2', OAUTH.api, 'missing'],
  ['releases no token for an API that has moved meanwhile', 'crd_2', 'https://moved.test', 'missing'],
])('if another process was faster, %s', async (_, id, api, state) => {
  const content = {
    brokered: zBrokered.parse({ ...OAUTH, api }),
    accessToken: 'a new secret',
    expiresAt: NOW + 90_999,
  }
  for (const isClaimed of [false, true]) {
    const { fact, secret } = await release(OAUTH, { replacement: { id, content, isClaimed } })
    expect(fact).toMatchObject(state === 'held' ? { state, id, lifetimeSeconds: 90 } : { state })
    expect(secret?.value).toBe(state === 'held' ? 'a new secret' : undefined)
  }
  expect(released).toEqual(['crd_1'])
})

it('waits ten seconds for another process that refreshes the token, and no longer', async () => {
  const content = { brokered: zBrokered.parse(OAUTH), accessToken: 'a secret', expiresAt: NOW }
  const passed = [0, 10_000, 10_001]
  const replacement = { id: 'crd_1', content, isClaimed: false }
  expect((await release(OAUTH, { replacement, passed })).fact.state).toBe('unreachable')
  expect([passed, released]).toEqual([[], []])
})
