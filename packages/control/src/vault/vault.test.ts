// What the vault stores, what it deletes, and what administrators filter by.
import { createSealing } from '@crosswalk/as-core'
import { type BrokeredDefinition, zBrokered } from '@crosswalk/protocol'
import { expect, it, onTestFinished, vi } from 'vitest'

import { systemContext } from '../http/context.ts'
import { createVaultHandlers } from './handlers.ts'
import { storeCredential } from './store-credential.ts'
import { createVault } from './vault.ts'
import type { VaultParts } from './vault-parts.ts'

const NOW = 1_800_000_000_000
const CONTEXT = systemContext('a test')
const OAUTH = {
  kind: 'oauth',
  ...{ clientId: 'crosswalk', clientAuth: 'none', revocationEndpoint: 'https://calendar.test/revoke' },
  ...{
    authorizationEndpoint: 'https://calendar.test/auth',
    tokenEndpoint: 'https://calendar.test/token',
  },
}
const CONFIDENTIAL = { ...OAUTH, clientAuth: 'client_secret_basic' }
const define = (credential: object) =>
  zBrokered.parse({ api: 'https://calendar.test/v1', credential }) as BrokeredDefinition

function open(found: object[] = [], brokered = define({ kind: 'apiKey', per: 'app' })) {
  const done = vi.fn(async (..._: unknown[]) => true)
  const credentials = {
    list: async () => found,
    put: (...about: unknown[]) => done('put', about[2]),
    revoke: (id: string) => done('revoke', id),
    forget: (id: string) => done('forget', id),
    used: (id: string, at: number) => done('used', id, at),
    listRevoked: async () => [],
  }
  const definition = { id: 'calendar', issuer: 'https://as.test', active: true, brokered }
  const parts = {
    ...{ sealing: createSealing(new Uint8Array(32)), clock: { nowMs: () => NOW }, onFault: vi.fn() },
    directory: {
      judgeAndWrite: (work: () => Promise<unknown>) => work(),
      current: () => ({
        world: { 'resource-apps': new Map([['calendar', { definition }]]) },
        users: { findById: async (id: string) => (id === 'alice' ? { id } : undefined) },
      }),
    },
    storage: { credentials, expiry: { readTimeMs: async () => NOW } },
  } as unknown as VaultParts
  const vault = createVault(parts)
  onTestFinished(() => vault.close())
  return { vault, parts, done }
}

it.each([
  ['a key', true],
  ['~', true],
  ['', false],
  ['a key\r\nx-injected: 1', false],
  ['schlüssel', false],
])('a secret goes into a header, so %j is stored: %s', async (secret, isStored) => {
  const { vault, done } = open()
  const stored = await vault.store(CONTEXT, { resourceApp: 'calendar', userId: undefined, secret })
  expect(typeof stored === 'object').toBe(isStored)
  expect(done).toHaveBeenCalledTimes(isStored ? 1 : 0)
})

it('a revoked key is deleted, and a token kept until its service was notified', async () => {
  const { vault, done } = open([
    { id: 'crd_key', kind: 'apiKey', resourceApp: 'calendar' },
    { id: 'crd_token', kind: 'oauth', resourceApp: 'calendar' },
  ])
  expect(await vault.revoke(CONTEXT, { resourceApp: 'calendar' })).toBe(2)
  expect(done.mock.calls).toEqual([
    ['revoke', 'crd_token'],
    ['revoke', 'crd_key'],
    ['forget', 'crd_key'],
  ])
})

it.each<[string, object, string | undefined, string | undefined]>([
  ['a key per user, of alice', { kind: 'apiKey', per: 'user' }, 'alice', undefined],
  ['a key per user, without a user', { kind: 'apiKey', per: 'user' }, undefined, 'Specify the user'],
  ['a key per user, of a stranger', { kind: 'apiKey', per: 'user' }, 'mallory', 'There is no user mallory'],
  ['a key for all users, of alice', { kind: 'apiKey', per: 'app' }, 'alice', 'Do not specify a user'],
  ['a secret of a public client', OAUTH, undefined, 'has no secret'],
  ['a client secret', CONFIDENTIAL, undefined, undefined],
  ['a client secret, of alice', CONFIDENTIAL, 'alice', 'connect their accounts themselves'],
])('%s is stored unless there is a problem', async (_, credential, userId, problem) => {
  const { vault, done } = open([], define(credential))
  const stored = await vault.store(CONTEXT, { resourceApp: 'calendar', userId, secret: 'a secret' })
  const expected = problem === undefined ? { id: expect.any(String) } : expect.stringContaining(problem)
  expect(stored).toEqual(expected)
  expect(done).toHaveBeenCalledTimes(problem === undefined ? 1 : 0)
})

it.each([
  ['revoke', 'revoked'],
  ['keep', 'deleted'],
])('on reconnect: %s, an earlier token is %s', async (onReconnect, expected) => {
  const brokered = define({ ...OAUTH, onReconnect })
  const { parts, done } = open([], brokered)
  const place = { resourceApp: 'calendar', userId: 'alice', kind: 'oauth' } as const
  await storeCredential(parts, CONTEXT, async () => ({
    place,
    content: { brokered, accessToken: 'a token' },
  }))
  expect(done).toHaveBeenCalledExactlyOnceWith('put', { earlier: expected })
})

it.each([
  [undefined, true],
  [NOW - 60_000, true],
  [NOW - 59_999, false],
])('the use of a credential that was last used at %s is stored: %s', async (usedAt, isStored) => {
  const { vault, done } = open([{ id: 'crd_1', usedAt }])
  await vault.used('crd_1')
  expect(done.mock.calls).toEqual(isStored ? [['used', 'crd_1', NOW]] : [])
})

it('serves the authorization server of a brokered resource app, and no other one', () => {
  const { vault } = open()
  expect(['https://as.test', 'https://other.test'].map((issuer) => vault.serves(issuer))).toEqual([
    true,
    false,
  ])
})

it('lists the credentials of the user and the resource app that are named', async () => {
  const list = vi.fn(async () => [])
  const handlers = createVaultHandlers({ vault: { list } } as never)
  const query = { resourceApp: 'calendar', user: 'alice' }
  await handlers['stored-credentials.list']({ query } as never, CONTEXT as never)
  expect(list).toHaveBeenCalledExactlyOnceWith({ resourceApp: 'calendar', userId: 'alice' })
})
