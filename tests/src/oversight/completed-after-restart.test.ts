// A process that ends between a change and the revocations that follow from it: the next one revokes them when it starts.
import { randomBytes } from 'node:crypto'

import { expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, AGENT_AT_VENDOR, company, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { findFreePort } from '../support/free-port.ts'
import { startTestServer } from '../support/server.ts'
import { withFault } from '../support/with-fault.ts'

const CONNECTION = {
  ...{ id: 'of-bob', app: AGENT.id, resourceApp: 'todo0', clientId: AGENT_AT_VENDOR.id, status: 'active' },
  ...{ resources: [TODO], scopes: ['todos.read'], assignments: { groups: ['readers'] } },
}

/** Bob reaches Todo0 over connections of the database only. */
function companyOfBob(baseUrl: string) {
  const file = company(baseUrl) as { idp: { connections: object[]; resourceApps: object[] } }
  file.idp.connections.shift()
  Object.assign(file.idp.resourceApps[0] ?? {}, { assignments: { everyone: true } })
  return file as unknown as Record<string, unknown>
}

describeOnDatabases('after a restart on $name', (kind) => {
  it.each<[string, (admin: Admin) => ReturnType<Admin>]>([
    [
      'whose connection has another client id',
      (admin) =>
        admin('PATCH', `/connections/${CONNECTION.id}`, { body: { clientId: 'other' }, ifMatch: '*' }),
    ],
    [
      'whose user left the group',
      (admin) => admin('PATCH', '/groups/readers', { body: { members: [] }, ifMatch: '*' }),
    ],
  ])('a token is revoked %s', async (_, change) => {
    const [port, database, key] = [await findFreePort(), await kind.create(), randomBytes(32).toString('hex')]
    const start = () => startTestServer({ file: companyOfBob, database, key, listen: { port } })
    const first = await start()
    const admin = adminOf(first.baseUrl)
    const tokens = async () => (await admin('GET', '/access-tokens?subject=usr_bob')).body.items
    const group = { id: 'readers', members: ['usr_bob'] }
    expect((await admin('POST', '/groups', { body: group })).status).toBe(201)
    expect((await admin('POST', '/connections', { body: CONNECTION })).status).toBe(201)
    const { idToken } = await signInFor(first.baseUrl, 'bob')
    const granted = await exchange(first.baseUrl, idToken, { resource: TODO })
    await redeem(first.baseUrl, String(granted.body.access_token))
    const fault = { table: 'access_tokens', on: 'update' } as const
    expect((await withFault(database, fault, () => change(admin))).status).toBeGreaterThan(499)
    expect(await tokens()).toHaveLength(1)
    await first.stop()
    const second = await start()
    await expect.poll(tokens, { timeout: 20_000 }).toEqual([])
    await second.stop()
  })
})
