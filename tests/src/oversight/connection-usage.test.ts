// Connection usage over HTTP, from granted requests, at both edges of both filters.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { company, NOTES, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const DAY_MS = 86_400_000
const START_MS = Date.parse('2026-06-01T12:00:00.000Z')
let server: TestServer
let admin: Admin
let nowMs = START_MS

beforeAll(async () => {
  const expiresAt = new Date(START_MS + 30 * DAY_MS).toISOString()
  server = await startTestServer({
    file: (baseUrl) => company(baseUrl, { connection: { expiresAt } }),
    clock: { nowMs: () => nowMs },
  })
  admin = adminOf(server.baseUrl)
})
afterAll(() => server.stop())

const list = async (query = '', token?: string) =>
  (await admin('GET', `/connection-usage${query}`, token === undefined ? {} : { token })).body.items
const ids = async (query: string) =>
  (await list(query)).map(({ connection }: { connection: string }) => connection)

it('counts grants, users, and the last use', async () => {
  for (const name of ['alice', 'carol', 'alice']) {
    const { idToken } = await signInFor(server.baseUrl, name)
    await exchange(server.baseUrl, idToken, { resource: TODO })
    await exchange(server.baseUrl, idToken, { resource: NOTES, scope: 'nothing' })
  }
  expect(await list()).toMatchObject([
    { connection: 'agent0-notes0', lastUsedAt: null, uses: 0, people: 0, expiresAt: null },
    { connection: 'agent0-todo0', lastUsedAt: new Date(START_MS).toISOString(), uses: 3, people: 2 },
  ])
})

it('finds connections unused for that long, not a moment too early', async () => {
  nowMs = START_MS + 90 * DAY_MS - 1
  expect(await ids('?unusedForDays=90')).toEqual(['agent0-notes0'])
  nowMs += 1
  expect(await ids('?unusedForDays=90')).toEqual(['agent0-notes0', 'agent0-todo0'])
  expect((await list('?countDays=90'))[1]).toMatchObject({ uses: 3 })
  expect((await list('?countDays=89'))[1]).toMatchObject({ uses: 0 })
  // A new connection does not count as unused.
  const definition = { id: 'fresh', app: 'other', resourceApp: 'todo0' }
  expect((await admin('POST', '/connections', { body: definition })).status).toBe(201)
  expect(await ids('?unusedForDays=1')).not.toContain('fresh')
  expect(await ids('?unusedForDays=0')).toContain('fresh')
})

it('finds connections that expire soon, not expired ones; both filters must match', async () => {
  nowMs = START_MS
  expect(await ids('?expiringWithinDays=30')).toEqual(['agent0-todo0'])
  expect(await ids('?expiringWithinDays=29')).toEqual([])
  nowMs = START_MS + 30 * DAY_MS
  expect(await ids('?expiringWithinDays=30')).toEqual([])
  nowMs = START_MS + 20 * DAY_MS
  expect(await ids('?expiringWithinDays=30&unusedForDays=20')).toEqual(['agent0-todo0'])
  expect(await ids('?expiringWithinDays=30&unusedForDays=21')).toEqual([])
})

it('finds the connections of a user, as app owner or as creator', async () => {
  const own = { app: 'other', resourceApp: 'notes0' }
  const maker = (await admin('POST', '/tokens', { body: { name: 'm', role: 'administrator' } })).body
  const idle = await list('?mine=true', maker.token)
  expect(idle).toEqual([])
  await admin('POST', '/connections', { body: { id: 'mine', ...own }, token: maker.token })
  expect(await list('?mine=true', maker.token)).toMatchObject([{ connection: 'mine' }])
  const owner = { name: 'o', role: 'connection-manager', apps: ['agent0'] }
  const { token } = (await admin('POST', '/tokens', { body: owner })).body
  const about = (await list('?mine=true', token)).map(({ app }: { app: string }) => app)
  expect(new Set(about)).toEqual(new Set(['agent0']))
  expect((await admin('DELETE', '/connections/mine', { ifMatch: '*' })).status).toBe(204)
})

it('limits roles for certain apps to their connections', async () => {
  const { body } = await admin('POST', '/tokens', { body: { name: 'x', role: 'app-owner', apps: ['other'] } })
  expect(await list('', body.token)).toMatchObject([{ connection: 'fresh' }])
  expect((await admin('GET', '/connection-usage?unusedForDays=soon')).status).toBe(400)
})
