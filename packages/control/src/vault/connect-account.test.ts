// Connecting an account: the answer of the service counts for the user, service and browser session that began, in time.
import { createSealing, type LoggedEvent } from '@crosswalk/as-core'
import { type BrokeredDefinition, zBrokered } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { systemContext } from '../http/context.ts'
import { beginConnect, completeConnect } from './connect-account.ts'
import { sealContent, type VaultParts } from './vault-parts.ts'

const SERVICES = ['calendar', 'drive']
const ALICE = { userId: 'alice', resourceApp: 'calendar', session: 'session-1' }

function createWorld({ fails = false, held = undefined as object | undefined, onReconnect = 'revoke' } = {}) {
  const now = { ms: 1_800_000_000_000 }
  const stored: object[] = []
  const revoked: (string | null)[] = []
  const faults: string[] = []
  const recorded: string[] = []
  const services = SERVICES.map((id) => {
    const brokered = zBrokered.parse({
      api: `https://${id}.test`,
      credential: {
        ...{ kind: 'oauth', clientId: 'crosswalk', clientAuth: 'none' },
        authorizationEndpoint: `https://${id}.test/auth`,
        tokenEndpoint: `https://${id}.test/token`,
        revocationEndpoint: `https://${id}.test/revoke`,
        onReconnect,
      },
    })
    const assignments = { everyone: false, users: ['alice', 'bob'], groups: [] }
    return [id, { definition: { id, active: true, assignments, brokered } }] as const
  })
  const parts = {
    ...{ baseUrl: 'https://idp.test', sealing: createSealing(new Uint8Array(32)) },
    clock: { nowMs: () => now.ms },
    directory: {
      judgeAndWrite: (work: () => Promise<unknown>) => work(),
      current: () => ({
        world: { 'resource-apps': new Map(services) },
        users: { findById: async (id: string) => ({ id, groups: [], active: true }) },
      }),
    },
    storage: {
      credentials: {
        find: async () => held,
        listRevoked: async () => [],
        async put(credential: object) {
          if (fails) throw new Error('the database is away')
          stored.push(credential)
          return true
        },
      },
      ledger: { commit: async ({ event }: LoggedEvent) => void recorded.push(event.type) },
    },
    fetch: () => async (url: unknown, init: RequestInit) => {
      if (!String(url).endsWith('/revoke'))
        return Response.json({ access_token: 'a token', refresh_token: 'another', token_type: 'bearer' })
      revoked.push(new URLSearchParams(String(init.body)).get('token'))
      return new Response()
    },
    onFault: (fault: unknown) => void faults.push(String(fault)),
  } as unknown as VaultParts
  return { parts, stored, revoked, recorded, faults, now }
}

/** @returns the problem, and what was stored */
async function connect(change: Partial<typeof ALICE>, { waitMs = 0, state = (given: string) => given } = {}) {
  const { parts, stored, now } = createWorld()
  const begun = await beginConnect(parts, ALICE)
  if (typeof begun === 'string') return expect.unreachable(begun)
  now.ms += waitMs
  const given = state(new URL(begun.url).searchParams.get('state') ?? '')
  const query = new URLSearchParams({ code: 'a code', state: given }).toString()
  const problem = await completeConnect(parts, systemContext('test'), { ...ALICE, ...change, query })
  return [problem, stored.length]
}

it.each([
  ['at once', 0],
  ['in the last millisecond', 599_999],
])('stores the credential if the service answers %s', async (_, waitMs) => {
  expect(await connect({}, { waitMs })).toEqual([undefined, 1])
})

it.each<[string, Parameters<typeof connect>]>([
  ['ten minutes later', [{}, { waitMs: 600_000 }]],
  ['for another user', [{ userId: 'bob' }]],
  ['of another service', [{ resourceApp: 'drive' }]],
  ['in another session', [{ session: 'session-2' }]],
  ['with a forged state', [{}, { state: () => 'forged' }]],
])('stores nothing for an answer %s', async (_, args) => {
  expect(await connect(...args)).toEqual(['unknown', 0])
})

it('offers no account at a service to a user who may not use it', async () => {
  const { parts } = createWorld()
  expect(await beginConnect(parts, { ...ALICE, userId: 'eve' })).toBe('unknown')
})

async function connectInVain(world: Parameters<typeof createWorld>[0]) {
  const { parts, revoked, recorded, faults } = createWorld({ fails: true, ...world })
  const begun = await beginConnect(parts, ALICE)
  if (typeof begun === 'string') return expect.unreachable(begun)
  const state = new URL(begun.url).searchParams.get('state') ?? ''
  const query = new URLSearchParams({ code: 'a code', state }).toString()
  const completed = completeConnect(parts, systemContext('test'), { ...ALICE, query })
  await expect(completed).rejects.toThrow('the database is away')
  return { revoked, recorded, faults: faults.length }
}

const EARLIER = {
  id: 'crd_earlier',
  sealed: sealContent({ sealing: createSealing(new Uint8Array(32)) }, 'crd_earlier', {
    brokered: { api: 'https://calendar.test' } as BrokeredDefinition,
    accessToken: 'x',
  }),
}

it.each([
  ['the first tokens', {}],
  ['the first tokens of a service that keeps earlier ones', { onReconnect: 'keep' }],
  ['tokens of a service that revokes earlier ones', { held: EARLIER }],
])('revokes %s at the service if they cannot be stored, and records that', async (_, world) => {
  expect(await connectInVain(world)).toEqual({
    ...{ revoked: ['another', 'a token'], recorded: ['vault.revoked'], faults: 0 },
  })
})

it('leaves tokens if revoking them would end an earlier connection, and records that', async () => {
  expect(await connectInVain({ onReconnect: 'keep', held: EARLIER })).toEqual({
    ...{ revoked: [], recorded: ['vault.revocation_failed'], faults: 1 },
  })
})
