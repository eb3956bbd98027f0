// Accounts at an authorization server: imported before their first visit, found by the imported keys, and disabled.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'

import { AGENT, company, TODO } from '../support/company.ts'
import { exchange, isLive, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { type Admin, ADMIN_TOKEN, adminOf } from './admin.ts'

let server: TestServer
let admin: Admin

beforeAll(async () => {
  server = await startTestServer({
    file(baseUrl) {
      return company(baseUrl, {
        authorizationServer: {
          trustedIssuers: [
            {
              issuer: baseUrl,
              subject: ['iss_sub', 'email'],
              emailDomains: ['acme.test'],
              provisioning: 'none',
            },
          ],
        },
      })
    },
  })
  admin = adminOf(server.baseUrl)
})
afterAll(() => server.stop())

interface Account {
  readonly id: string
  readonly issuer: string | null
  readonly status: string
}

const PATH = '/authorization-servers/vendor/accounts'

async function importAccounts(...accounts: readonly object[]) {
  const { status, body } = await admin('POST', PATH, { body: { accounts, reason: 'users of the product' } })
  return {
    status,
    ...(body as {
      items: readonly { id: string | null; result: string }[]
      created: number
      refused: number
    }),
  }
}

const list = async (query = '') =>
  (await admin('GET', `${PATH}${query}`)).body as { items: readonly Account[]; next: string | null }

async function cross(username: string) {
  const { idToken } = await signInFor(server.baseUrl, username, AGENT)
  const { body } = await exchange(server.baseUrl, idToken, { resource: TODO })
  return redeem(server.baseUrl, String(body.access_token))
}

describe('accounts', () => {
  test('that were imported are found with `provisioning: none`, by issuer and subject or by verified address', async () => {
    expect((await cross('carol')).status).toBe(400)
    const imported = await importAccounts(
      { issuer: server.baseUrl, subject: 'usr_carol', name: 'Carol' },
      { ownId: 'u-alice', email: 'Alice@acme.test', emailVerified: true },
    )
    expect(imported).toMatchObject({ status: 200, created: 2, refused: 0 })
    expect((await cross('carol')).status).toBe(200)
    const { status, body } = await cross('alice')
    expect([status, await isLive(server.baseUrl, String(body.access_token))]).toEqual([200, true])
    const again = await importAccounts(
      { issuer: server.baseUrl, subject: 'usr_carol' },
      { ownId: 'u-alice', email: 'Alice@acme.test', emailVerified: true },
    )
    expect(again.items).toEqual(imported.items.map(({ id }) => ({ id, result: 'exists' })))
    // A user who gets the address later is not alice.
    const linked = { ownId: 'u-alice', issuer: server.baseUrl, subject: 'usr_alice' }
    expect((await list('?q=u-alice')).items).toMatchObject([linked])
    const events = await server.events((reader) =>
      reader.list({ log: 'admin', types: ['account.created'], limit: 10 }),
    )
    expect(events.items.map(({ event }) => [event.target?.id, event.reason])).toEqual(
      imported.items.map(({ id }) => [id, 'users of the product']).toReversed(),
    )
  })

  it('rejects an own id or verified address that another account has, and untrusted issuers', async () => {
    const { items, created, refused } = await importAccounts(
      { ownId: 'u-twice', name: 'one' },
      { ownId: 'u-twice', issuer: server.baseUrl, subject: 'usr_bob' },
      { ownId: 'u-other', email: 'ALICE@acme.test', emailVerified: true },
      { ownId: 'u-unverified', email: 'alice@acme.test' },
      { issuer: 'https://stranger.example', subject: 'x' },
    )
    expect(items.map(({ result }) => result)).toEqual([
      'created',
      'own-id-taken',
      'email-taken',
      'created',
      'issuer-not-trusted',
    ])
    expect([created, refused]).toEqual([2, 3])
  })

  it('lists accounts page by page, and finds them by each of their keys', async () => {
    const first = await list('?limit=1')
    const second = await list(`?limit=200&cursor=${first.next}`)
    const all = await list('?limit=200')
    expect([...first.items, ...second.items]).toEqual(all.items)
    expect(all.next).toBeNull()
    expect((await list('?q=usr_carol')).items).toMatchObject([{ issuer: server.baseUrl, name: 'Carol' }])
    expect((await list('?q=u-twice')).items).toMatchObject([
      { issuer: null, subject: null, ownId: 'u-twice' },
    ])
    expect((await admin('GET', '/authorization-servers/nowhere/accounts')).status).toBe(404)
  })

  it('revokes live tokens of a disabled account, and denies it until it is enabled again', async () => {
    const { body } = await cross('carol')
    const [account] = (await list('?q=usr_carol')).items
    const at = `${PATH}/${account?.id}`
    const disabled = await admin('POST', `${at}/disable`, { body: { reason: 'left' } })
    expect(disabled).toMatchObject({ status: 200, body: { account: { status: 'disabled' } } })
    const { revokedTokens } = disabled.body as { revokedTokens: number }
    expect(revokedTokens).toBeGreaterThan(0)
    expect((await admin('GET', '/audit-events?type=token.revoked')).body.items[0]).toMatchObject({
      target: { kind: 'account', id: account?.id },
      change: { revoked_tokens: revokedTokens, ended_sessions: false },
    })
    expect(await isLive(server.baseUrl, String(body.access_token))).toBe(false)
    expect((await cross('carol')).status).toBe(400)
    await admin('POST', `${at}/enable`, { body: { reason: 'came back' } })
    expect((await cross('carol')).status).toBe(200)
    expect((await admin('POST', `${PATH}/acc_none/disable`, { body: { reason: 'x' } })).status).toBe(404)
  })

  it('imports a file through the CLI, which lists the rejected rows', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'accounts-')), 'accounts.csv')
    writeFileSync(
      file,
      `ownId,name,issuer,subject\nu-file,"Chen, F.",,\nu-twice,x,${server.baseUrl},usr_bob\n`,
    )
    const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }
    const at = ['--server', server.baseUrl]
    const run = await crosswalk(['account', 'import', 'vendor', file, '--reason', 'test', ...at], { env })
    expect([run.exitCode, run.out]).toEqual([3, '✓ 1 of 2 accounts created\n✕ row 2: own-id-taken\n'])
    const listed = await crosswalk(['account', 'list', 'vendor', '--q', 'u-file', ...at], { env })
    expect(listed.out, listed.err).toContain('u-file')
  })

  it('are imported only at an authorization server that exists', async () => {
    const body = { accounts: [{ ownId: 'u-nowhere' }], reason: 'users of the product' }
    const path = '/authorization-servers/nowhere/accounts'
    expect((await admin('POST', path, { body })).status).toBe(404)
    expect((await admin('GET', path)).status).toBe(404)
  })

  it.each<[string, object]>([
    ['no key to find them by', { name: 'x' }],
    ['an unverified address', { email: 'x@acme.test' }],
    ['a subject without an issuer', { subject: 'x' }],
    ['an unknown member', { ownId: 'x', status: 'active' }],
  ])('creates no account with %s', async (_, account) => {
    expect((await importAccounts(account)).status).toBe(400)
  })
})
