// What a changed configuration file leaves after a restart: audit events as of a change over the admin API, security events
// for servers elsewhere, and tokens that do not come back with what they depended on.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { SECURITY_EVENT } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { findFreePort } from '../support/free-port.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

interface CompanyFile extends Record<string, unknown> {
  idp: Record<'users' | 'apps' | 'resourceApps' | 'connections', Record<string, unknown>[]>
  authorizationServers: Record<'trustedIssuers' | 'clients', Record<string, unknown>[]>[]
}

const received: string[] = []
const receiver = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    received.push(body)
    response.writeHead(202).end()
  })
})
beforeAll(() => new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => (receiver.closeAllConnections(), receiver.close(resolve))))

/** Notes0 is at a vendor elsewhere, which is told of revocations. */
function buildFile(baseUrl: string): CompanyFile {
  const file = company(baseUrl) as CompanyFile
  const { port } = receiver.address() as AddressInfo
  const securityEvents = { endpoint: `http://127.0.0.1:${port}/events` }
  Object.assign(file.idp.resourceApps[1] ?? {}, { issuer: 'https://as.notes.test', securityEvents })
  return file
}

describeOnDatabases('a configuration file on $name', (kind) => {
  let start: (change?: (file: CompanyFile) => void) => Promise<TestServer>
  beforeEach(async () => {
    received.length = 0
    const [port, database, key] = [await findFreePort(), await kind.create(), randomBytes(32).toString('hex')]
    start = (change = () => undefined) =>
      startTestServer({
        ...{ database, key, listen: { port } },
        file(baseUrl) {
          const file = buildFile(baseUrl)
          change(file)
          return file
        },
      })
  })

  /** Of changes in the file, oldest first. @param category - `response`: what they ended */
  async function listChanges({ baseUrl }: TestServer, category?: 'response') {
    const { body } = await adminOf(baseUrl)('GET', '/audit-events?limit=50')
    return body.items
      .filter(({ reason }: { reason?: string }) => reason === 'The configuration file was changed.')
      .filter((event: { category: string }) => (event.category === 'response') === (category === 'response'))
      .reverse()
  }

  it('is recorded if it changed, but neither at the first start nor if it is the same', async () => {
    const first = await start()
    expect(await listChanges(first)).toEqual([])
    await first.stop()
    const second = await start()
    expect(await listChanges(second)).toEqual([])
    const before = new Date().toISOString()
    await second.stop()
    const third = await start((file) => {
      file.idp.connections.pop()
      Object.assign(file.idp.connections[0] ?? {}, { scopes: ['todos.read'] })
      file.idp.apps.push({ ...file.idp.apps[1], id: 'new', name: 'New' })
      Object.assign(file.idp.users[2] ?? {}, { active: false })
    })
    const changes = await listChanges(third)
    expect(changes).toMatchObject([
      { type: 'user.changed', target: { id: 'usr_carol' } },
      { type: 'app.created', target: { id: 'new' } },
      {
        type: 'connection.changed',
        target: { id: 'agent0-todo0' },
        actor: { kind: 'system', id: 'system' },
        change: { patch: [{ op: 'remove', path: '/scopes/1' }] },
      },
      { type: 'connection.deleted', target: { id: 'agent0-notes0' } },
    ])
    expect(await listChanges(third, 'response')).toMatchObject([
      { type: 'token.revoked', target: { id: 'usr_carol' } },
    ])
    expect(JSON.stringify(changes)).not.toMatch(/secret at the|secretHash|correct horse/)
    const read = async (id: string) =>
      (await adminOf(third.baseUrl)('GET', `/connections/${id}/history`)).body.items
    expect(await read('agent0-todo0')).toMatchObject([
      { by: 'system', removed: false, fromFile: true, definition: { scopes: ['todos.read'] } },
      { by: 'system', removed: false, fromFile: true, definition: { status: 'active' } },
    ])
    expect(await read('agent0-notes0')).toMatchObject([{ removed: true }, { removed: false }])
    const { text } = await adminOf(third.baseUrl)('GET', '/apps/agent0/history')
    expect(text).toContain('"hasSecret":true')
    expect(text).not.toMatch(/secretHash|secret at the/)
    const simulate = async (asOf?: string) => {
      const at = { audience: `${third.baseUrl}/as/vendor`, resource: TODO, scope: 'todos.write' }
      const body = { app: AGENT.id, user: 'carol', ...at, ...(asOf === undefined ? {} : { asOf }) }
      return (await adminOf(third.baseUrl)('POST', '/simulate', { body })).body.code
    }
    expect([await simulate(before), await simulate()]).toEqual(['XAA0000', 'XAA1504'])
    await third.stop()
    const fourth = await start()
    // Back as it was
    expect((await listChanges(fourth)).slice(4)).toMatchObject([
      { type: 'user.changed' },
      { type: 'app.deleted', target: { id: 'new' } },
      { type: 'connection.changed' },
      { type: 'connection.created', target: { id: 'agent0-notes0' } },
    ])
    await fourth.stop()
  })

  it('that drops access ends it at servers elsewhere, and open requests for it', async () => {
    const first = await start()
    const wanted = { user: 'bob', app: AGENT.id, resourceApp: 'notes0', scopes: ['notes.read'], reason: 'x' }
    const asked = await adminOf(first.baseUrl)('POST', '/access-requests', { body: wanted })
    expect(asked.status).toBe(201)
    await first.stop()
    expect(received).toEqual([])
    const second = await start((file) => {
      file.idp.users.shift()
      file.idp.connections.pop()
    })
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(2)
    const events = received.map((token) => Object.keys(decodeJwt<{ events: object }>(token).events)[0])
    expect(events.toSorted()).toEqual(
      [SECURITY_EVENT.sessionRevoked, SECURITY_EVENT.connectionRevoked].toSorted(),
    )
    await second.stop()
    const third = await start((file) => {
      file.idp.resourceApps.pop()
      file.idp.connections.pop()
    })
    const { body } = await adminOf(third.baseUrl)('GET', `/access-requests/${asked.body.id}`)
    expect(body.state).toBe('expired')
    await third.stop()
  })

  it('that drops users ends their sessions and credentials, so that they do not come back with the users', async () => {
    const brokered = { api: 'https://api.notebook.test', credential: { kind: 'apiKey', per: 'user' } }
    const resources = [{ id: 'https://gateway.test/notebook', scopes: ['notes.read'] }]
    const withNotebook = (file: CompanyFile) =>
      void file.idp.resourceApps.push({ ...file.idp.resourceApps[0], id: 'notebook', resources, brokered })
    const first = await start(withNotebook)
    const { idToken } = await signInFor(first.baseUrl, 'alice')
    const ask = async ({ baseUrl }: TestServer) =>
      (await exchange(baseUrl, idToken, { resource: TODO })).status
    expect(await ask(first)).toBe(200)
    for (const user of ['usr_alice', 'usr_bob']) {
      const body = { resourceApp: 'notebook', user, secret: 'a key', reason: 'set up' }
      expect((await adminOf(first.baseUrl)('POST', '/stored-credentials', { body })).status).toBe(201)
    }
    await first.stop()
    const second = await start((file) => {
      withNotebook(file)
      const dropped = file.idp.users.findIndex(({ id }) => id === 'usr_alice')
      file.idp.users.splice(dropped, 1)
    })
    const listOwners = async ({ baseUrl }: TestServer) =>
      (await adminOf(baseUrl)('GET', '/stored-credentials')).body.items.map(
        ({ user }: { user: string }) => user,
      )
    expect.soft(await listOwners(second)).toEqual(['usr_bob'])
    await second.stop()
    const third = await start(withNotebook)
    expect.soft(await listOwners(third)).toEqual(['usr_bob'])
    expect.soft(await ask(third)).toBe(400)
    // Positive control: a new session works.
    const again = await signInFor(third.baseUrl, 'alice')
    expect((await exchange(third.baseUrl, again.idToken, { resource: TODO })).status).toBe(200)
    await third.stop()
  })

  it('that drops trust in an issuer revokes its tokens, so they do not come back with the trust', async () => {
    const first = await start()
    const { idToken } = await signInFor(first.baseUrl, 'alice')
    const granted = await exchange(first.baseUrl, idToken, { resource: TODO })
    const { body } = await redeem(first.baseUrl, String(granted.body.access_token))
    const introspect = async ({ baseUrl }: TestServer) => {
      const api = basic({ id: 'todo0-api', secret: 'todo0 api secret' })
      const form = { token: String(body.access_token) }
      return (await postForm(`${baseUrl}/as/vendor/introspect`, form, { authorization: api })).body.active
    }
    expect(await introspect(first)).toBe(true)
    await first.stop()
    const second = await start(({ authorizationServers: [server] }) => {
      for (const trust of server?.trustedIssuers ?? []) trust.active = false
    })
    expect(await introspect(second)).toBe(false)
    await second.stop()
    const third = await start()
    expect(await introspect(third)).toBe(false)
    await third.stop()
  })
})
