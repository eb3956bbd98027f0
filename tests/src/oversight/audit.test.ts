// The audit logs over HTTP: pages, export, and what verification finds after the database was altered.
import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin
const folder = mkdtempSync(join(tmpdir(), 'crosswalk-audit-'))
const file = join(folder, 'db.sqlite')

beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl), database: `sqlite:${file}` })
  admin = adminOf(server.baseUrl)
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  for (const scope of ['todos.read', 'todos.write', 'nothing'])
    await exchange(server.baseUrl, idToken, { resource: TODO, scope })
  const answer = await exchange(server.baseUrl, idToken, { resource: TODO })
  await redeem(server.baseUrl, String(answer.body.access_token))
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

interface Line {
  readonly log: string
  readonly chain: string
  readonly seq: number
  readonly prevHash: string
  readonly hash: string
  readonly type: string
  readonly text: string
}

async function exportLines(query = ''): Promise<readonly string[]> {
  const response = await fetch(`${server.baseUrl}/admin/api/v1/audit-events${query}`, {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, accept: 'application/x-ndjson' },
  })
  expect(response.headers.get('content-type')).toBe('application/x-ndjson')
  const lines = (await response.text()).split('\n')
  expect(lines.pop()).toBe('')
  return lines
}
const parse = (line: string) => JSON.parse(line) as Line

it.each([
  ['application/x-ndjson', 'application/x-ndjson'],
  ['Application/X-NDJSON;q=0.9, */*;q=0.8', 'application/x-ndjson'],
  ['application/x-ndjson;q=0.1, application/json', 'application/json'],
  ['application/x-ndjson; q=0', 'application/json'],
  ['*/*', 'application/json'],
])('responds to Accept: %s with %s', async (accept, expected) => {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, accept }
  const response = await fetch(`${server.baseUrl}/admin/api/v1/audit-events`, { headers })
  await response.body?.cancel()
  expect(response.headers.get('content-type')).toBe(expected)
})

describe('the list', () => {
  it('shows the decision and its position in the chain, newest first, by filter', async () => {
    const { body } = await admin('GET', '/audit-events?type=idjag.issued,idjag.denied')
    expect(body.items.map(({ type }: Line) => type)).toEqual([
      'idjag.issued',
      'idjag.denied',
      'idjag.issued',
      'idjag.issued',
    ])
    expect(body.items[0]).toMatchObject({
      log: 'idp',
      schema: 'xaa.event/v1',
      decision: { outcome: 'allow' },
    })
    const byArea = await admin('GET', '/audit-events?type=idjag.*')
    expect(byArea.body.items).toEqual(body.items)
    const unknown = await admin('GET', '/audit-events?type=idjag.issued,idjag')
    expect([unknown.status, unknown.body.errors]).toEqual([
      400,
      [{ path: '/type', problem: 'idjag is no event type' }],
    ])
    const bySubject = await admin('GET', '/audit-events?user=alice&code=XAA1601')
    expect(bySubject.body.items).toHaveLength(1)
    expect((await admin('GET', '/audit-events?afterSeq=3')).status).toBe(400)
  })

  it('pages by cursor', async () => {
    const first = await admin('GET', '/audit-events?log=idp&limit=2')
    const second = await admin('GET', `/audit-events?log=idp&limit=2&cursor=${first.body.next}`)
    expect([...first.body.items, ...second.body.items].map(({ seq }: Line) => seq)).toEqual(
      [0, 1, 2, 3].map((back) => first.body.items[0].seq - back),
    )
  })

  it('records readers, once per paged read, and not rejected attempts', async () => {
    const tokenOf = async (role: string) =>
      String((await admin('POST', '/tokens', { body: { name: role, role } })).body.token)
    const [auditor, reviewer] = [await tokenOf('auditor'), await tokenOf('reviewer')]
    const list = '/audit-events?log=as:vendor&limit=1'
    const first = await admin('GET', list, { token: auditor })
    expect(first.status).toBe(200)
    await admin('GET', `${list}&cursor=${first.body.next}`, { token: auditor })
    await admin('GET', `${list}&since=2026-01-01T00:00:00Z`, { token: auditor })
    expect((await admin('GET', list, { token: reviewer })).status).toBe(403)
    const { items } = (await admin('GET', '/audit-events?type=audit.read&limit=200')).body
    const reads = items.filter(
      ({ change }: { change: { query: { log?: string } } }) => change.query.log === 'as:vendor',
    )
    expect(reads).toMatchObject([
      { type: 'audit.read', category: 'audit', log: 'admin', actor: { id: `tok_${auditor.split('_')[1]}` } },
    ])
  })
})

describe('the export', () => {
  it('can be verified without the server', async () => {
    const lines = await exportLines()
    const chains = Map.groupBy(lines, (line) => parse(line).chain)
    expect([...chains.keys()]).toEqual(['admin', 'as:vendor', 'idp'])
    for (const [chain, own] of chains) {
      let before = ''
      for (const [index, line] of own.entries()) {
        const event = parse(line)
        expect(event).toMatchObject({ seq: index + 1, prevHash: before })
        const textHash = hash('sha256', event.text, 'base64url')
        expect(hash('sha256', `${before}\n${chain}\n${event.seq}\n${textHash}`, 'base64url')).toBe(event.hash)
        before = event.hash
      }
    }
  })

  it('resumes after the last event, per log', async () => {
    const all = await exportLines('?log=idp')
    expect(await exportLines('?log=idp&afterSeq=3')).toEqual(all.slice(3))
    const rest = (await exportLines(`?afterSeq=idp:${all.length},as:vendor:1`)).map(parse)
    expect(new Set(rest.map(({ log }) => log))).toEqual(new Set(['admin']))
    expect(await exportLines(`?log=idp&type=idjag.denied`)).toEqual(
      all.filter((line) => parse(line).type === 'idjag.denied'),
    )
    expect(
      (await admin('GET', '/audit-events?afterSeq=3', { headers: { accept: 'application/x-ndjson' } }))
        .status,
    ).toBe(400)
  })

  it('contains no token or secret, and records who exported', async () => {
    const text = (await exportLines()).join('\n')
    expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+\./)
    for (const secret of ['agent0 secret', 'correct horse']) expect(text).not.toContain(secret)
    expect(text).toContain('"type":"audit.exported"')
  })

  it('records its filters, without the limit of a page, which does not apply to it', async () => {
    await exportLines('?log=idp')
    const { body } = await admin('GET', '/audit-events?type=audit.exported&limit=1')
    expect(body.items[0].change).toEqual({ query: { log: 'idp' } })
  })
})

describe('verification', () => {
  it('confirms intact logs', async () => {
    const { body } = await admin('GET', '/audit-events/verify')
    expect(body).toMatchObject({ ok: true })
    expect(body.logs.map(({ log }: Line) => log)).toEqual(['admin', 'as:vendor', 'idp'])
    expect(body.events).toBe(
      body.logs.reduce((total: number, { events }: { events: number }) => total + events, 0),
    )
    expect(body.events).toBeGreaterThan(6)
  })

  // Each case restores the rows afterwards, so that one finding does not hide the next.
  it.each([
    [
      'an altered byte',
      `update audit_events set body = substr(body, 1, 40) || '#' || substr(body, 42) where log = 'idp' and seq = 3`,
      'idp',
      3,
      /content was changed/,
    ],
    ['a dropped row', `delete from audit_events where log = 'idp' and seq = 2`, 'idp', 2, /missing/],
    ['a cut tail', `delete from audit_events where log = 'as:vendor'`, 'as:vendor', 1, /missing/],
    [
      'an altered column',
      `update audit_events set user_ref = 'usr_bob' where log = 'idp' and seq = 3`,
      'idp',
      3,
      /user_ref/,
    ],
  ])('finds %s', async (_, statement, log, seq, why) => {
    const database = new DatabaseSync(file)
    try {
      database.exec('create temp table kept as select * from audit_events')
      expect(database.prepare(statement).run().changes).toBeGreaterThan(0)
      const { body } = await admin('GET', '/audit-events/verify')
      expect(body).toMatchObject({ ok: false, firstBad: { log, seq } })
      expect(body.firstBad.why).toMatch(why)
      database.exec(`insert or replace into audit_events select * from kept; drop table kept`)
    } finally {
      database.close()
    }
    const after = await admin('GET', '/audit-events/verify')
    expect(after.body).toMatchObject({ ok: true })
    const found = await admin('GET', '/audit-events?type=audit.verified&limit=2')
    expect(found.body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'success',
      'failure',
    ])
  })
})
