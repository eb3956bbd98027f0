// File and database together: clashes stop the start, and a change in one process reaches the others.
import { randomBytes } from 'node:crypto'

import { expect, it, vi } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'
import { adminOf } from './admin.ts'

type Idp = Record<'apps' | 'users' | 'connections', Record<string, unknown>[]>

describeOnDatabases('directory on $name', ({ create }) => {
  it('propagates a change to every process', async () => {
    const shared = { database: await create(), key: randomBytes(32).toString('hex') }
    const one = await startTestServer({ file: (baseUrl) => company(baseUrl), ...shared })
    const other = await startTestServer({ file: (baseUrl) => company(baseUrl), ...shared })
    const alice = await signInFor(other.baseUrl, 'alice')
    const ask = () => exchange(other.baseUrl, alice.idToken, { resource: TODO })
    expect((await ask()).status).toBe(200)
    await adminOf(one.baseUrl)('POST', '/connections/agent0-todo0/suspend', { body: {} })
    await vi.waitFor(async () => expect((await ask()).status).toBe(400), { timeout: 10_000 })
    const server = { id: 'late', trustedIssuers: [{ issuer: one.baseUrl }] }
    await adminOf(one.baseUrl)('POST', '/authorization-servers', { body: server })
    const metadata = `${other.baseUrl}/.well-known/oauth-authorization-server/as/late`
    await vi.waitFor(async () => expect((await fetch(metadata)).status).toBe(200), { timeout: 10_000 })
    await Promise.all([one.stop(), other.stop()])
  })

  const auth = { method: 'none' }
  it.each([
    [
      'an id',
      '/apps',
      { id: 'bot', name: 'Bot', kind: 'web', auth },
      (idp: Idp) => idp.apps.push({ id: 'bot', name: 'Bot', kind: 'web', auth }),
      /apps\/bot is both in the configuration file and in the database/,
    ],
    [
      'a user name',
      '/users',
      { id: 'usr_eve', username: 'eve' },
      (idp: Idp) => idp.users.push({ id: 'usr_other', username: 'eve' }),
      /the username eve is already used by users\/usr_eve in the database/,
    ],
    [
      'an app and a resource app',
      '/connections',
      { id: 'made', app: 'other', resourceApp: 'todo0' },
      (idp: Idp) => idp.connections.push({ id: 'written', app: 'other', resourceApp: 'todo0' }),
      /connection written connects other to todo0, as connection made does/,
    ],
  ] as const)('does not start if file and database both have %s', async (_, path, object, write, words) => {
    const shared = { database: await create(), key: randomBytes(32).toString('hex') }
    const server = await startTestServer({ file: (baseUrl) => company(baseUrl), ...shared })
    expect((await adminOf(server.baseUrl)('POST', path, { body: object })).status).toBe(201)
    await server.stop()
    const again = startTestServer({
      ...shared,
      file: (baseUrl) => {
        const file = company(baseUrl)
        write(file.idp as Idp)
        return file
      },
    })
    await expect(again).rejects.toMatchObject({ name: 'StartError', message: expect.stringMatching(words) })
  })

  it('still starts if the file no longer has something that a database object refers to', async () => {
    const shared = { database: await create(), key: randomBytes(32).toString('hex') }
    const server = await startTestServer({ file: (baseUrl) => company(baseUrl), ...shared })
    const connection = { id: 'made', app: 'other', resourceApp: 'todo0' }
    expect((await adminOf(server.baseUrl)('POST', '/connections', { body: connection })).status).toBe(201)
    await server.stop()
    const again = await startTestServer({
      ...shared,
      file: (baseUrl) => {
        const file = company(baseUrl)
        const idp = file.idp as Idp
        const apps = idp.apps.filter(({ id }) => id === AGENT.id)
        return { ...file, idp: { ...idp, apps } }
      },
    })
    const admin = adminOf(again.baseUrl)
    expect((await admin('GET', '/connections/made')).status).toBe(200)
    expect((await admin('DELETE', '/connections/made', { ifMatch: '*' })).status).toBe(204)
    await again.stop()
  })
})
