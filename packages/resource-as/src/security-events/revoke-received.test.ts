import { expect, it } from 'vitest'

import type { AccessTokens, TokenSelector } from '../ports.ts'
import type { ReceivedRevocation } from './received-revocations.ts'
import { revokeReceived } from './revoke-received.ts'

const BASE: ReceivedRevocation = {
  id: 'set-1',
  authorizationServer: 'todo0',
  issuer: 'https://idp.test',
  issuedUntil: 1000.5,
  expiresAt: 1400,
  rememberedUntil: 5000,
}
const SELECTOR: TokenSelector = {
  authorizationServer: 'todo0',
  issuer: 'https://idp.test',
  grantIssuedUntil: 1000.5,
}

async function takeBack(change: Partial<ReceivedRevocation>) {
  const asked: TokenSelector[] = []
  const revoke = async (selector: TokenSelector) => asked.push(selector)
  const accessTokens = { find: async () => undefined, revoke } as AccessTokens
  const count = await revokeReceived(
    { ...BASE, ...change },
    { accessTokens, clock: { nowMs: () => 2_000_000 } },
  )
  return { asked, count }
}

it.each<[string, Partial<ReceivedRevocation>, TokenSelector]>([
  ['everything of the issuer', {}, {}],
  ['of a tenant', { tenant: 'acme' }, { tenant: 'acme' }],
  ['of a subject', { subject: 'alice' }, { issuerSubject: 'alice' }],
  ['of an account named by address', { accountId: 'acc-1' }, { accountId: 'acc-1' }],
  ['of a client', { clientId: 'agent0' }, { clientId: 'agent0' }],
  ['of one grant', { grantId: 'g' }, { grantId: 'g' }],
  ['of codes', { onlySignIns: true }, { grantType: 'authorization_code' }],
])('REV-05: revokes the tokens %s from earlier ID-JAGs, whenever it is called', async (_, change, more) => {
  expect((await takeBack(change)).asked).toEqual([{ ...SELECTOR, ...more }])
})

it('REV-05: revokes the tokens of every resource that the event names', async () => {
  const resources = ['https://a.test/', 'https://b.test/']
  const { asked, count } = await takeBack({ subject: 'alice', resources })
  expect(asked).toEqual(resources.map((resource) => ({ ...SELECTOR, issuerSubject: 'alice', resource })))
  expect(count).toBe(3)
})

it('revokes no token if the connection is only suspended', async () => {
  expect(await takeBack({ clientId: 'agent0', onlyIdJags: true })).toEqual({ asked: [], count: 0 })
})
