// The contract of access tokens: found as issued, revoked by their origin, removed in time.
import { expect, test } from 'vitest'

import type { AccessTokenOrigin } from '@crosswalk/as-core'
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

  test('access tokens are returned as stored, at their own server only', async () => {
    const full = await keepToken({
      tenant: 'acme',
      resource: ['https://a.test/x', 'https://b.test/"quoted"'],
      authorizationDetails: [{ type: 'payment', amount: 1.5 }],
      act: { sub: 'agent0' },
      dpopThumbprint: 'jkt',
      authTime: START_MS / 1000 - 60.5,
      acr: 'mfa',
      amr: ['otp', 'pwd'],
      userClaims: {
        email: 'a@acme.test',
        email_verified: true,
        cost_centre: { format: 'jwt', ids: [7, 'ü"'] },
      },
    })
    expect(await fixture.storage.accessTokens.find('todo0', full.id)).toEqual(full)
    expect(await fixture.storage.accessTokens.find('other', full.id)).toBeUndefined()
    expect(await fixture.storage.accessTokens.find('todo0', 'none')).toBeUndefined()
    const bare = await keepToken({})
    expect(await fixture.storage.accessTokens.find('todo0', bare.id)).toEqual(bare)
  })

  test.each(SELECTORS)('RAS-32: revokes tokens by %j and no others, once', async (selector) => {
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
      const other = Object.fromEntries(Object.keys(selector).map((key) => [key, 'something else']))
      expect(await storage.accessTokens.revoke(other, START_MS)).toBe(0)
    } finally {
      await storage.close()
    }
  })

  test('ACT-06: revokes tokens by an actor at any depth, of that issuer only', async () => {
    const named = (iss: string, sub: string, act?: object) => ({ iss, sub, sub_profile: 'service', act })
    const [ours, id] = ['https://idp.test', 'planner "1"']
    const actor = { issuer: ours, id }
    const current = await keepToken({ act: named(ours, id) })
    const nested = await keepToken({ act: named(ours, 'api', named(ours, id)) })
    const others = [
      await keepToken({ act: named('https://other.test', id) }),
      await keepToken({ act: named(ours, `${id}0`) }),
      await keepToken({ userClaims: { note: `"act":${JSON.stringify({ iss: ours, sub: id })}` } }),
    ]
    const { accessTokens } = fixture.storage
    expect(await accessTokens.revoke({ actor }, START_MS)).toBe(2)
    const isRevoked = async (token: AccessTokenOrigin) =>
      (await accessTokens.find('todo0', token.id))?.revokedAt !== undefined
    expect(await Promise.all([current, nested, ...others].map(isRevoked))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  test('RAS-32: another process can immediately find, list and revoke an issued token', async () => {
    const other = await fixture.openAgain()
    const clientId = 'client-elsewhere'
    const token = await keepToken({ clientId })
    expect(await other.accessTokens.find('todo0', token.id)).toEqual(token)
    const second = await keepToken({ clientId })
    const selectors = [{ clientId }]
    const page = await other.liveAccess.list({ selectors, nowMs: START_MS, limit: 9 })
    expect(page.items).toEqual([second, token])
    const third = await keepToken({ clientId })
    expect(await other.accessTokens.revoke({ clientId }, START_MS + 5)).toBe(3)
    expect(await fixture.storage.accessTokens.find('todo0', third.id)).toEqual({
      ...third,
      revokedAt: START_MS + 5,
    })
  })

  test('every process finds each of many tokens issued together', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 60 }, () => keepToken({ clientId: 'client-together' })),
    )
    const other = await fixture.openAgain()
    const found = await Promise.all(
      tokens.map(({ id }, index) =>
        (index % 2 === 0 ? other : fixture.storage).accessTokens.find('todo0', id),
      ),
    )
    expect(found).toEqual(tokens)
  })

  test('RAS-32: a revocation covers all tokens issued before it, however many transactions ago', async () => {
    const clientId = 'client-of-many'
    for (let count = 0; count < 70; count += 1) await keepToken({ clientId })
    expect(await fixture.storage.accessTokens.revoke({ clientId }, START_MS)).toBe(70)
    expect(await fixture.storage.accessTokens.revoke({ clientId }, START_MS)).toBe(0)
  })

  test('RAS-32: no token issued during a revocation is lost, and the next revocation covers the rest', async () => {
    const clientId = 'client-racing'
    const other = await fixture.openAgain()
    const issued = Promise.all(Array.from({ length: 60 }, () => keepToken({ clientId })))
    const during = await Promise.all(
      [fixture.storage, other, fixture.storage].map(({ accessTokens }) =>
        accessTokens.revoke({ clientId }, START_MS),
      ),
    )
    await issued
    const after = await other.accessTokens.revoke({ clientId }, START_MS)
    expect(during.reduce((sum, count) => sum + count, after)).toBe(60)
    const page = await other.liveAccess.list({ selectors: [{ clientId }], nowMs: START_MS, limit: 9 })
    expect(page.items).toEqual([])
  })

  test('RAS-32: all descendants of a token are revoked with it, but not those of another token', async () => {
    const { accessTokens, tokenDescents } = fixture.storage
    const [first, second, third, apart] = [
      await keepToken({}),
      await keepToken({}),
      await keepToken({}),
      await keepToken({}),
    ]
    const { authorizationServer, expiresAt } = first
    const about = { authorizationServer, expiresAt }
    await tokenDescents.add({ ...about, grantId: second.grantId, tokenId: first.id })
    await tokenDescents.add({ ...about, grantId: third.grantId, tokenId: second.id })
    // A token with the same id at another server
    await tokenDescents.add({
      ...about,
      authorizationServer: 'other',
      grantId: apart.grantId,
      tokenId: first.id,
    })
    expect(await tokenDescents.isOfRevoked(second.grantId)).toBe(false)
    expect(await accessTokens.revoke({ id: first.id }, START_MS + 5)).toBe(3)
    expect(await accessTokens.find('todo0', third.id)).toEqual({ ...third, revokedAt: START_MS + 5 })
    expect(await accessTokens.find('todo0', apart.id)).toEqual(apart)
    const other = await fixture.openAgain()
    expect(await other.tokenDescents.isOfRevoked(second.grantId)).toBe(true)
    expect(await other.tokenDescents.isOfRevoked(apart.grantId)).toBe(false)
    // The next revocation, whatever its selector, finds a token that was being issued during the first one.
    const late = await keepToken({ grantId: second.grantId })
    expect(await accessTokens.revoke({ clientId: 'no one' }, START_MS + 9)).toBe(1)
    expect(await accessTokens.find('todo0', late.id)).toMatchObject({ revokedAt: START_MS + 9 })
  })

  test('RAS-32: revokes tokens of ID-JAGs issued up to a given time, and no later ones', async () => {
    const { grantIssuedAt } = await keepToken({ clientId: 'client-until' })
    const { accessTokens } = fixture.storage
    const until = (grantIssuedUntil: number) =>
      accessTokens.revoke({ clientId: 'client-until', grantIssuedUntil }, START_MS)
    expect(await until(grantIssuedAt - 0.001)).toBe(0)
    expect(await until(grantIssuedAt)).toBe(1)
  })

  test('revokes tokens of other tenants, and of none', async () => {
    const { accessTokens } = fixture.storage
    const of = { clientId: 'client-tenants' }
    for (const origin of [{}, { tenant: 'lost' }, { tenant: 'kept' }]) await keepToken({ ...of, ...origin })
    expect(await accessTokens.revoke({ ...of, exceptTenants: ['kept', 'new'] }, START_MS)).toBe(2)
    expect(await accessTokens.revoke({ ...of, tenant: 'kept' }, START_MS)).toBe(1)
  })

  test('revokes tokens of the code flow only', async () => {
    const { accessTokens } = fixture.storage
    const of = { clientId: 'client-flows' }
    const grantType = 'authorization_code'
    const userClaims = { grantType: 'urn:another' }
    for (const origin of [{ userClaims }, { grantType } as const, {}]) await keepToken({ ...of, ...origin })
    expect(await accessTokens.revoke({ ...of, grantType }, START_MS)).toBe(1)
    expect(await accessTokens.revoke(of, START_MS)).toBe(2)
  })

  test('revokes a just expired token while a server with another clock may accept it, but not later', async () => {
    const { accessTokens } = fixture.storage
    const expiresAt = START_MS / 1000 + 600
    await keepToken({ clientId: 'client-just-over', expiresAt })
    const at = (secondsLater: number) =>
      accessTokens.revoke({ clientId: 'client-just-over' }, (expiresAt + secondsLater) * 1000)
    expect(await at(60)).toBe(0)
    expect(await at(59.999)).toBe(1)
  })

  test('refuses an empty selector, which would revoke everything', async () => {
    await expect(fixture.storage.accessTokens.revoke({}, START_MS)).rejects.toThrow(TypeError)
  })

  test('lists live tokens, newest first, in pages and by any of several selectors', async () => {
    const storage = await openStorage(await kind.create())
    try {
      const nowMs = START_MS + 1000
      const ends = { expiresAt: nowMs / 1000 + 60 }
      const tokens = [
        sampleToken(1, { ...ends, id: 'a', clientId: 'one' }),
        sampleToken(2, { ...ends, id: 'b', clientId: 'two' }),
        sampleToken(3, { ...ends, id: 'c', clientId: 'one', issuerSubject: 'carol' }),
        sampleToken(4, { id: 'over', expiresAt: nowMs / 1000 }),
        sampleToken(5, { ...ends, id: 'canceled' }),
      ]
      for (const [index, accessToken] of tokens.entries())
        await storage.ledger.commit(sampleEntry(index + 1, { accessToken }))
      await storage.accessTokens.revoke({ id: 'canceled' }, START_MS)
      const list = async (selectors: readonly TokenSelector[], more: object = {}) => {
        const page = await storage.liveAccess.list({ selectors, nowMs, limit: 50, ...more })
        return { ids: page.items.map(({ id }) => id).join(' '), next: page.next }
      }
      expect(await list([{}])).toEqual({ ids: 'c b a', next: undefined })
      expect(await list([])).toEqual({ ids: '', next: undefined })
      expect((await list([{ clientId: 'two' }, { issuerSubject: 'carol' }])).ids).toBe('c b')
      expect((await list([{ clientId: 'one', issuerSubject: 'carol' }])).ids).toBe('c')
      const first = await list([{}], { limit: 2 })
      expect(first.ids).toBe('c b')
      expect(await list([{}], { limit: 2, cursor: first.next })).toEqual({ ids: 'a', next: undefined })
      await expect(list([{}], { cursor: 'nonsense' })).rejects.toThrow('cursor')
    } finally {
      await storage.close()
    }
  })

  test('counts, up to a limit, the tokens that a revocation would end, and their users', async () => {
    const storage = await openStorage(await kind.create())
    try {
      const nowMs = START_MS + 1000
      const now = nowMs / 1000
      const carol = { issuerSubject: 'carol' }
      const tokens = [
        sampleToken(1, { id: 'a', clientId: 'one', expiresAt: now + 60 }),
        sampleToken(2, { id: 'b', clientId: 'one', expiresAt: now - 59 }),
        sampleToken(3, { id: 'over', clientId: 'one', expiresAt: now - 60 }),
        sampleToken(4, { ...carol, id: 'c', clientId: 'one', expiresAt: now + 60 }),
        sampleToken(5, { ...carol, id: 'd', clientId: 'two', expiresAt: now + 60 }),
        sampleToken(6, { id: 'child', clientId: 'three', grantId: 'child', expiresAt: now + 60 }),
        sampleToken(7, { id: 'grandchild', clientId: 'four', grantId: 'grandchild', expiresAt: now + 60 }),
        sampleToken(8, { id: 'revoked', clientId: 'one', expiresAt: now + 60 }),
        // Another user, although the subject is the same.
        sampleToken(9, { ...carol, id: 'e', issuer: 'https://other.test', expiresAt: now + 60 }),
        sampleToken(10, { id: 'revoked child', grantId: 'revoked', expiresAt: now + 60 }),
        sampleToken(11, { id: 'child of another d', grantId: 'other', expiresAt: now + 60 }),
      ]
      for (const [index, accessToken] of tokens.entries())
        await storage.ledger.commit(sampleEntry(index + 1, { accessToken }))
      const descent = { authorizationServer: 'todo0', expiresAt: now + 60 }
      await storage.tokenDescents.add({ ...descent, grantId: 'revoked', tokenId: 'd' })
      await storage.tokenDescents.add({
        ...descent,
        authorizationServer: 'notes0',
        grantId: 'other',
        tokenId: 'd',
      })
      await storage.accessTokens.revoke({ id: 'revoked child' }, START_MS)
      await storage.tokenDescents.add({ ...descent, grantId: 'child', tokenId: 'd' })
      await storage.tokenDescents.add({ ...descent, grantId: 'grandchild', tokenId: 'child' })
      await storage.accessTokens.revoke({ id: 'revoked' }, START_MS)
      const count = (selectors: readonly TokenSelector[], most = 100) =>
        storage.liveAccess.countRevocable({ selectors, nowMs, most })
      expect(await count([{ clientId: 'one' }])).toEqual({ tokens: 3, users: 2, hasMore: false })
      expect(await count([{ clientId: 'one' }], 3)).toEqual({ tokens: 3, users: 2, hasMore: false })
      expect(await count([{ clientId: 'one' }], 2)).toMatchObject({ tokens: 2, hasMore: true })
      // A token that several selectors match counts once.
      const both = [
        { clientId: 'two' },
        { issuerSubject: 'carol' },
        { issuerSubject: 'carol', clientId: 'one' },
      ]
      expect(await count(both)).toEqual({ tokens: 5, users: 3, hasMore: false })
      expect(await count([])).toEqual({ tokens: 0, users: 0, hasMore: false })
      expect(await count([{ clientId: 'none' }])).toEqual({ tokens: 0, users: 0, hasMore: false })
      await expect(count([{}])).rejects.toThrow(TypeError)
      for (const selector of both) await storage.accessTokens.revoke(selector, nowMs)
      expect(await count(both)).toEqual({ tokens: 0, users: 0, hasMore: false })
    } finally {
      await storage.close()
    }
  })

  test('finds when the last JWT that matches any selector expires, revoked or not', async () => {
    const storage = await openStorage(await kind.create())
    try {
      const nowMs = START_MS + 1000
      const now = nowMs / 1000
      const tokens = [
        sampleToken(1, { id: 'a', clientId: 'one', format: 'jwt', expiresAt: now + 60 }),
        sampleToken(2, { id: 'b', clientId: 'two', format: 'jwt', expiresAt: now + 90 }),
        sampleToken(3, { id: 'c', clientId: 'one', format: 'opaque', expiresAt: now + 600 }),
        sampleToken(4, { id: 'd', clientId: 'three', format: 'jwt', expiresAt: now }),
      ]
      for (const [index, accessToken] of tokens.entries())
        await storage.ledger.commit(sampleEntry(index + 1, { accessToken }))
      await storage.accessTokens.revoke({ id: 'b' }, START_MS)
      const find = (...selectors: readonly TokenSelector[]) =>
        storage.liveAccess.findLastExpiry({ selectors, nowMs })
      expect(await find({})).toBe(now + 90)
      expect(await find({ clientId: 'one' })).toBe(now + 60)
      expect(await find({ clientId: 'one' }, { clientId: 'two' })).toBe(now + 90)
      expect(await find({ clientId: 'three' })).toBeUndefined()
      expect(await find()).toBeUndefined()
    } finally {
      await storage.close()
    }
  })
}
