// A policy about apps without an active owner follows every way in which an owner leaves or returns, and simulation and
// recommendations agree with it.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, company, PASSWORD, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const OWNERLESS = { id: 'ownerless', effect: 'deny', when: { 'app.activeOwner': false } }
const OLGA = { id: 'usr_olga', username: 'olga', password: PASSWORD }

interface Definitions {
  readonly apps: readonly { readonly id: string }[]
  readonly connections: readonly object[]
}

/** The company without apps and connections, which the database owns so that they can change. */
function withoutApps(baseUrl: string): { readonly file: Record<string, unknown> } & Definitions {
  const { idp, ...rest } = company(baseUrl) as { readonly idp: Definitions }
  const { apps, connections, ...others } = idp
  return { apps, connections, file: { ...rest, idp: { ...others, policies: [OWNERLESS] } } }
}

describeOnDatabases('owners on $name', (kind) => {
  let server: TestServer
  let admin: Admin
  let idToken: string

  beforeAll(async () => {
    const file = (baseUrl: string) => withoutApps(baseUrl).file
    server = await startTestServer({ file, database: await kind.create() })
    admin = adminOf(server.baseUrl)
    const { apps, connections } = withoutApps(server.baseUrl)
    await create('/users', OLGA)
    for (const app of apps) await create('/apps', { ...app, owners: [OLGA.id] })
    for (const connection of connections) await create('/connections', connection)
    ;({ idToken } = await signInFor(server.baseUrl, 'alice'))
  }, 60_000)
  afterAll(() => server?.stop())

  const create = async (path: string, body: object) =>
    expect((await admin('POST', path, { body })).status, path).toBe(201)
  const change = async (path: string, body: object) => {
    const { etag } = await admin('GET', path)
    expect((await admin('PATCH', path, { body, ifMatch: etag })).status, path).toBe(200)
  }
  const act = async (path: string) =>
    expect((await admin('POST', path, { body: { reason: 'a test' } })).status, path).toBe(200)

  /** @returns the code of an exchange, which the simulator must predict, with the app's recommendation */
  async function observe() {
    const { headers } = await exchange(server.baseUrl, idToken, { resource: TODO })
    const { body: record } = await admin('GET', `/decisions/${headers.get('crosswalk-decision')}`)
    const body = { app: AGENT.id, user: 'alice', audience: `${server.baseUrl}/as/vendor`, resource: TODO }
    const simulated = (await admin('POST', '/simulate', { body })).body
    expect(simulated.code).toBe(record.code)
    const open = (await admin('GET', '/recommendations?rule=agent-without-owner')).body.items
    expect(open).toHaveLength(record.code === 'XAA0000' ? 0 : 1)
    return { code: record.code, ref: record.checks.find(failed)?.ref, remedies: simulated.remedies }
  }
  const failed = ({ result }: { readonly result: string }) => result === 'fail'

  it.each([
    ['suspended', () => act('/users/usr_olga/suspend'), () => act('/users/usr_olga/resume')],
    [
      'disabled',
      () => change('/users/usr_olga', { active: false }),
      () => change('/users/usr_olga', { active: true }),
    ],
    [
      'removed from the app',
      () => change('/apps/agent0', { owners: [] }),
      () => change('/apps/agent0', { owners: [OLGA.id] }),
    ],
    [
      'replaced by a suspended one',
      async () => {
        await act('/users/usr_bob/suspend')
        await change('/apps/agent0', { owners: ['usr_bob'] })
      },
      () => change('/apps/agent0', { owners: ['usr_bob', OLGA.id] }),
    ],
  ])('an app whose owner is %s is denied until it has an active owner again', async (_, leave, end) => {
    expect(await observe()).toMatchObject({ code: 'XAA0000' })
    await leave()
    expect((await admin('GET', '/apps/agent0')).body.activeOwners).toEqual([])
    const denied = await observe()
    expect(denied).toMatchObject({ code: 'XAA1701', ref: OWNERLESS.id })
    expect(denied.remedies[0].text).toBe('Name an active user as owner of Agent0.')
    await end()
    expect(await observe()).toMatchObject({ code: 'XAA0000' })
    expect((await admin('GET', '/apps/agent0')).body.activeOwners).toEqual([OLGA.id])
  })
})
