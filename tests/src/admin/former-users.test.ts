// The id of a deleted user is never given to another one: records, and accounts at resources, would then mean the wrong user (JAG-05).
import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, adminOf } from './admin.ts'

const SCIM_TOKEN = 'a scim token of more than 32 characters'
const EVE = { id: 'usr_eve', username: 'eve', name: 'Eve' }

describeOnDatabases('on $name', ({ create }) => {
  let server: TestServer
  let admin: Admin
  beforeEach(async () => {
    const idp = { directories: [{ id: 'okta', token: SCIM_TOKEN }] }
    server = await startTestServer({ file: (baseUrl) => company(baseUrl, { idp }), database: await create() })
    admin = adminOf(server.baseUrl)
    await admin('POST', '/users', { body: EVE })
    expect((await admin('DELETE', '/users/usr_eve', { ifMatch: '*' })).status).toBe(204)
  })
  afterEach(() => server.stop())

  const plan = async (users: readonly object[]) => {
    const document = { idp: { users } }
    const planned = await admin('POST', '/configuration/plan', { body: { document } })
    expect(planned.status, planned.text).toBe(200)
    return { document, etag: planned.etag, problems: planned.body.problems as { fix: string }[] }
  }

  it('the admin API refuses to create a user with it, and says what to do', async () => {
    const later = { ...EVE, username: 'eva', name: 'Eva' }
    const refused = await admin('POST', '/users', { body: later })
    expect([refused.status, refused.body.errors[0].path]).toEqual([409, '/id'])
    expect(refused.body.errors[0].fix).toContain('`npx crosswalk user history usr_eve` lists its revisions')
    expect((await admin('GET', '/users/usr_eve')).status).toBe(404)
    expect((await admin('POST', '/users', { body: { ...later, id: 'usr_eva' } })).status).toBe(201)
  })

  it('a plan has a problem, and is not applied', async () => {
    const { document, etag, problems } = await plan([EVE])
    expect(problems).toEqual([expect.objectContaining({ problem: expect.stringContaining('was deleted') })])
    const body = { document, reason: 'a test' }
    expect((await admin('POST', '/configuration/apply', { body, ifMatch: etag })).status).toBe(400)
    expect((await plan([{ ...EVE, id: 'usr_eva' }])).problems).toEqual([])
  })

  it('the same user is restored, and can then be changed', async () => {
    const history = await admin('GET', '/users/usr_eve/history')
    const { revision } = history.body.items.at(-1)
    expect((await admin('POST', '/users/usr_eve/restore', { body: { revision } })).status).toBe(200)
    expect((await plan([{ ...EVE, name: 'Eve Adams' }])).problems).toEqual([])
    expect((await admin('POST', '/users', { body: EVE })).status).toBe(409)
    expect((await admin('DELETE', '/users/usr_eve', { ifMatch: '*' })).status).toBe(204)
    expect((await admin('POST', '/users', { body: EVE })).status).toBe(409)
  })

  it('a directory creates the user again under another id', async () => {
    const scim = async () => {
      const response = await fetch(`${server.baseUrl}/scim/v2/Users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${SCIM_TOKEN}`, 'content-type': 'application/scim+json' },
        body: JSON.stringify({
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          ...{ userName: 'eve', active: true },
        }),
      })
      const { id } = (await response.json()) as { id: string }
      return { status: response.status, id }
    }
    const first = await scim()
    expect(first.status).toBe(201)
    expect(first.id).not.toBe(EVE.id)
    expect((await admin('DELETE', `/users/${first.id}`, { ifMatch: '*' })).status).toBe(204)
    const second = await scim()
    expect(second.status).toBe(201)
    expect(second.id).not.toBe(first.id)
  })
})
