// Verification and export of long logs: other requests are served in between, and a client that disconnects ends it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { AuditEvent } from '@crosswalk/as-core'
import { openStorage } from '@crosswalk/storage'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { ADMIN_TOKEN, type Admin, adminOf } from '../admin/admin.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const EVENTS = 20_000
/** Less than a ledger may queue */
const AT_ONCE = 5_000
/** Events are read in pages of 500, with other requests in between. */
const PAGES = EVENTS / 500
const NDJSON = { accept: 'application/x-ndjson' }

let folder: string
let server: TestServer
let admin: Admin

function buildEvent(number: number): AuditEvent {
  return {
    schema: 'xaa.event/v1',
    id: `evt_${number}`,
    time: new Date(1_700_000_000_000 + number).toISOString(),
    type: 'signin.failed',
    category: 'session',
    severity: 'info',
    outcome: 'failure',
    actor: { kind: 'user', id: 'usr_bob' },
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-long-'))
  const database = `sqlite:${folder}/db.sqlite`
  const { ledger, close } = await openStorage(database)
  for (let first = 0; first < EVENTS; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, EVENTS - first) }, (_, index) => first + index)
    await Promise.all(numbers.map((number) => ledger.commit({ log: 'idp', event: buildEvent(number) })))
  }
  await close()
  server = await startTestServer({ file: company, database })
  admin = adminOf(server.baseUrl)
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

/** How often the event loop was free before `work` was done. */
async function countTurns(work: Promise<unknown>): Promise<number> {
  let isDone = false
  void work.finally(() => (isDone = true))
  let turns = 0
  while (!isDone) {
    await nextTurn()
    turns += 1
  }
  return turns
}

const begin = (path: string, init: RequestInit = {}) =>
  fetch(`${server.baseUrl}/admin/api/v1${path}`, {
    ...init,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...(init.headers as Record<string, string>) },
  })
const countVerified = async () =>
  ((await admin('GET', '/audit-events?type=audit.verified&limit=200')).body.items as unknown[]).length

const countExported = async () =>
  ((await admin('GET', '/audit-events?type=audit.exported,audit.packed&limit=200')).body.items as unknown[])
    .length

/** The server notices a little later that a client left. */
const FREE = { timeout: 15_000, interval: 200 }

describe('a long log', () => {
  it('is verified page by page while other work continues', async () => {
    const verified = admin('GET', '/audit-events/verify')
    expect(await countTurns(verified)).toBeGreaterThan(PAGES)
    expect((await verified).body).toMatchObject({ ok: true })
  })

  it('is exported while other work continues, no faster than the client reads', async () => {
    const exported = begin('/audit-events?log=idp', { headers: NDJSON }).then((response) => response.text())
    expect(await countTurns(exported)).toBeGreaterThan(PAGES)
    expect((await exported).trimEnd().split('\n').length).toBeGreaterThanOrEqual(EVENTS)
  })

  it.each([
    ['exports', '/audit-events?log=idp', NDJSON],
    ['packs', '/audit-events/pack?log=idp', {}],
  ])('has at most two %s at a time for each caller, while tokens are issued', async (_, path, headers) => {
    const before = await countExported()
    const downloads = await Promise.all(Array.from({ length: 30 }, () => begin(path, { headers })))
    const [running, refused] = [downloads.filter(({ ok }) => ok), downloads.filter(({ ok }) => !ok)]
    expect([running.length, refused.length]).toEqual([2, 28])
    for (const { status, headers: answered } of refused)
      expect([status, Number(answered.get('retry-after'))]).toEqual([503, 5])
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    expect((await exchange(server.baseUrl, idToken, { resource: TODO })).status).toBe(200)
    // The limit is for all kinds of download together.
    expect((await begin('/audit-events?log=admin', { headers: NDJSON })).status).toBe(503)
    expect(await countExported()).toBe(before + 2)
    // One is read to its end, and the client of the other leaves.
    await running[0]?.arrayBuffer()
    await running[1]?.body?.cancel()
    await vi.waitFor(async () => {
      const again = await Promise.all([begin(path, { headers }), begin(path, { headers })])
      await Promise.all(again.map((response) => response.arrayBuffer()))
      expect(again.map(({ status }) => status)).toEqual([200, 200])
    }, FREE)
  })

  it('is not kept from export by clients that want no content or leave', async () => {
    for (let count = 0; count < 3; count += 1) {
      await begin('/audit-events?log=idp', { method: 'HEAD', headers: NDJSON })
      const leaving = new AbortController()
      const left = begin('/audit-events?log=idp', { headers: NDJSON, signal: leaving.signal })
      await fetch(`${server.baseUrl}/healthz`)
      leaving.abort()
      await left.catch(() => undefined)
    }
    await vi.waitFor(async () => {
      const response = await begin('/audit-events?log=admin', { headers: NDJSON })
      await response.arrayBuffer()
      expect(response.status).toBe(200)
    }, FREE)
  })

  it('is verified once for concurrent requests, each of which is recorded', async () => {
    const before = await countVerified()
    const answers = await Promise.all(Array.from({ length: 20 }, () => admin('GET', '/audit-events/verify')))
    expect(answers.map(({ status, body }) => [status, body.ok])).toEqual(answers.map(() => [200, true]))
    // All report the same run: none includes the event that the first recorded.
    expect(new Set(answers.map(({ body }) => body.events)).size).toBe(1)
    expect(await countVerified()).toBe(before + answers.length)
  })

  it('is verified in one way at a time; a request for another way gets Retry-After', async () => {
    const running = admin('GET', '/audit-events/verify')
    await fetch(`${server.baseUrl}/healthz`)
    const other = { body: { checkpoints: ['kept elsewhere'] } }
    const refused = await admin('POST', '/audit-events/verify', other)
    expect(refused).toMatchObject({ status: 503, body: { type: 'urn:crosswalk:problem:busy' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await running).status).toBe(200)
    expect((await admin('POST', '/audit-events/verify', other)).body).toMatchObject({ foreignCheckpoints: 1 })
  })

  it('is not verified further after the client disconnects', async () => {
    const before = await countVerified()
    const leaving = new AbortController()
    const left = begin('/audit-events/verify', { signal: leaving.signal })
    await fetch(`${server.baseUrl}/healthz`)
    leaving.abort()
    await expect(left).rejects.toThrow()
    // Another verification starts once this one has ended, which would be on record if it had come to its end.
    const verifyAgain = async () => {
      expect((await admin('POST', '/audit-events/verify', { body: { checkpoints: ['x'] } })).status).toBe(200)
    }
    await vi.waitFor(verifyAgain, { timeout: 60_000 })
    expect(await countVerified()).toBe(before + 1)
    expect(server.log).toEqual([])
  })
})
