// The contract of access tokens: found as they were issued, withdrawn by what they came from, forgotten in time.
import { expect, test } from 'vitest'

import type { AccessTokenOrigin } from '@crosswalk/authorization-server'
import type { TokenSelector } from '@crosswalk/resource-as'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { openStorage } from '../open-storage.ts'
import { useStorage } from './fixture.ts'
import { sampleEntry, sampleToken, START_MS } from './samples.ts'

const OWN = {
  authorizationServer: 'as-r',
  clientId: 'client-r',
  accountId: 'acc-r',
  issuer: 'https://issuer-r.test',
  issuerSubject: 'subject-r',
  grantId: 'grant-r',
  tenant: 'tenant-r',
  resource: ['https://first.test/', 'https://r.test/mcp'],
}
const SELECTORS: readonly TokenSelector[] = [
  { authorizationServer: OWN.authorizationServer },
  { id: 'token-r' },
  { clientId: OWN.clientId },
  { accountId: OWN.accountId },
  { issuer: OWN.issuer },
  { issuerSubject: OWN.issuerSubject },
  { grantId: OWN.grantId },
  { resource: 'https://r.test/mcp' },
  { tenant: OWN.tenant },
  { issuer: OWN.issuer, issuerSubject: OWN.issuerSubject, clientId: OWN.clientId },
]
export function describeTokens(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  let number = 0
  const keepToken = async (token: Partial<AccessTokenOrigin>): Promise<AccessTokenOrigin> => {
    number += 1
    const accessToken = sampleToken(number, token)
    await fixture.storage.ledger.commit(sampleEntry(number, { accessToken }))
    return accessToken
  }

  test('access tokens come back as they went in, at their own server only', async () => {
    const full = await keepToken({
      tenant: 'acme',
      resource: ['https://a.test/x', 'https://b.test/"quoted"'],
      authorizationDetails: [{ type: 'payment', amount: 1.5 }],
      act: { sub: 'agent0' },
      dpopThumbprint: 'jkt',
      authTime: START_MS / 1000 - 60.5,
      acr: 'mfa',
    })
    expect(await fixture.storage.accessTokens.find('todo0', full.id)).toEqual(full)
    expect(await fixture.storage.accessTokens.find('other', full.id)).toBeUndefined()
    expect(await fixture.storage.accessTokens.find('todo0', 'none')).toBeUndefined()
    const bare = await keepToken({})
    expect(await fixture.storage.accessTokens.find('todo0', bare.id)).toEqual(bare)
  })

  test.each(SELECTORS)('RAS-32: withdraws tokens by %j and no others, once', async (selector) => {
    const storage = await openStorage(await kind.create())
    try {
      const mine = sampleToken(1, { ...OWN, id: 'token-r' })
      const alike = sampleToken(2, { resource: ['https://r.test/mcp/deeper', 'https://r.test/'] })
      await storage.ledger.commit(sampleEntry(1, { accessToken: mine }))
      await storage.ledger.commit(sampleEntry(2, { accessToken: alike }))
      expect(await storage.accessTokens.revoke(selector, START_MS + 5)).toBe(1)
      expect(await storage.accessTokens.revoke(selector, START_MS + 9)).toBe(0)
      expect(await storage.accessTokens.find(OWN.authorizationServer, 'token-r')).toEqual({
        ...mine,
        revokedAt: START_MS + 5,
      })
      expect(await storage.accessTokens.find('todo0', alike.id)).toEqual(alike)
      const other = Object.fromEntries(Object.keys(selector).map((key) => [key, 'nothing like it']))
      expect(await storage.accessTokens.revoke(other, START_MS)).toBe(0)
    } finally {
      await storage.close()
    }
  })

  test('withdraws tokens issued until a moment, and none after it', async () => {
    const { issuedAt } = await keepToken({ clientId: 'client-until' })
    const { accessTokens } = fixture.storage
    const until = (issuedUntil: number) =>
      accessTokens.revoke({ clientId: 'client-until', issuedUntil }, START_MS)
    expect(await until(issuedAt - 0.001)).toBe(0)
    expect(await until(issuedAt)).toBe(1)
  })

  test('refuses to withdraw by nothing, which would be everything', async () => {
    await expect(fixture.storage.accessTokens.revoke({}, START_MS)).rejects.toThrow(TypeError)
  })

  test('forgets access tokens only after they expired', async () => {
    const token = await keepToken({ id: 'short', expiresAt: 1_000 })
    expect(await fixture.storage.expiry.forgetExpiredAccessTokens(1_000)).toBe(0)
    expect(await fixture.storage.accessTokens.find('todo0', 'short')).toEqual(token)
    expect(await fixture.storage.expiry.forgetExpiredAccessTokens(1_001)).toBe(1)
    expect(await fixture.storage.accessTokens.find('todo0', 'short')).toBeUndefined()
  })
}
