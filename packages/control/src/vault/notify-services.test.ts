// Which endpoints of a service may get our client secret: only those of the definition it was stored under.
import { createSealing } from '@crosswalk/as-core'
import { type BrokeredDefinition, zBrokered } from '@crosswalk/protocol'
import { openStorage, type StoredCredential } from '@crosswalk/storage'
import { expect, it, vi } from 'vitest'

import { systemContext } from '../http/context.ts'
import { notifyServices } from './notify-services.ts'
import { revokeCredentials, storeCredential } from './store-credential.ts'
import { type Content, sealContent, type VaultParts } from './vault-parts.ts'

const sealing = createSealing(new Uint8Array(32))

function define(credential: object = {}): BrokeredDefinition {
  return zBrokered.parse({
    api: 'https://api.test',
    credential: {
      kind: 'oauth',
      authorizationEndpoint: 'https://service.test/auth',
      tokenEndpoint: 'https://service.test/token',
      revocationEndpoint: 'https://service.test/revoke',
      clientId: 'crosswalk',
      ...credential,
    },
  })
}

function store(kind: StoredCredential['kind'], content: Content): StoredCredential {
  const id = `crd_${kind}`
  const about = { id, resourceApp: 'calendar', userId: undefined, kind, storedAt: 0, storedBy: 'adm' }
  return { ...about, sealed: sealContent({ sealing }, id, content), failures: 0 }
}

/** Notifies the service of one revoked token. @returns where the client authenticated, and what became of the token */
async function notifyOnce(
  token: BrokeredDefinition,
  secret: BrokeredDefinition,
  held: StoredCredential | undefined = undefined,
) {
  const revoked = { ...store('oauth', { brokered: token, accessToken: 'a token' }), revokedAt: 0 }
  const clientSecret = store('clientSecret', { brokered: secret, secret: 'our secret' })
  const outcome: string[] = []
  const authenticatedAt: string[] = []
  const credentials = {
    listRevoked: (_: number, { kind }: { readonly kind?: string } = {}) =>
      Promise.resolve(kind === 'clientSecret' ? [] : [revoked]),
    claim: () => Promise.resolve(true),
    find: ({ kind }: Pick<StoredCredential, 'kind'>) =>
      Promise.resolve(kind === 'oauth' ? held : clientSecret),
    forget: async () => void outcome.push('notified'),
    postpone: async () => void outcome.push('postponed'),
  }
  const onFault = vi.fn<(fault: unknown) => void>()
  const fetch = (input: unknown, init: RequestInit = {}) => {
    if (new Headers(init.headers).has('authorization')) authenticatedAt.push(String(input))
    return Promise.resolve(new Response(null, { status: 200 }))
  }
  const parts = {
    ...{ storage: { credentials, expiry: { readTimeMs: async () => 1000 } }, sealing, onFault },
    // A node whose own clock is ten days ahead.
    clock: { nowMs: () => 864_000_000 },
    fetch: () => fetch,
  }
  await notifyServices(parts as unknown as VaultParts)
  return { authenticatedAt, outcome, faults: onFault.mock.calls.map(([fault]) => String(fault)) }
}

it('sends the secret of the client to the revocation endpoint that it was stored for', async () => {
  expect(await notifyOnce(define(), define())).toEqual({
    authenticatedAt: ['https://service.test/revoke'],
    outcome: ['notified'],
    faults: [],
  })
})

it.each([
  ['has changed', 'https://service.test/revoke'],
  ['was not set before', undefined],
])('does not send the secret if the revocation endpoint %s', async (_, before) => {
  const token = define({ revocationEndpoint: 'https://evil.test/take' })
  expect(await notifyOnce(token, define({ revocationEndpoint: before }))).toEqual({
    authenticatedAt: [],
    outcome: ['postponed'],
    faults: ['Error: calendar: no client secret is stored for this revocation endpoint'],
  })
})

it('does not revoke a token that the service reissued to a user who reconnected', async () => {
  const heldBy = (accessToken: string) => store('oauth', { brokered: define(), accessToken })
  const kept = await notifyOnce(define(), define(), heldBy('a token'))
  expect(kept).toEqual({ authenticatedAt: [], outcome: ['notified'], faults: [] })
  const { authenticatedAt } = await notifyOnce(define(), define(), heldBy('another token'))
  expect(authenticatedAt).toEqual(['https://service.test/revoke'])
})

it('retries a token that cannot be opened later, and does not keep the others from being handled', async () => {
  const token = { ...store('oauth', { brokered: define(), accessToken: 'a token' }), revokedAt: 0 }
  const unreadable = { ...token, id: 'crd_unreadable', sealed: 'unreadable' }
  const clientSecret = store('clientSecret', { brokered: define(), secret: 'our secret' })
  const outcome: string[] = []
  const credentials = {
    listRevoked: async (_: number, { kind }: { readonly kind?: string } = {}) =>
      kind === 'clientSecret' ? [] : [unreadable, token],
    claim: async () => true,
    find: async ({ kind }: Pick<StoredCredential, 'kind'>) => (kind === 'oauth' ? undefined : clientSecret),
    forget: async (id: string) => void outcome.push(`forgot ${id}`),
    postpone: async (id: string) => void outcome.push(`postponed ${id}`),
  }
  const parts = {
    ...{
      storage: { credentials, expiry: { readTimeMs: async () => 1000 } },
      sealing,
      onFault: () => undefined,
    },
    ...{ clock: { nowMs: () => 1000 }, fetch: () => async () => new Response(null, { status: 200 }) },
  }
  await notifyServices(parts as unknown as VaultParts)
  expect(outcome).toEqual(['postponed crd_unreadable', 'forgot crd_oauth'])
})

const HOUR_MS = 3_600_000

it.each([
  [0, 1000, 1000],
  [11, 1000, 2_048_000],
  [12, 1000, HOUR_MS],
  [5000, 1000, HOUR_MS],
  [0, 24 * HOUR_MS - 1, 1000],
  [40, 24 * HOUR_MS, undefined],
])(
  'after %i failures, %i ms after the revocation, the service is asked again in %s ms',
  async (failures, now, wait) => {
    const revoked = {
      ...store('oauth', { brokered: define(), accessToken: 'a token' }),
      revokedAt: 0,
      failures,
    }
    const postpone = vi.fn(async () => undefined)
    const forget = vi.fn(async (..._: unknown[]) => undefined)
    const claim = vi.fn(async () => true)
    const credentials = {
      listRevoked: async (_: number, { kind }: { readonly kind?: string } = {}) =>
        kind === 'clientSecret' ? [] : [revoked],
      ...{ claim, find: async () => undefined, postpone, forget },
    }
    await notifyServices({
      ...{ storage: { credentials, expiry: { readTimeMs: async () => now } }, sealing, onFault: vi.fn() },
      ...{ clock: { nowMs: () => now }, fetch: () => vi.fn() },
    } as unknown as VaultParts)
    // Meanwhile, no other process notifies the service.
    expect(claim).toHaveBeenCalledExactlyOnceWith(revoked.id, now, now + 30_000)
    if (wait === undefined) {
      expect(postpone).not.toHaveBeenCalled()
      const event = { type: 'vault.revocation_failed', severity: 'warning' }
      const recorded = { event: expect.objectContaining(event) }
      expect(forget).toHaveBeenCalledExactlyOnceWith(revoked.id, expect.objectContaining(recorded))
    } else {
      expect(postpone).toHaveBeenCalledExactlyOnceWith(revoked.id, now + wait)
      expect(forget).not.toHaveBeenCalled()
    }
  },
)

it('claims each token from the time when its turn comes', async () => {
  let nowMs = 1000
  const revoked = ['one', 'two'].map((id) => ({
    ...store('oauth', { brokered: define(), accessToken: id }),
    ...{ id, revokedAt: 0 },
  }))
  const claim = vi.fn(async () => {
    // The service of this token takes longer than the claim lasts.
    nowMs += 40_000
    return true
  })
  const credentials = {
    ...{ claim, find: async () => undefined, postpone: async () => undefined },
    listRevoked: async (_: number, { kind }: { readonly kind?: string } = {}) =>
      kind === 'clientSecret' ? [] : revoked,
  }
  await notifyServices({
    ...{ storage: { credentials, expiry: { readTimeMs: async () => nowMs } }, sealing, onFault: vi.fn() },
    ...{ clock: { nowMs: () => nowMs }, fetch: () => vi.fn() },
  } as unknown as VaultParts)
  expect(claim.mock.calls).toEqual([
    ['one', 1000, 31_000],
    ['two', 41_000, 71_000],
  ])
})

it('keeps a revoked client secret until the service was notified of the last token', async () => {
  const secretOf = (resourceApp: string) => {
    const secret = store('clientSecret', { brokered: define(), secret: 'our secret' })
    return { ...secret, id: `crd_secret_${resourceApp}`, resourceApp }
  }
  const token = store('oauth', { brokered: define(), accessToken: 'a token' })
  const left = new Map([secretOf('calendar'), secretOf('drive'), token].map((it) => [it.id, it]))
  const credentials = {
    listRevoked: async (_: number, query: Partial<StoredCredential> = {}) =>
      [...left.values()]
        .filter(({ resourceApp }) => resourceApp === (query.resourceApp ?? resourceApp))
        .filter(({ kind }) => kind === (query.kind ?? kind))
        .map((it) => ({ ...it, revokedAt: 0 })),
    // Another process is notifying the service.
    claim: async () => false,
    forget: async (id: string) => void left.delete(id),
  }
  const storage = { credentials, expiry: { readTimeMs: async () => 1000 } }
  await notifyServices({ storage } as unknown as VaultParts)
  expect([...left.keys()]).toEqual(['crd_secret_calendar', token.id])
  left.delete(token.id)
  await notifyServices({ storage } as unknown as VaultParts)
  expect([...left.keys()]).toEqual([])
})

const SECRET = { kind: 'clientSecret', userId: undefined } as const
const context = systemContext('a test')

/** Stores tokens of these users, and the client secret, for the calendar. */
async function fillVault({ users, drives = 0 }: { readonly users: number; readonly drives?: number }) {
  const storage = await openStorage('sqlite::memory:')
  const asked: string[] = []
  const down = new Set<string>()
  const parts = {
    ...{ storage, sealing, clock: { nowMs: () => Date.now() }, onFault: () => undefined },
    directory: {
      current: () => ({ world: {} }),
      judgeAndWrite: (work: () => Promise<unknown>) => work(),
    },
    fetch: () => async (_: unknown, init: RequestInit) => {
      const body = String(init.body)
      const token = new URLSearchParams(body).get('token') ?? ''
      const status = down.has(token.split(' ')[0] ?? '') ? 503 : 200
      if (status === 200)
        asked.push(`${token} ${new Headers(init.headers).has('authorization') ? 'authenticated' : ''}`)
      return new Response(null, { status })
    },
  } as unknown as VaultParts
  const put = (resourceApp: string, userId: string) =>
    storeCredential(parts, context, async () => ({
      place: { resourceApp, userId, kind: 'oauth' },
      content: { brokered: define(), accessToken: `${resourceApp} ${userId}` },
    }))
  for (let user = 0; user < users; user += 1) await put('calendar', `usr_${user}`)
  for (let user = 0; user < drives; user += 1) await put('a-drive', `usr_${user}`)
  for (const resourceApp of ['a-drive', 'calendar'])
    await storeCredential(parts, context, async () => ({
      place: { ...SECRET, resourceApp },
      content: { brokered: define(), secret: 'our secret' },
    }))
  return { parts, storage, asked, down }
}

it('revokes all tokens of a removed resource app at the service, with the client secret that was revoked with them', async () => {
  const { parts, storage, asked } = await fillVault({ users: 2 })
  expect(await revokeCredentials(parts, context, { resourceApp: 'calendar' })).toBe(3)
  await notifyServices(parts)
  expect(asked.sort()).toEqual(['calendar usr_0 authenticated', 'calendar usr_1 authenticated'])
  expect(await storage.credentials.listRevoked(Number.MAX_SAFE_INTEGER)).toEqual([])
  await storage.close()
})

it('prefers the current client secret, so that a revoked one that cannot be opened does not matter', async () => {
  const { parts, storage, asked } = await fillVault({ users: 1 })
  const [secret] = await storage.credentials.list({ resourceApp: 'calendar' })
  await storage.credentials.replace(secret?.id ?? '', secret?.sealed ?? '', 'unreadable')
  await revokeCredentials(parts, context, { resourceApp: 'calendar' })
  const content = { brokered: define(), secret: 'the next secret' }
  const place = { ...SECRET, resourceApp: 'calendar' }
  await storeCredential(parts, context, async () => ({ place, content }))
  await notifyServices(parts)
  expect(asked).toEqual(['calendar usr_0 authenticated'])
  await storage.close()
})

it('keeps a revoked client secret however many tokens of other services wait', async () => {
  const { parts, storage, asked, down } = await fillVault({ users: 1, drives: 60 })
  down.add('a-drive').add('calendar')
  expect(await revokeCredentials(parts, context, { resourceApp: 'a-drive' })).toBe(61)
  expect(await revokeCredentials(parts, context, { resourceApp: 'calendar' })).toBe(2)
  await notifyServices(parts)
  await notifyServices(parts)
  down.delete('calendar')
  await vi.waitFor(async () => {
    await notifyServices(parts)
    expect(asked).toEqual(['calendar usr_0 authenticated'])
  }, 10_000)
  await storage.close()
})

it('revokes the client secret last, because it is deleted when no token waits', async () => {
  const { parts, storage } = await fillVault({ users: 1 })
  const revoke = vi.spyOn(storage.credentials, 'revoke')
  const kinds = new Map((await storage.credentials.list({})).map(({ id, kind }) => [id, kind]))
  await revokeCredentials(parts, context, { resourceApp: 'calendar' })
  expect(revoke.mock.calls.map(([id]) => kinds.get(id))).toEqual(['oauth', 'clientSecret'])
  await storage.close()
})

it.each([
  ['the access token', 'access', 400, []],
  ['the refresh token', 'refresh', 400, ['Error: calendar: unsupported_token_type']],
  ['the access token for now', 'access', 503, [expect.stringContaining('calendar: ')]],
])('a service that cannot revoke %s', async (_, refused, status, faults) => {
  const { parts, storage } = await fillVault({ users: 0 })
  await storeCredential(parts, context, async () => ({
    place: { resourceApp: 'calendar', userId: 'alice', kind: 'oauth' },
    content: { brokered: define(), accessToken: 'access', refreshToken: 'refresh' },
  }))
  await revokeCredentials(parts, context, { userId: 'alice' })
  const reported: string[] = []
  const fetch = async (_: unknown, { body }: RequestInit) =>
    new URLSearchParams(String(body)).get('token') === refused
      ? Response.json({ error: 'unsupported_token_type' }, { status })
      : new Response(null, { status: 200 })
  const onFault = (fault: unknown) => void reported.push(String(fault))
  await notifyServices({ ...parts, onFault, fetch: () => fetch } as unknown as VaultParts)
  expect(reported).toEqual(faults)
  expect(await storage.credentials.listRevoked(Number.MAX_SAFE_INTEGER)).toHaveLength(faults.length)
  await storage.close()
})
