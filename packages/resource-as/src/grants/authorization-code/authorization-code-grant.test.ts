// What counts when a code is redeemed: the account as it is by then, and revocations of the account that the code leads to.
import { createSealing, type NewAccount, parseForm } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { issueCode, type SealedCode } from '../../authorization/codes.ts'
import type { Account } from '../../ports.ts'
import { createReceivedRevocations } from '../../security-events/received-revocations.ts'
import { createAuthorizationCode } from './authorization-code-grant.ts'
import { observeCode } from './observe-code.ts'

const NOW = 1_800_000_000
const CLOCK = { nowMs: () => NOW * 1000 }
const CODE = {
  ...{ clientId: 'web', redirectUri: 'https://web.test/', codeChallenge: 'c', dpopJkt: undefined },
  ...{
    resource: [],
    scope: [],
    accountId: 'acc-1',
    issuer: 'https://idp.test',
    subject: 'alice',
    tenant: undefined,
  },
} as unknown as SealedCode
const NEW = { id: 'acc-1', issuer: 'https://idp.test', subject: 'alice' } as NewAccount

it.each<[string, object | undefined, object]>([
  ['is created with the first token', undefined, { state: 'new', id: 'acc-1' }],
  ['was created since', { status: 'active' }, { state: 'found', id: 'acc-1', active: true }],
  ['was created and disabled since', { status: 'disabled' }, { state: 'found', id: 'acc-1', active: false }],
])('an account that %s', async (_, kept, account) => {
  const sealing = createSealing(new Uint8Array(32))
  const code = issueCode({ ...CODE, newAccount: NEW }, { sealing, clock: CLOCK, server: 'main' })
  const deps = {
    ...{ sealing, snapshot: () => ({ id: 'main' }) },
    accounts: { findById: async () => kept && ({ ...NEW, ...kept } as Account) },
  }
  const request = { form: parseForm(new URLSearchParams({ code }).toString()) }
  const caller = { client: { state: 'authenticated', clientId: 'web' } }
  const facts = await observeCode(request as never, caller as never, deps as never)
  expect(facts.account).toMatchObject(account)
})

it.each([
  ['acc-1', 'set-1'],
  ['acc-2', undefined],
])('a revocation of the account %s is found as %s', async (accountId, revokedBy) => {
  const store = {
    add: async () => undefined,
    listOf: async () => [],
    listAfter: async () => [],
    forgetExpired: async () => undefined,
  }
  const receivedRevocations = createReceivedRevocations(store)
  const until = { issuedUntil: NOW, expiresAt: NOW + 60, rememberedUntil: NOW + 60 }
  await receivedRevocations.add([
    { id: 'set-1', authorizationServer: 'main', issuer: 'https://idp.test', accountId, ...until },
  ])
  const { observeNow } = createAuthorizationCode({ receivedRevocations } as never)
  const facts = { code: { ...CODE, jti: 'j', iat: NOW, exp: NOW + 60 } }
  expect(observeNow?.(facts as never, { id: 'main' } as never)).toMatchObject({ revokedBy })
})
