// Access grants without a request: who may create one, what it allows, and what revoking it ends.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { adminAs } from '../admin/console-user.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin

const folder = mkdtempSync(join(tmpdir(), 'crosswalk-grants-'))
const key = randomBytes(32).toString('hex')

const start = () =>
  startTestServer({
    database: `sqlite:${folder}/db.sqlite`,
    key,
    file: (baseUrl) => {
      const file = company(baseUrl) as { admin: object }
      return { ...file, admin: { ...file.admin, roles: { administrator: { users: ['usr_carol'] } } } }
    },
  })

beforeAll(async () => {
  server = await start()
  admin = adminOf(server.baseUrl)
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

const grant = (change: object = {}, as = admin) =>
  as('POST', '/access-grants', {
    body: { connection: 'agent0-todo0', user: 'bob', scopes: ['todos.read'], reason: 'sprint', ...change },
  })
const revoke = (id: string) => admin('POST', `/access-grants/${id}/revoke`, { body: { reason: 'over' } })

const introspect = async (token: string) =>
  (
    await postForm(
      `${server.baseUrl}/as/vendor/introspect`,
      { token },
      { authorization: basic({ id: 'todo0-api', secret: 'todo0 api secret' }) },
    )
  ).body

async function reach(username: string) {
  const { idToken } = await signInFor(server.baseUrl, username)
  return (await exchange(server.baseUrl, idToken, { resource: TODO })).body
}

describe('an access grant', () => {
  it('counts in the reach of the kill switch', async () => {
    const preview = async () => {
      const target = { kind: 'user', id: 'bob' }
      const { body } = await admin('POST', '/kill/preview', { body: { target } })
      return body.reach.map((it: { resourceApp: string }) => it.resourceApp)
    }
    expect(await preview()).not.toContain('todo0')
    const { body } = await grant()
    expect(await preview()).toContain('todo0')
    await revoke(body.id)
  })

  it('may have scopes of the resource app that the connection has not, and no others', async () => {
    const created = (scopes: readonly string[]) =>
      grant({ connection: 'agent0-notes0', user: 'alice', scopes })
    expect((await created(['notes.read', 'notes.write'])).status).toBe(201)
    expect(await created(['notes.read', 'notes.delete'])).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/scopes', problem: expect.stringContaining('notes.delete') }] },
    })
  })

  it('lets one user use a file connection immediately, and is listed with the connection', async () => {
    expect((await reach('bob')).error).toBe('access_denied')
    const { status, body } = await grant()
    expect([status, body.active, body.check.outcome]).toEqual([201, true, 'allow'])
    expect((await reach('bob')).scope).toBe('todos.read')
    const { items } = (await admin('GET', '/access-grants?connection=agent0-todo0&active=true')).body
    expect(items).toEqual([expect.objectContaining({ id: body.id, user: 'usr_bob', by: 'admin' })])
    const reachable = (await admin('GET', '/what-can?app=agent0&user=bob')).body.items
    expect(reachable).toMatchObject([{ connection: 'agent0-todo0', scopes: ['todos.read'] }])
    expect((await admin('GET', '/connection-facts?ids=agent0-todo0')).body.items[0].people).toBe(3)
    expect((await revoke(body.id)).status).toBe(200)
  })

  it('counts as a connection of the user, so that all users together have as many as the connections have users', async () => {
    const listIds = async (collection: string): Promise<readonly string[]> =>
      (await admin('GET', `/${collection}?limit=200`)).body.items.map(({ id }: { id: string }) => id)
    const users = await listIds('users')
    const connections = await listIds('connections')
    const count = async () => {
      const { items: ofUsers } = (await admin('GET', `/user-facts?ids=${users.join('%0A')}`)).body
      const { items } = (await admin('GET', `/connection-facts?ids=${connections.join(',')}`)).body
      const sum = (counts: readonly number[]) => counts.reduce((total, each) => total + each, 0)
      expect(sum(ofUsers.map((user: { connections: number }) => user.connections))).toBe(
        sum(items.map(({ people }: { people: number }) => people)),
      )
      return ofUsers.find(({ id }: { id: string }) => id === 'usr_bob').connections
    }
    const before = await count()
    const { body } = await grant()
    expect(await count()).toBe(before + 1)
    // Not inactive users, whatever they are assigned to.
    const hold = (act: string) => admin('POST', `/users/usr_bob/${act}`, { body: { reason: 'test' } })
    expect((await hold('suspend')).status).toBe(200)
    expect(await count()).toBe(0)
    await hold('resume')
    await revoke(body.id)
    expect(await count()).toBe(before)
  })

  it('is named as the origin of the scopes and the end in a token preview', async () => {
    const asked = { app: AGENT.id, audience: `${server.baseUrl}/as/vendor`, resource: [TODO] }
    const originOf = async (claim: string, user: string) => {
      const { body } = await admin('POST', '/simulate', { body: { ...asked, user } })
      const claims: readonly { readonly name: string; readonly origin: string }[] = body.token.claims
      return claims.find(({ name }) => name === claim)?.origin
    }
    const { body } = await grant({ until: new Date(Date.now() + 60_000).toISOString() })
    expect(await originOf('scope', 'bob')).toMatch(/^access grants/)
    expect(await originOf('session_expiry', 'bob')).toMatch(/access grant/)
    expect(await originOf('scope', 'alice')).toBe('scopes of the connection, as requested')
    await revoke(body.id)
  })

  it('survives a restart', async () => {
    const { body } = await grant()
    await server.stop()
    server = await start()
    admin = adminOf(server.baseUrl)
    expect((await reach('bob')).scope).toBe('todos.read')
    await revoke(body.id)
  })

  it('once revoked denies the user, revokes the live token and blocks redemption of an ID-JAG', async () => {
    const { body } = await grant()
    const token = String(
      (await redeem(server.baseUrl, String((await reach('bob')).access_token))).body.access_token,
    )
    const unused = String((await reach('bob')).access_token)
    expect((await introspect(token)).active).toBe(true)
    const stale = { body: { reason: 'over' }, ifMatch: '"of an earlier read"' }
    expect((await admin('POST', `/access-grants/${body.id}/revoke`, stale)).status).toBe(412)
    expect((await revoke(body.id)).body).toMatchObject({ state: 'revoked', active: false, revokedTokens: 1 })
    expect((await introspect(token)).active).toBe(false)
    expect((await redeem(server.baseUrl, unused)).body.error).toBe('invalid_grant')
    expect((await reach('bob')).error).toBe('access_denied')
    expect((await revoke(body.id)).status).toBe(409)
    const about = { on_behalf_of: { user_ref: 'usr_bob' }, delegation: { connection: 'agent0-todo0' } }
    const { items } = (await admin('GET', '/audit-events?type=access_grant.revoked&limit=1')).body
    expect(items).toMatchObject([{ target: { id: body.id }, ...about }])
    // Granted again, it works immediately.
    const again = (await grant()).body
    expect((await redeem(server.baseUrl, String((await reach('bob')).access_token))).status).toBe(200)
    await revoke(again.id)
  })

  it.each([
    ['an unknown connection', { connection: 'nothing' }, '/connection'],
    ['an unknown user', { user: 'nobody' }, '/user'],
    ['a scope that the resource app lacks', { scopes: ['todos.delete'] }, '/scopes'],
    ['an expiry in the past', { until: '2020-01-01T00:00:00Z' }, '/until'],
  ])('with %s is rejected', async (_, change, path) => {
    const { status, body } = await grant(change)
    expect([status, body.errors[0].path]).toEqual([400, path])
  })

  it('revoked once more leaves what a later one allowed', async () => {
    const earlier = (await grant()).body.id
    await revoke(earlier)
    const later = (await grant()).body.id
    const { access_token: idJag } = await reach('bob')
    const token = String((await redeem(server.baseUrl, String(idJag))).body.access_token)
    expect((await revoke(earlier)).status).toBe(409)
    expect((await introspect(token)).active).toBe(true)
    await revoke(later)
    expect((await introspect(token)).active).toBe(false)
  })

  it('cannot be created for oneself', async () => {
    const carol = await adminAs(server.baseUrl, 'carol')
    expect(await grant({ user: 'carol' }, carol)).toMatchObject({
      status: 403,
      body: { detail: 'Another user must grant this: the access is for you.' },
    })
    const other = await grant({ user: 'bob' }, carol)
    expect(other.status).toBe(201)
    await revoke(other.body.id)
  })

  it('ends with its connection, so that one of the same name starts without it', async () => {
    const connection = {
      ...{ id: 'agent0-crm', app: AGENT.id, resourceApp: 'crm', clientId: 'there', status: 'active' },
      ...{ resources: ['https://crm.test/api'], scopes: ['read'] },
    }
    const resources = [{ id: 'https://crm.test/api', scopes: ['read'] }]
    await admin('POST', '/resource-apps', {
      body: { id: 'crm', name: 'CRM', issuer: 'https://crm.test', resources },
    })
    const made = await admin('POST', '/connections', { body: connection })
    const { body } = await grant({ connection: 'agent0-crm', scopes: ['read'] })
    expect(body.check.outcome).toBe('allow')
    await admin('POST', '/connections/agent0-crm/suspend')
    const { etag } = await admin('GET', '/connections/agent0-crm')
    expect(made.status).toBe(201)
    expect((await admin('DELETE', '/connections/agent0-crm', { ifMatch: etag })).status).toBe(204)
    expect((await admin('GET', `/access-grants/${body.id}`)).body).toMatchObject({
      active: false,
      state: 'ended',
    })
    await admin('POST', '/connections', { body: connection })
    expect((await admin('GET', `/access-grants/${body.id}`)).body.active).toBe(false)
  })
})
