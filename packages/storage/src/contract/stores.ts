// The contract of the smaller ports: accounts, access tokens, keys, password hashes, start and end.
import { expect, test } from 'vitest'

import type { AccessTokenOrigin, NewAccount, StoredKey } from '@crosswalk/authorization-server'
import type { TokenSelector } from '@crosswalk/resource-as'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { openStorage } from '../open-storage.ts'
import { useStorage } from './fixture.ts'
import { sampleAccount, sampleEntry, sampleToken, START_MS } from './samples.ts'

export function describeStores(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  let number = 0
  const keepToken = async (token: Partial<AccessTokenOrigin>): Promise<AccessTokenOrigin> => {
    number += 1
    const accessToken = sampleToken(number, token)
    await fixture.storage.ledger.commit(sampleEntry(number, { accessToken }))
    return accessToken
  }
  const keepAccount = (account: NewAccount) =>
    fixture.storage.ledger.commit(sampleEntry((number += 1), { account }))

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

  const own = {
    authorizationServer: 'as-r',
    clientId: 'client-r',
    accountId: 'acc-r',
    issuer: 'https://issuer-r.test',
    issuerSubject: 'subject-r',
    grantId: 'grant-r',
    resource: ['https://first.test/', 'https://r.test/mcp'],
  }
  const selectors: readonly TokenSelector[] = [
    { authorizationServer: own.authorizationServer },
    { id: 'token-r' },
    { clientId: own.clientId },
    { accountId: own.accountId },
    { issuer: own.issuer },
    { issuerSubject: own.issuerSubject },
    { grantId: own.grantId },
    { resource: 'https://r.test/mcp' },
    { issuer: own.issuer, issuerSubject: own.issuerSubject, clientId: own.clientId },
  ]
  test.each(selectors)('RAS-32: withdraws tokens by %j and no others, once', async (selector) => {
    const storage = await openStorage(await kind.create())
    try {
      const mine = sampleToken(1, { ...own, id: 'token-r' })
      const alike = sampleToken(2, { resource: ['https://r.test/mcp/deeper', 'https://r.test/'] })
      await storage.ledger.commit(sampleEntry(1, { accessToken: mine }))
      await storage.ledger.commit(sampleEntry(2, { accessToken: alike }))
      expect(await storage.accessTokens.revoke(selector, START_MS + 5)).toBe(1)
      expect(await storage.accessTokens.revoke(selector, START_MS + 9)).toBe(0)
      expect(await storage.accessTokens.find(own.authorizationServer, 'token-r')).toEqual({
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

  test('RAS-22: accounts are told apart by server, issuer, tenant and subject', async () => {
    const { accounts } = fixture.storage
    const base = { subject: 'same', issuer: 'https://one.test' }
    const all = [
      sampleAccount('acc-1', base),
      sampleAccount('acc-2', { ...base, tenant: 'acme' }),
      sampleAccount('acc-3', { ...base, issuer: 'https://two.test' }),
      sampleAccount('acc-4', { ...base, authorizationServer: 'notes' }),
      sampleAccount('acc-5', { ...base, subject: 'Same' }),
    ]
    for (const account of all) await keepAccount(account)
    for (const { id, authorizationServer, issuer, tenant, subject } of all) {
      expect(await accounts.findByIssuerSubject(authorizationServer, issuer, tenant, subject)).toMatchObject({
        id,
      })
    }
    expect(await accounts.findByIssuerSubject('todo0', 'https://one.test', 'other', 'same')).toBeUndefined()
  })

  test('finds accounts by own identifier, and nobody when two share one', async () => {
    const { accounts } = fixture.storage
    const one = sampleAccount('own-1', { audSub: 'u-1' })
    await keepAccount(one)
    expect(await accounts.findByOwnId('todo0', 'u-1')).toEqual({ ...one, status: 'active' })
    expect(await accounts.findByOwnId('notes', 'u-1')).toBeUndefined()
    await keepAccount(sampleAccount('own-2', { audSub: 'u-1' }))
    expect(await accounts.findByOwnId('todo0', 'u-1')).toBeUndefined()
  })

  test('finds accounts by verified e-mail in any case, all of them, and no unverified one', async () => {
    const { accounts } = fixture.storage
    await keepAccount(sampleAccount('mail-1', { email: 'Alice@Acme.test', emailVerified: true }))
    await keepAccount(sampleAccount('mail-2', { email: 'alice@acme.test', emailVerified: true }))
    await keepAccount(sampleAccount('mail-3', { email: 'alice@acme.test' }))
    const found = await accounts.findByVerifiedEmail('todo0', 'ALICE@acme.test')
    expect(found.map(({ id, email }) => [id, email])).toEqual([
      ['mail-1', 'Alice@Acme.test'],
      ['mail-2', 'alice@acme.test'],
    ])
    expect(await accounts.findByVerifiedEmail('notes', 'alice@acme.test')).toEqual([])
  })

  test('switches an account off and on, at its own server only', async () => {
    const { accounts } = fixture.storage
    await keepAccount(sampleAccount('off', { audSub: 'off' }))
    expect(await accounts.setStatus('notes', 'off', 'disabled', START_MS)).toBe(false)
    expect(await accounts.findByOwnId('todo0', 'off')).toMatchObject({ status: 'active' })
    expect(await accounts.setStatus('todo0', 'off', 'disabled', START_MS)).toBe(true)
    expect(await accounts.findByOwnId('todo0', 'off')).toMatchObject({ status: 'disabled' })
  })

  test('replaces the keys of an owner only if they are as they were seen', async () => {
    const { keys } = fixture.storage
    const [first, second] = [sampleKey('k1'), sampleKey('k2', { retireAt: START_MS + 1 })]
    expect(await keys.replace('idp', [], [first])).toBe(true)
    expect(await keys.list('idp')).toEqual([first])
    expect(await keys.replace('idp', [], [second])).toBe(false)
    expect(await keys.replace('idp', [{ ...first, state: 'retired' }], [second])).toBe(false)
    expect(await keys.list('idp')).toEqual([first])
    expect(await keys.replace('idp', [first], [first, second])).toBe(true)
    expect(await keys.list('idp')).toEqual([first, second])
    expect(await keys.list('as:todo0')).toEqual([])
    await expect(keys.replace('as:todo0', [], [first])).rejects.toThrow('belongs to idp')
  })

  test('of processes that start at once with no keys exactly one sets them', async () => {
    const processes = await Promise.all([fixture.storage, fixture.openAgain(), fixture.openAgain()])
    const key = (index: number) => sampleKey(`k-${index}`, { owner: 'as:fresh' })
    const won = await Promise.all(
      processes.map(({ keys }, index) => keys.replace('as:fresh', [], [key(index)])),
    )
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await fixture.storage.keys.list('as:fresh')).toEqual([key(won.indexOf(true))])
  })

  test('keeps password hashes with what they were made from', async () => {
    const { passwordHashes } = fixture.storage
    expect(await passwordHashes.find('usr_alice')).toBeUndefined()
    await passwordHashes.replace('usr_alice', '$argon2id$1', 'print-1')
    await passwordHashes.replace('usr_alice', '$argon2id$2', 'print-2')
    expect(await passwordHashes.find('usr_alice')).toBe('$argon2id$2')
    expect(await passwordHashes.fingerprint('usr_alice')).toBe('print-2')
    await passwordHashes.remove('usr_alice')
    expect(await passwordHashes.find('usr_alice')).toBeUndefined()
  })

  test('several processes may open a new database at once', async () => {
    const url = await kind.create()
    const opened = await Promise.all(Array.from({ length: 4 }, () => openStorage(url)))
    await Promise.all(opened.map((storage) => storage.ping()))
    await Promise.all(opened.map((storage) => storage.close()))
  })

  test('closing waits for what was handed in', async () => {
    const url = await kind.create()
    const storage = await openStorage(url)
    const pending = storage.ledger.commit(sampleEntry(1))
    await storage.close()
    expect(await pending).toEqual({ committed: true, seq: 1 })
    await expect(storage.ping()).rejects.toThrow()
  })
}

function sampleKey(kid: string, override: Partial<StoredKey> = {}): StoredKey {
  return {
    kid,
    owner: 'idp',
    purpose: 'id-jag',
    algorithm: 'ES256',
    publicJwk: { kty: 'EC', kid },
    sealedPrivateJwk: `sealed-${kid}`,
    state: 'current',
    createdAt: START_MS,
    ...override,
  }
}
