// The contract of accounts: each lookup finds the right account or none, and reports a deactivated account as such.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { expect, test } from 'vitest'

import type { NewAccount } from '@crosswalk/as-core'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { useStorage } from './fixture.ts'
import type { StoredAccounts } from '../stores/accounts.ts'
import { sampleAccount, sampleEntry, sampleEvent, START_MS } from './samples.ts'

/** The event of a changed status */
const SWITCHED = 'account.disabled'
const ALICE = { issuer: 'https://idp.test', subject: 'alice' }

export function describeAccounts(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)
  let number = 0
  const keepAccount = (account: NewAccount) =>
    fixture.storage.ledger.commit(sampleEntry((number += 1), { account }))
  const switchAccount = (
    accounts: StoredAccounts,
    id: string,
    status: 'active' | 'disabled',
    server = 'todo0',
  ) => {
    const event = sampleEvent((number += 1), { type: SWITCHED })
    return accounts.setStatus(server, id, { status, at: START_MS, event: { log: 'admin', event } })
  }

  test('RAS-22: accounts are distinguished by server, issuer, tenant and subject', async () => {
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

  test('finds accounts by own identifier, at their own server only', async () => {
    const { accounts } = fixture.storage
    const one = sampleAccount('own-1', { audSub: 'u-1' })
    await keepAccount(one)
    expect(await accounts.findByOwnId('todo0', 'u-1', ALICE)).toEqual([{ ...one, status: 'active' }])
    expect(await accounts.findByOwnId('notes', 'u-1', ALICE)).toEqual([])
    expect(await accounts.findByOwnId('todo0', 'u-2', ALICE)).toEqual([])
  })

  test('SAML-08: finds accounts by the digest of a SAML name', async () => {
    const { accounts } = fixture.storage
    const one = sampleAccount('saml-1', { subIdKey: 'digest-1' })
    await keepAccount(one)
    await keepAccount(sampleAccount('saml-2'))
    expect(await accounts.findBySubId('todo0', 'digest-1')).toEqual([{ ...one, status: 'active' }])
    expect(await accounts.findBySubId('notes', 'digest-1')).toEqual([])
    expect(await accounts.findBySubId('todo0', 'digest-2')).toEqual([])
  })

  test('finds accounts by a verified email address in any case, but not by an unverified one', async () => {
    const { accounts } = fixture.storage
    await keepAccount(sampleAccount('mail-1', { email: 'Alice@Acme.test', emailVerified: true }))
    await keepAccount(sampleAccount('mail-2', { email: 'alice@acme.test' }))
    const found = await accounts.findByVerifiedEmail('todo0', 'ALICE@acme.test', ALICE)
    expect(found.map(({ id, email }) => [id, email])).toEqual([['mail-1', 'Alice@Acme.test']])
    expect(await accounts.findByVerifiedEmail('notes', 'alice@acme.test', ALICE)).toEqual([])
  })

  test('RAS-30: an imported account keeps the first identity that its address found', async () => {
    const { accounts } = fixture.storage
    const imported = { issuer: '', email: 'Ann@acme.test', emailVerified: true }
    await keepAccount(sampleAccount('import-1', { ...imported, subject: 'email:ann@acme.test' }))
    await keepAccount(sampleAccount('import-2', { ...imported, subject: 'second', email: 'bob@acme.test' }))
    const ann = { issuer: 'https://idp.test', tenant: 'acme', subject: 'ann', email: 'ann@acme.test' }
    await accounts.link?.('todo0', 'import-1', { ...ann, email: 'other@acme.test' })
    expect(await accounts.findById('todo0', 'import-1')).toMatchObject({ issuer: '' })
    await accounts.link?.('todo0', 'import-1', ann)
    await accounts.link?.('todo0', 'import-1', { ...ann, subject: 'later' })
    expect(await accounts.findByIssuerSubject('todo0', ann.issuer, 'acme', 'ann')).toMatchObject({
      id: 'import-1',
    })
    expect(await accounts.findByIssuerSubject('todo0', ann.issuer, 'acme', 'later')).toBeUndefined()
    expect(await accounts.findById('todo0', 'import-2')).toMatchObject({ issuer: '', subject: 'second' })
  })

  test('RAS-30: an unverified address links no account', async () => {
    const { accounts } = fixture.storage
    const eve = { issuer: '', subject: 'email:eve@acme.test', email: 'eve@acme.test' }
    await keepAccount(sampleAccount('unverified', { ...eve, emailVerified: false }))
    await accounts.link?.('todo0', 'unverified', { ...eve, issuer: 'https://idp.test', subject: 'eve' })
    expect(await accounts.findById('todo0', 'unverified')).toMatchObject({ issuer: '' })
  })

  test('RAS-30: an account has one identity at each further issuer that its address found', async () => {
    const { accounts } = fixture.storage
    await keepAccount(sampleAccount('two-1', { email: 'Kim@acme.test', emailVerified: true }))
    const own = await accounts.findById('todo0', 'two-1')
    const kim = { issuer: 'https://second.test', subject: 'kim', email: 'kim@acme.test' }
    const findAt = (issuer: string, tenant?: string) =>
      accounts.findByVerifiedEmail('todo0', 'kim@acme.test', { issuer, ...(tenant && { tenant }) })
    await accounts.link?.('todo0', 'two-1', { ...kim, email: 'other@acme.test' })
    expect(await accounts.findByIssuerSubject('todo0', kim.issuer, undefined, 'kim')).toBeUndefined()
    await accounts.link?.('todo0', 'two-1', kim)
    await accounts.link?.('todo0', 'two-1', { ...kim, subject: 'later' })
    await accounts.link?.('todo0', 'two-1', { ...kim, tenant: 'acme', subject: 'of acme' })
    const linked = { ...own, issuer: kim.issuer, subject: 'kim' }
    expect(await accounts.findByIssuerSubject('todo0', kim.issuer, undefined, 'kim')).toEqual(linked)
    expect(await accounts.findByIssuerSubject('notes', kim.issuer, undefined, 'kim')).toBeUndefined()
    expect(await accounts.findByIssuerSubject('todo0', kim.issuer, undefined, 'later')).toBeUndefined()
    expect(await findAt(kim.issuer)).toEqual([linked])
    expect(await findAt(kim.issuer, 'acme')).toEqual([{ ...linked, tenant: 'acme', subject: 'of acme' }])
    expect(await findAt('https://third.test')).toEqual([own])
    expect(await accounts.findById('todo0', 'two-1')).toEqual(own)
    const listed = await accounts.list({ server: 'todo0', after: undefined, limit: 9, q: 'kim' })
    expect(listed.map(({ id }) => id)).toEqual(['two-1'])
    expect(await accounts.listLinks('todo0', ['two-1', 'mail-1'])).toEqual([
      { accountId: 'two-1', issuer: kim.issuer, subject: 'kim' },
      { accountId: 'two-1', issuer: kim.issuer, tenant: 'acme', subject: 'of acme' },
    ])
    for (const [server, id] of [
      ['notes', 'two-1'],
      ['todo0', 'mail-1'],
    ] as const)
      expect(await accounts.listLinks(server, [id])).toEqual([])
  })

  test('RAS-30: an account has an identity in another tenant of its issuer, and keeps the one in its own', async () => {
    const { accounts } = fixture.storage
    const pat = { issuer: 'https://tenants.test', email: 'pat@acme.test', emailVerified: true }
    await keepAccount(sampleAccount('tenants-1', { ...pat, tenant: 'one', subject: 'pat' }))
    await accounts.link?.('todo0', 'tenants-1', { ...pat, tenant: 'one', subject: 'later' })
    await accounts.link?.('todo0', 'tenants-1', { ...pat, tenant: 'two', subject: 'of two' })
    const find = async (tenant: string, subject: string) =>
      (await accounts.findByIssuerSubject('todo0', pat.issuer, tenant, subject))?.id
    expect(await find('one', 'pat')).toBe('tenants-1')
    expect(await find('one', 'later')).toBeUndefined()
    expect(await find('two', 'of two')).toBe('tenants-1')
  })

  test('RAS-32: finds the current state of accounts by id, at their own server only', async () => {
    const { accounts } = fixture.storage
    const account = sampleAccount('by-id')
    await keepAccount(account)
    expect(await accounts.findById('todo0', 'by-id')).toEqual({ ...account, status: 'active' })
    expect(await accounts.findById('notes', 'by-id')).toBeUndefined()
    expect(await accounts.findById('todo0', 'nobody')).toBeUndefined()
    await switchAccount(accounts, 'by-id', 'disabled')
    expect(await accounts.findById('todo0', 'by-id')).toMatchObject({ status: 'disabled' })
    const other = await fixture.openAgain()
    await switchAccount(other.accounts, 'by-id', 'active')
    // Writes of other processes are looked for once per turn of the event loop.
    await nextTurn()
    expect(await accounts.findById('todo0', 'by-id')).toMatchObject({ status: 'active' })
  })

  test('lists the accounts of one server by id, page by page, with each filter', async () => {
    const { accounts } = fixture.storage
    const server = 'listed'
    for (const [id, more] of [
      ['list-3', { audSub: 'own' }],
      ['list-1', { email: 'A@acme.test', emailVerified: true }],
      ['list-2', { email: 'a@acme.test' }],
    ] as const)
      await keepAccount(sampleAccount(id, { authorizationServer: server, subject: id, ...more }))
    const idsOf = async (query: Partial<Parameters<typeof accounts.list>[0]>) =>
      (await accounts.list({ server, after: undefined, limit: 10, ...query })).map(({ id }) => id)
    expect(await idsOf({})).toEqual(['list-1', 'list-2', 'list-3'])
    expect(await idsOf({ limit: 1, after: 'list-1' })).toEqual(['list-2'])
    expect(await idsOf({ q: 'a@ACME.test' })).toEqual(['list-1', 'list-2'])
    expect(await idsOf({ q: 'own' })).toEqual(['list-3'])
    expect(await idsOf({ q: 'list-2' })).toEqual(['list-2'])
    expect(await idsOf({ email: 'a@acme.test' })).toEqual(['list-1'])
    expect(await idsOf({ ownId: 'own', email: 'a@acme.test' })).toEqual(['list-1', 'list-3'])
    expect(await idsOf({ server: 'elsewhere' })).toEqual([])
  })

  test('deactivates an account at its own server only, and records that', async () => {
    const { accounts, events } = fixture.storage
    await keepAccount(sampleAccount('off', { audSub: 'off' }))
    const countRecorded = async () => (await events.list({ types: [SWITCHED], limit: 100 })).items.length
    const before = await countRecorded()
    expect(await switchAccount(accounts, 'off', 'disabled', 'notes')).toBe(false)
    expect(await countRecorded()).toBe(before)
    expect(await accounts.findByOwnId('todo0', 'off', ALICE)).toMatchObject([{ status: 'active' }])
    expect(await switchAccount(accounts, 'off', 'disabled')).toBe(true)
    expect(await countRecorded()).toBe(before + 1)
    expect(await accounts.findByOwnId('todo0', 'off', ALICE)).toMatchObject([{ status: 'disabled' }])
  })

  test('a change of the status outdates grants decided before it, also by other processes', async () => {
    const { accounts, objects } = fixture.storage
    const other = await fixture.openAgain()
    await keepAccount(sampleAccount('outdated', { subject: 'outdated' }))
    const before = await objects.revision()
    const grant = (number: number) =>
      other.ledger.commit(sampleEntry(number, { log: 'as:accounts', definedAt: before }))
    expect(await switchAccount(accounts, 'none', 'disabled')).toBe(false)
    expect(await grant(1)).toMatchObject({ committed: true })
    expect(await switchAccount(accounts, 'outdated', 'disabled')).toBe(true)
    expect(await grant(2)).toEqual({ committed: false, changedAt: before + 1 })
  })
}
