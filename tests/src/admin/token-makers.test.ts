// Admin API tokens and their creators: a token works while its creator could still create it, and counts as its creator.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { company, PASSWORD } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, adminOf } from './admin.ts'
import { adminAs } from './console-user.ts'

let server: TestServer
let admin: Admin
let nowMs = Date.now()

beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl)
      const roles = {
        owner: { groups: ['owners'] },
        administrator: { groups: ['admins'] },
        auditor: { groups: ['auditors'] },
      }
      return { ...file, admin: { ...(file['admin'] as object), roles } }
    },
    clock: { nowMs: () => nowMs },
  })
  admin = adminOf(server.baseUrl)
})
afterAll(() => server.stop())

let count = 0
async function makeUser(groups: readonly string[]) {
  const id = `usr_maker${(count += 1)}`
  const body = { id, username: id, groups, password: PASSWORD }
  expect((await admin('POST', '/users', { body })).status).toBe(201)
  return { id, call: await adminAs(server.baseUrl, id) }
}

async function tokenOf(maker: Admin, role: string, more: object = {}) {
  const { status, body } = await maker('POST', '/tokens', { body: { name: role, role, ...more } })
  expect(status).toBe(201)
  const call: Admin = (method, path, options = {}) => admin(method, path, { ...options, token: body.token })
  return { id: body.id as string, call, status: async () => (await call('GET', '/whoami')).status }
}

const change = async (id: string, body: object) => {
  const { etag } = await admin('GET', `/users/${id}`)
  expect((await admin('PATCH', `/users/${id}`, { body, ifMatch: etag })).status).toBe(200)
}
const reason = { body: { reason: 'left the company' } }
const isActive = async (id: string) => {
  const { items } = (await admin('GET', '/tokens')).body
  return items.find((it: { id: string }) => it.id === id).active
}

describe('a token of an administrator', () => {
  it('does not work while its creator is suspended, blocked or deactivated', async () => {
    const { id, call } = await makeUser(['admins'])
    const token = await tokenOf(call, 'auditor')
    expect([await token.status(), await isActive(token.id)]).toEqual([200, true])
    await admin('POST', `/users/${id}/suspend`, reason)
    expect([await token.status(), await isActive(token.id)]).toEqual([401, false])
    await admin('POST', `/users/${id}/resume`, reason)
    expect(await token.status()).toBe(200)
    const block = await admin('POST', '/blocks', { body: { kind: 'user', target: id, reason: 'stolen' } })
    expect([block.status, await token.status()]).toEqual([201, 401])
    await admin('DELETE', `/blocks/${block.body.id}`)
    expect(await token.status()).toBe(200)
    await change(id, { active: false })
    expect(await token.status()).toBe(401)
  })

  it('stops working once its creator could not create it', async () => {
    const { id, call } = await makeUser(['owners'])
    const tokens = [
      await tokenOf(call, 'owner'),
      await tokenOf(call, 'administrator'),
      await tokenOf(call, 'auditor'),
    ]
    const statuses = () => Promise.all(tokens.map((token) => token.status()))
    await change(id, { groups: ['admins'] })
    expect(await statuses()).toEqual([401, 200, 200])
    // An auditor creates no tokens, not even for auditors.
    for (const groups of [['auditors'], ['sales']]) {
      await change(id, { groups })
      expect(await statuses()).toEqual([401, 401, 401])
    }
  })

  it('stops working once its creator is deleted', async () => {
    const { id, call } = await makeUser(['admins'])
    const token = await tokenOf(call, 'auditor')
    const { etag } = await admin('GET', `/users/${id}`)
    expect((await admin('DELETE', `/users/${id}`, { ifMatch: etag })).status).toBe(204)
    expect(await token.status()).toBe(401)
    const history = await admin('GET', `/users/${id}/history`)
    const { revision } = history.body.items.at(-1)
    expect((await admin('POST', `/users/${id}/restore`, { body: { revision } })).status).toBe(200)
    expect(await token.status()).toBe(401)
  })
})

it('a console session does not work while its user is blocked, not even to lift the block', async () => {
  const { id, call } = await makeUser(['admins'])
  const status = async () => (await call('GET', '/whoami')).status
  expect(await status()).toBe(200)
  const block = await admin('POST', '/blocks', { body: { kind: 'user', target: id, reason: 'stolen' } })
  expect(await status()).toBe(403)
  const lifted = await call('DELETE', `/blocks/${block.body.id}`, {
    headers: { 'crosswalk-reason': 'a mistake' },
  })
  expect(lifted.status).toBe(403)
  await admin('DELETE', `/blocks/${block.body.id}`, { headers: { 'crosswalk-reason': 'a mistake' } })
  expect(await status()).toBe(200)
})

it('a block for a limited time closes the console and tokens until it expires', async () => {
  const { id, call } = await makeUser(['admins'])
  const token = await tokenOf(call, 'auditor')
  const statuses = async () => [(await call('GET', '/whoami')).status, await token.status()]
  // It ends in the middle of a second.
  nowMs = Math.ceil(nowMs / 1000) * 1000 + 500
  const until = new Date(nowMs + 1000).toISOString()
  const body = { kind: 'user', target: id, reason: 'on leave', until }
  expect((await admin('POST', '/blocks', { body })).status).toBe(201)
  nowMs += 999
  expect(await statuses()).toEqual([403, 401])
  nowMs += 1
  expect(await statuses()).toEqual([200, 200])
})

describe('a token created by a token', () => {
  it('ends with its parent, whether that is revoked or expires', async () => {
    const first = await tokenOf(admin, 'administrator')
    const short = await tokenOf(first.call, 'administrator', {
      expiresAt: new Date(nowMs + 1000).toISOString(),
    })
    const last = await tokenOf(short.call, 'auditor')
    nowMs += 999
    expect(await last.status()).toBe(200)
    nowMs += 1
    expect([await short.status(), await last.status()]).toEqual([401, 401])
    const child = await tokenOf(first.call, 'auditor')
    expect(await child.status()).toBe(200)
    await admin('DELETE', `/tokens/${first.id}`)
    expect([await first.status(), await child.status(), await isActive(child.id)]).toEqual([401, 401, false])
  })

  it('does not return with a token that is created by the same Idempotency-Key as its revoked parent', async () => {
    const { call } = await makeUser(['admins'])
    const create = () => {
      const body = { name: 'ci', role: 'administrator' }
      return call('POST', '/tokens', { body, headers: { 'idempotency-key': 'ci' } })
    }
    const parent = (await create()).body
    const child = await tokenOf(
      (method, path, options) => admin(method, path, { ...options, token: parent.token }),
      'auditor',
    )
    expect(await child.status()).toBe(200)
    expect((await call('DELETE', `/tokens/${parent.id}`)).status).toBe(204)
    expect((await create()).status).toBe(409)
    expect([await child.status(), await isActive(child.id)]).toEqual([401, false])
  })
})

it('no user has the id of the configured token, whose requests and tokens would pass for theirs', async () => {
  const body = { id: 'admin', username: 'admin', groups: ['admins'], password: PASSWORD }
  const made = await admin('POST', '/users', { body })
  expect([made.status, made.body.errors]).toEqual([
    400,
    [
      {
        path: '/id',
        problem: expect.stringContaining('reserved for the token of `admin.token`'),
        fix: expect.anything(),
      },
    ],
  ])
  const applied = await admin('POST', '/configuration/plan', {
    body: { document: { idp: { users: [body] } } },
  })
  expect(applied.body.problems).toMatchObject([{ problem: expect.stringContaining('reserved') }])
})
