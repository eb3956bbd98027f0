// A fault of the database at every row that a removal by a directory writes. The directory repeats its request until it is
// accepted; by then the user has no live token, and no session.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { makeKey, signJwt, type TestKey } from '../protocol/support/foreign-issuer.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { failAtEveryWrite, type FaultyDatabase, openFaultyDatabase } from '../support/fail-every-write.ts'
import { exchange, redeem } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const OKTA = 'a bearer token of okta, long enough: 0kta'
const ISSUER = 'https://login.corp.example'
const SCIM = 'urn:ietf:params:scim:'

describeOnDatabases('a fault at every write on $name', (kind) => {
  let server: TestServer
  let admin: Admin
  let faulty: FaultyDatabase
  let key: TestKey
  beforeAll(async () => {
    key = await makeKey('corp')
    const subjectIssuer = {
      ...{ issuer: ISSUER, jwks: { keys: [key.publicJwk] }, audiences: { there: AGENT.id } },
      link: ['attribute:corpId'],
    }
    const directory = { id: 'okta', token: OKTA, emailDomains: [], attributes: { corpId: 'externalId' } }
    const idp = { directories: [directory], subjectIssuers: [subjectIssuer] }
    const database = await kind.create()
    server = await startTestServer({ file: (baseUrl) => company(baseUrl, { idp }), database })
    admin = adminOf(server.baseUrl)
    const group = { schemas: [`${SCIM}schemas:core:2.0:Group`], displayName: 'engineering' }
    expect((await scim('POST', '/Groups', group)).status).toBe(201)
    faulty = await openFaultyDatabase(server.database)
  })
  afterAll(() => server.stop())

  async function scim(method: string, path: string, body?: object) {
    const response = await fetch(`${server.baseUrl}/scim/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${OKTA}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
  }

  const patch = (path: string, operation: object) =>
    scim('PATCH', path, { schemas: [`${SCIM}api:messages:2.0:PatchOp`], Operations: [operation] })

  /** A user of the directory, in the group that has access, with a live token. */
  async function provision(name: string): Promise<string> {
    const schemas = [`${SCIM}schemas:core:2.0:User`]
    const user = { schemas, userName: name, externalId: `00u-${name}`, active: true }
    const { body } = await scim('POST', '/Users', user)
    await patch('/Groups/engineering', { op: 'add', path: 'members', value: [{ value: body.id }] })
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: ISSUER, aud: 'there', sub: user.externalId, iat: now, exp: now + 600 }
    const granted = await exchange(server.baseUrl, await signJwt(key, claims), { resource: TODO })
    const { status } = await redeem(server.baseUrl, String(granted.body.access_token))
    expect(status, JSON.stringify(granted.body)).toBe(200)
    return body.id
  }

  it.each<[string, string, number[], (id: string) => ReturnType<typeof scim>]>([
    [
      'deactivated',
      'user.changed',
      [200],
      (id) => patch(`/Users/${id}`, { op: 'replace', value: { active: false } }),
    ],
    ['deleted', 'user.deleted', [204, 404], (id) => scim('DELETE', `/Users/${id}`)],
    [
      'removed from its group',
      'group.changed',
      [200],
      (id) => patch('/Groups/engineering', { op: 'remove', path: `members[value eq "${id}"]` }),
    ],
  ])('a user who is %s', async (name, type, statuses, act) => {
    const rows = await failAtEveryWrite(faulty, async (attempt) => {
      const id = await provision(`${name.replaceAll(' ', '-')}${attempt}`)
      return {
        act: () => act(id),
        async expectDone({ status }) {
          expect(statuses).toContain(status)
          expect((await admin('GET', `/access-tokens?subject=${id}`)).body.items).toEqual([])
          const { items } = (await admin('GET', `/audit-events?type=${type}&limit=1`)).body
          expect(items[0].target.id).toBe(type === 'group.changed' ? 'engineering' : id)
        },
      }
    })
    expect(rows).toBeGreaterThan(5)
  })
})
