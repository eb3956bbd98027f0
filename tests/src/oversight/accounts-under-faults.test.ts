// A fault of the database at every row that the first use of an account and a stream of security events write: neither leaves a
// used ID-JAG without a token, an account without a record, or a stream that only one of both sides knows.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { company, PASSWORD, TODO } from '../support/company.ts'
import { failAtEveryWrite, type FaultyDatabase, openFaultyDatabase } from '../support/fail-every-write.ts'
import { basic, exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const RECEIVER = { id: 'elsewhere-events', secret: 'secret of the receiver' }
const ACCOUNTS = '/authorization-servers/vendor/accounts'

/** Accounts are created, or linked by e-mail address, and an app receives the events of another company's server. */
function companyWithReceiver(baseUrl: string) {
  const trust = { issuer: baseUrl, subject: ['iss_sub', 'email'], provisioning: 'jit' }
  const trustedIssuers = [{ ...trust, emailDomains: ['acme.test'] }]
  const file = company(baseUrl, { authorizationServer: { trustedIssuers } }) as {
    idp: { apps: object[]; resourceApps: object[] }
  }
  const auth = { method: 'client_secret_basic', secret: RECEIVER.secret }
  file.idp.apps.push({ id: RECEIVER.id, name: 'Events', kind: 'service', auth })
  file.idp.resourceApps.push({
    ...{ id: 'elsewhere', name: 'Elsewhere', issuer: 'https://as.elsewhere.test' },
    resources: [{ id: 'https://as.elsewhere.test/api', scopes: ['a'] }],
    ...{ assignments: { everyone: true }, securityEvents: { receiver: RECEIVER.id } },
  })
  return file as unknown as Record<string, unknown>
}

describeOnDatabases('a fault at every write on $name', (kind) => {
  let server: TestServer
  let admin: Admin
  let faulty: FaultyDatabase
  beforeAll(async () => {
    server = await startTestServer({ file: companyWithReceiver, database: await kind.create() })
    admin = adminOf(server.baseUrl)
    faulty = await openFaultyDatabase(server.database)
  })
  afterAll(() => server.stop())

  /** @param about - an id that the events must have */
  async function countEvents(type: string, about = ''): Promise<number> {
    const { items } = (await admin('GET', `/audit-events?type=${type}&limit=200`)).body
    return items.filter((event: object) => JSON.stringify(event).includes(about)).length
  }

  /** @returns what gets an ID-JAG for a new user */
  async function addUser(name: string): Promise<() => Promise<string>> {
    const [id, email] = [`usr_${name}`, `${name}@acme.test`]
    const user = { id, username: name, email, emailVerified: true, password: PASSWORD }
    const { status, text } = await admin('POST', '/users', { body: { ...user, groups: ['engineering'] } })
    expect(status, text).toBe(201)
    const { idToken } = await signInFor(server.baseUrl, name)
    return async () => String((await exchange(server.baseUrl, idToken, { resource: TODO })).body.access_token)
  }

  it.each(['created', 'linked'])('a redemption by which an account is %s', async (name) => {
    const rows = await failAtEveryWrite(faulty, async (attempt) => {
      const user = `${name}${attempt}`
      const request = await addUser(user)
      const email = `${user}@acme.test`
      const imported = { accounts: [{ email, emailVerified: true }], reason: 'x' }
      if (name === 'linked') expect((await admin('POST', ACCOUNTS, { body: imported })).status).toBe(200)
      const idJag = await request()
      return {
        act: () => redeem(server.baseUrl, idJag),
        async expectDone({ status }) {
          expect(status).toBe(200)
          expect((await redeem(server.baseUrl, idJag)).status).toBe(400)
          // If linking failed after the grant, the next redemption links.
          expect((await redeem(server.baseUrl, await request())).status).toBe(200)
          const { items } = (await admin('GET', `${ACCOUNTS}?q=${encodeURIComponent(email)}`)).body
          expect(items).toMatchObject([{ subject: `usr_${user}`, issuer: server.baseUrl }])
          expect(await countEvents('token.redeemed', items[0].id)).toBe(2)
        },
      }
    })
    expect(rows).toBeGreaterThan(3)
  })

  it('an event stream that its receiver creates and deletes', async () => {
    const ask = async (method: string, path: string) => {
      const headers = { authorization: basic(RECEIVER), 'content-type': 'application/json' }
      const body = method === 'POST' ? { body: '{}' } : {}
      const response = await fetch(`${server.baseUrl}/ssf/${path}`, { method, headers, ...body })
      const text = await response.text()
      return {
        status: response.status,
        headers: response.headers,
        body: text === '' ? undefined : JSON.parse(text),
      }
    }
    const list = async () => (await ask('GET', 'streams')).body as readonly { stream_id: string }[]
    const remove = async () => ask('DELETE', `streams?stream_id=${(await list())[0]?.stream_id ?? 'none'}`)
    await failAtEveryWrite(faulty, async () => {
      await remove()
      const before = await countEvents('event_stream.created')
      return {
        act: () => ask('POST', 'streams'),
        async expectDone({ status }) {
          expect([201, 409]).toContain(status)
          expect(await list()).toHaveLength(1)
          expect(await countEvents('event_stream.created')).toBe(before + 1)
        },
      }
    })
    const rows = await failAtEveryWrite(faulty, async () => {
      await ask('POST', 'streams')
      const [{ stream_id: id } = { stream_id: '' }] = await list()
      const before = await countEvents('event_stream.deleted')
      return {
        act: () => ask('DELETE', `streams?stream_id=${id}`),
        async expectDone({ status }) {
          expect([204, 404]).toContain(status)
          expect(await list()).toEqual([])
          expect(await countEvents('event_stream.deleted')).toBe(before + 1)
        },
      }
    })
    expect(rows).toBeGreaterThan(3)
  })
})
