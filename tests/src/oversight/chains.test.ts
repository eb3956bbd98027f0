// Two nodes on PostgreSQL write one log as two chains: verification, sealed heads, export, streams and retention cover both, and the removal of
// a whole chain is detected.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openStorage } from '@crosswalk/storage'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { type Admin, ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const DAY_MS = 86_400_000
const WAIT = { timeout: 10_000, interval: 50 }

const postgres = testDatabaseKinds().find(({ name }) => name === 'postgres')

interface Line {
  readonly log: string
  readonly chain: string
  readonly seq: number
}

describe.runIf(postgres !== undefined)('a log of two chains', () => {
  let database: string
  let server: TestServer
  let admin: Admin
  let folder: string
  let nowMs: number

  beforeEach(async () => {
    // Older than the retention period, by the database's clock.
    nowMs = Date.now() - 31 * DAY_MS
    folder = mkdtempSync(join(tmpdir(), 'crosswalk-chains-'))
    database = await postgres!.create()
    server = await startTestServer({
      file: (baseUrl) => ({
        ...company(baseUrl),
        audit: { retentionDays: 30, streams: [{ id: 'lines', type: 'file', path: join(folder, 'lines') }] },
      }),
      database,
      clock: { nowMs: () => nowMs },
      key: randomBytes(32).toString('hex'),
    })
    admin = adminOf(server.baseUrl)
    await exchangeTwice()
    // Another node claims the first chain, so the server starts its own.
    await writeAsOtherNode(1)
    await exchangeTwice()
  })
  afterEach(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  async function exchangeTwice(): Promise<void> {
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    for (const _ of [1, 2])
      expect((await exchange(server.baseUrl, idToken, { resource: TODO })).status).toBe(200)
  }

  async function writeAsOtherNode(number: number): Promise<void> {
    const storage = await openStorage(database)
    const [known] = (await storage.events.list({ log: 'idp', limit: 1 })).items
    const event = { ...known!.event, id: `evt_other_${number}` as const, time: new Date(nowMs).toISOString() }
    expect(await storage.ledger.commit({ log: 'idp', event })).toMatchObject({ chain: 'idp' })
    await storage.close()
  }

  async function run(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: database })
    await client.connect()
    await client.query(statement)
    await client.end()
  }

  const verify = async (checkpoints: readonly string[] = []) =>
    (await admin('POST', '/audit-events/verify', { body: { checkpoints } })).body
  const seal = async () => (await admin('GET', '/audit-checkpoints?log=idp&latest=true')).body.items
  async function exportLog(query: string): Promise<readonly Line[]> {
    const response = await fetch(`${server.baseUrl}/admin/api/v1/audit-events?${query}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, accept: 'application/x-ndjson' },
    })
    return parseLines(await response.text())
  }

  /** @returns what the command says after it verified the pack */
  async function pack(): Promise<string> {
    const options = ['--log', 'idp', '--to', join(folder, 'pack.zip'), '--server', server.baseUrl]
    const { out } = await crosswalk(['audit', 'pack', ...options], {
      env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN },
    })
    return out
  }

  it('is verified chain by chain, listed by time, exported and resumed chain by chain', async () => {
    expect(await verify()).toMatchObject({ ok: true })
    const chains = (await verify()).logs.filter(({ log }: Line) => log === 'idp')
    expect(chains).toMatchObject([{ chain: 'idp' }, { chain: 'idp/1' }])
    const listed: readonly Line[] = (await admin('GET', '/audit-events?log=idp&limit=50')).body.items
    expect(new Set(listed.map(({ chain }) => chain))).toEqual(new Set(['idp', 'idp/1']))
    expect(listed[0]).toMatchObject({ log: 'idp', chain: 'idp/1' })
    const exported = await exportLog('log=idp')
    expect(exported).toHaveLength(listed.length)
    const [first, second] = ['idp', 'idp/1'].map(
      (name) => exported.filter(({ chain }) => chain === name).length,
    )
    expect(exported.map(({ seq }) => seq)).toEqual([...count(first!), ...count(second!)])
    const rest = await exportLog(`log=idp&afterSeq=idp:${first},idp/1:1`)
    expect(rest.map(({ chain, seq }) => `${chain}#${seq}`)).toEqual(
      count(second!)
        .slice(1)
        .map((seq) => `idp/1#${seq}`),
    )
    expect(await pack()).toMatch(
      /✓ idp {2}events 1 to \d+, sealed\n {2}✓ idp\/1 {2}events 1 to \d+, sealed\n/,
    )
  })

  it('is delivered to a stream chain by chain, each once and in order', async () => {
    const exported = await exportLog('log=idp')
    await vi.waitFor(() => {
      const lines = parseLines(readFileSync(join(folder, 'lines'), 'utf8'))
      for (const name of ['idp', 'idp/1'])
        expect(lines.filter(({ chain }) => chain === name).map(({ seq }) => seq)).toEqual(
          exported.filter(({ chain }) => chain === name).map(({ seq }) => seq),
        )
    }, WAIT)
    const [stream] = (await admin('GET', '/audit-streams')).body.items
    expect(Object.keys(stream.positions)).toEqual(expect.arrayContaining(['idp', 'idp/1']))
  })

  it('has sealed heads per chain, which reveal the removal of a whole chain and all its traces', async () => {
    const kept = await seal()
    expect(kept).toMatchObject([
      { log: 'idp', chain: 'idp' },
      { log: 'idp', chain: 'idp/1' },
    ])
    const statements = kept.map(({ statement }: { statement: string }) => statement)
    expect(await verify(statements)).toMatchObject({ ok: true })
    for (const table of ['audit_events', 'audit_heads'])
      await run(`delete from ${table} where chain = 'idp/1'`)
    const missing = { ok: false, firstBad: { log: 'idp', chain: 'idp/1', seq: 1 } }
    expect(await verify()).toMatchObject(missing)
    await run(`delete from audit_checkpoints where chain = 'idp/1'`)
    // No trace is left in the database, so only an external checkpoint reveals it.
    expect(await verify()).toMatchObject({ ok: true })
    expect(await verify(statements)).toMatchObject(missing)
  })

  it('is trimmed chain by chain by retention, and the rest verifies', async () => {
    await vi.waitFor(async () => {
      const [stream] = (await admin('GET', '/audit-streams')).body.items
      expect(stream.state).toBe('current')
    }, WAIT)
    const ends = (await verify()).logs.filter(({ log }: Line) => log === 'idp')
    const removed = await server.running.retainAudit()
    expect(removed.get('idp')).toBe(ends[0].head.seq + ends[1].head.seq)
    await exchangeTwice()
    const verified = await verify()
    expect(verified).toMatchObject({ ok: true })
    expect(verified.logs.filter(({ log }: Line) => log === 'idp')).toMatchObject([
      { chain: 'idp', events: 0, begins: ends[0].head.seq + 1 },
      { chain: 'idp/1', begins: ends[1].head.seq + 1 },
    ])
    const begins: number = ends[1].head.seq + 1
    expect(await pack()).toMatch(new RegExp(`unchanged.*\n  ✓ idp/1  events ${begins} to \\d+, sealed\n$`))
  })
})

function parseLines(text: string): readonly Line[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

function count(most: number): number[] {
  return Array.from({ length: most }, (_, index) => index + 1)
}
