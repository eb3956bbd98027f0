import type { LedgerEntry } from '@crosswalk/as-core'
import { compileRedemptionSnapshot, type Revocation } from '@crosswalk/policy'
import { zAuthorizationServer } from '@crosswalk/protocol'
import type { TokenSelector } from '@crosswalk/resource-as'
import { expect, it } from 'vitest'

import { revokeHeld } from './revoke-held.ts'

const NOW_MS = Date.parse('2026-06-01T12:00:00Z')
const ISSUER = 'https://idp.test'

async function sweep(revocations: readonly Revocation[], live: number) {
  const selectors: TokenSelector[] = []
  const entries: LedgerEntry[] = []
  const settings = { issuer: 'https://as.test', clockSkewSeconds: 0 }
  const server = compileRedemptionSnapshot(
    1,
    settings,
    zAuthorizationServer.parse({ id: 'todo' }),
    revocations,
  )
  await revokeHeld({
    redemption: new Map([['todo', server]]),
    accessTokens: {
      find: async () => undefined,
      revoke: async (selector) => {
        selectors.push(selector)
        return live
      },
    },
    ledger: {
      commit: async (entry) => {
        entries.push(entry)
        return { committed: true, chain: 'admin', seq: entries.length }
      },
    },
    clock: { nowMs: () => NOW_MS },
  })
  return { selectors, entries }
}

it('revokes the tokens at each resource of an active act, and records their number', async () => {
  const act = {
    id: 'connection:c',
    issuer: ISSUER,
    clientId: 'agent',
    resources: ['https://a.test', 'https://b.test'],
  }
  const { selectors, entries } = await sweep([act], 2)
  const born = { authorizationServer: 'todo', issuer: ISSUER, clientId: 'agent' }
  expect(selectors).toEqual([
    { ...born, resource: 'https://a.test' },
    { ...born, resource: 'https://b.test' },
  ])
  expect(entries).toMatchObject([
    { log: 'admin', event: { type: 'token.revoked', change: { revoked_tokens: 4 } } },
  ])
})

it('records nothing if no token was live', async () => {
  const { selectors, entries } = await sweep([{ id: 'user:u', issuer: ISSUER, subject: 'u' }], 0)
  expect(selectors).toEqual([{ authorizationServer: 'todo', issuer: ISSUER, issuerSubject: 'u' }])
  expect(entries).toEqual([])
})

it.each([
  ['2026-06-01T12:00:00Z', 0],
  ['2026-06-01T12:00:01Z', 1],
])('an act until %s revokes %d times at noon', async (until, times) => {
  expect((await sweep([{ id: 'b', issuer: ISSUER, until }], 1)).selectors).toHaveLength(times)
})
