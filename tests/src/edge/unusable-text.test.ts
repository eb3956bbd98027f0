// Text that PostgreSQL cannot store, where a request may name anything: a response of the same kind as for an unknown
// name, on every database, and no fault.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { openAs, type UserBrowser } from '../support/user-browser.ts'

const SCIM_TOKEN = 'a bearer token of a directory, long enough'

describeOnDatabases('text with U+0000 on $name', ({ create }) => {
  let server: TestServer
  let alice: UserBrowser
  beforeAll(async () => {
    server = await startTestServer({
      database: await create(),
      file: (baseUrl) => company(baseUrl, { idp: { directories: [{ id: 'okta', token: SCIM_TOKEN }] } }),
    })
    alice = await openAs(server.baseUrl, 'alice')
  })
  afterAll(() => server.stop())

  it.each(['/me/blocked?decision=a%00', '/me/ask?app=a%00', '/me/ask?app=agent0&resource=a%00'])(
    'is refused by the page %s',
    async (path) => {
      expect((await alice.open(path)).status).toBe(400)
      expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
    },
  )

  it('is refused in a form of these pages', async () => {
    const page = await alice.open('/me')
    const { status } = await alice.send(page, 'Stop acting for me', { connection: 'a\0' })
    expect([status, server.log.filter((line) => line.startsWith('fault'))]).toEqual([400, []])
  })

  it.each(['/users', '/groups', '/decisions', '/audit-events'])('is no cursor of %s', async (path) => {
    const cursor = Buffer.from('id:\0').toString('base64url')
    expect((await adminOf(server.baseUrl)('GET', `${path}?cursor=${cursor}`)).status).toBe(400)
  })

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('names no user of a directory for %s', async (method) => {
    const response = await fetch(`${server.baseUrl}/scim/v2/Users/a%00`, {
      method,
      headers: { authorization: `Bearer ${SCIM_TOKEN}`, 'content-type': 'application/scim+json' },
      ...(method === 'PUT' || method === 'PATCH' ? { body: '{}' } : {}),
    })
    expect([response.status, server.log.filter((line) => line.startsWith('fault'))]).toEqual([404, []])
  })
})
