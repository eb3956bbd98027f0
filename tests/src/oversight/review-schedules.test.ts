// Review schedules of a running server, with the commands of the how-to page: a review opens by itself, and suspends what
// was not decided in time.
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it, vi } from 'vitest'

import { ADMIN_TOKEN, type Admin, adminOf } from '../admin/admin.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const PAGE = readFileSync(new URL('../../../docs/how-to/review-connections.md', import.meta.url), 'utf8')

let server: TestServer
let admin: Admin
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  admin = adminOf(server.baseUrl)
})
afterAll(() => server.stop())

async function run(command: string, file = ''): Promise<string> {
  const line = PAGE.split('\n').find((one) => one.startsWith(`npx crosswalk ${command}`)) ?? ''
  const words = [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word)
  const args = words.slice(2).map((word) => (word.endsWith('.yaml') ? file : word))
  const { exitCode, out, err } = await crosswalk([...args, '--server', server.baseUrl], {
    env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN },
  })
  expect([exitCode, err], line).toEqual([0, ''])
  return out
}

const openedBy = async (schedule: string) =>
  (await admin('GET', `/reviews?schedule=${schedule}`)).body.items as { id: string; counts: object }[]

it.each([
  [
    'agents-quarterly',
    /Review connections of agents with risk 2 or higher every 91 days.*2027-01-04T08:00:00.000Z/,
  ],
  [
    'unused-monthly',
    /Review connections of agents unused for 45 days every 30 days.* suspended if still unused\./,
  ],
])(
  'are created from the file %s of the how-to page, and open nothing before their time',
  async (id, shown) => {
    const file = join(await mkdtemp(join(tmpdir(), 'schedule-')), `${id}.yaml`)
    writeFileSync(file, new RegExp(`\`\`\`yaml\n(id: ${id}\n[^]*?)\`\`\``).exec(PAGE)?.[1] ?? '')
    await run(`review-schedule create -f ${id}.yaml`, file)
    expect(await run('review-schedule list')).toMatch(shown)
    expect(await openedBy(id)).toEqual([])
  },
)

it('cover nothing as unused on a server whose audit log has just begun', async () => {
  const body = { name: 'Unused', unusedForDays: 1, reason: 'x' }
  const { status, text } = await admin('POST', '/reviews', { body })
  expect([status, text]).toEqual([400, expect.stringContaining('there are no connections to review')])
})

it('open a review when it is time, and suspend undecided connections when it is due', async () => {
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  const ask = () => exchange(server.baseUrl, idToken, { resource: TODO, scope: 'todos.read' })
  expect((await ask()).status).toBe(200)
  const body = {
    ...{ id: 'late', name: 'Late', apps: ['agent0'], resourceApps: ['todo0'] },
    ...{ firstAt: '2026-01-05T08:00:00Z', everyDays: 365, daysToDecide: 1, whenDue: 'suspend' },
  }
  expect((await admin('POST', '/review-schedules', { body })).status).toBe(201)
  const [review] = await vi.waitUntil(async () => {
    const found = await openedBy('late')
    return found.length > 0 && found
  }, 20_000)
  const items = await admin('GET', `/reviews/${review?.id}/items`)
  expect(items.body.items).toMatchObject([{ connection: 'agent0-todo0' }])
  // The same end by hand, a second from now instead of a day.
  const soon = new Date(Date.now() + 1500).toISOString()
  const short = { name: 'Short', connections: ['agent0-todo0'], dueAt: soon, whenDue: 'suspend', reason: 'x' }
  const { body: made } = await admin('POST', '/reviews', { body: short })
  await vi.waitUntil(async () => (await admin('GET', `/reviews/${made.id}`)).body.state === 'closed', 20_000)
  expect((await ask()).status).toBe(400)
  const { body: connection } = await admin('GET', '/connections/agent0-todo0')
  expect(connection.state).toMatchObject({ effective: 'suspended', held: { reason: 'The review was due.' } })
})

it('keep the apps that they name from being deleted', async () => {
  const auth = { method: 'client_secret_basic' }
  await admin('POST', '/apps', { body: { id: 'fresh', name: 'Fresh', kind: 'agent', auth } })
  const resourceApp = { id: 'shop', name: 'Shop', issuer: 'https://shop.test', resources: [] }
  await admin('POST', '/resource-apps', { body: resourceApp })
  const selected = { id: 'named', name: 'Named', apps: ['fresh'], resourceApps: ['shop'] }
  const times = { firstAt: '2999-01-05T08:00:00Z', everyDays: 365, daysToDecide: 30, whenDue: 'wait' }
  expect((await admin('POST', '/review-schedules', { body: { ...selected, ...times } })).status).toBe(201)
  const remove = (path: string) => admin('DELETE', path, { ifMatch: '*' })
  for (const path of ['/apps/fresh', '/resource-apps/shop']) {
    const { status, text } = await remove(path)
    expect([status, text]).toEqual([409, expect.stringContaining('review-schedules/named')])
  }
  expect((await remove('/review-schedules/named')).status).toBe(204)
  for (const path of ['/apps/fresh', '/resource-apps/shop']) expect((await remove(path)).status).toBe(204)
})

it.each([
  ['without a due date', { whenDue: 'close' }, 400],
  ['without a due date, but open until closed', { whenDue: 'wait' }, 201],
  ['with one that has passed', { whenDue: 'close', dueAt: '2020-01-01T00:00:00Z' }, 400],
  ['of connections that nothing has', { kind: 'service' }, 400],
])('a single review %s', async (_, change, status) => {
  const body = { name: 'One', reason: 'x', ...change }
  expect((await admin('POST', '/reviews', { body })).status).toBe(status)
})
