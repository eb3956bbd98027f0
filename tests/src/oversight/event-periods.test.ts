// Retention on PostgreSQL: a whole partition is dropped once all its events are old, and only if every event may be removed.
import { randomBytes } from 'node:crypto'

import { openStorage, type Storage } from '@crosswalk/storage'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

const postgres = testDatabaseKinds().find(({ name }) => name === 'postgres')

describe.runIf(postgres !== undefined)('periods of events on PostgreSQL', () => {
  const opened: { close(): Promise<void> }[] = []
  let database: string
  let server: TestServer
  let admin: Admin
  let client: pg.Client
  let nodes: readonly Storage[]
  /** By the database's clock: a month ago */
  let oldMs: number

  beforeEach(async () => {
    database = await postgres!.create()
    client = new pg.Client({ connectionString: database })
    await client.connect()
  })
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close()
    await client.end()
  })

  async function start(audit: Readonly<Record<string, unknown>> = {}): Promise<void> {
    server = await startTestServer({
      file: (baseUrl) => ({ ...company(baseUrl), audit: { retentionDays: 30, ...audit } }),
      database,
      key: randomBytes(32).toString('hex'),
    })
    opened.push({ close: () => server.stop() })
    admin = adminOf(server.baseUrl)
    nodes = [await openStorage(database, { poolSize: 2 }), await openStorage(database, { poolSize: 2 })]
    opened.push(...nodes)
    const { rows } = await client.query('select extract(epoch from clock_timestamp())::float8 * 1000 as now')
    oldMs = Math.floor(rows[0].now) - 30 * DAY_MS
  }

  /** Creates partitions as housekeeping would have over the months, ending before or after the retention limit. */
  async function divide(...ends: readonly number[]): Promise<void> {
    let last = 'audit_events_earlier'
    let from = 'minvalue'
    for (const [index, end] of ends.entries()) {
      const next = `audit_events_${index}`
      await client.query(`begin;
        create table ${next} (like audit_events_earlier including all);
        alter table audit_events detach partition ${last};
        alter table audit_events attach partition ${last} for values from (${from}) to (${oldMs + end});
        alter table audit_events attach partition ${next} for values from (${oldMs + end}) to (maxvalue);
        commit`)
      last = next
      from = String(oldMs + end)
    }
  }

  /** Two nodes write one event each, so that the log has two chains. */
  async function write(sinceOld: number): Promise<void> {
    for (const [node, storage] of nodes.entries())
      await storage.ledger.commit({
        log: 'idp',
        event: {
          schema: 'xaa.event/v1',
          id: `evt_${node}${sinceOld}`,
          time: new Date(oldMs + sinceOld).toISOString(),
          type: 'session.signed_in',
          category: 'session',
          severity: 'info',
          outcome: 'success',
          actor: { kind: 'user', id: 'usr_alice' },
        },
      })
  }

  const tables = async () =>
    (
      await client.query(`select inhrelid::regclass::text as name from pg_inherits
      where inhparent = 'audit_events'::regclass order by 1`)
    ).rows.map(({ name }) => name.slice('audit_events_'.length))
  const chainsOf = async () =>
    (await admin('POST', '/audit-events/verify', { body: { checkpoints: [] } })).body.logs.filter(
      ({ log }: { log: string }) => log === 'idp',
    )
  const kept = async () =>
    (await admin('GET', '/audit-events?log=idp&limit=50')).body.items.map(
      ({ time }: { time: string }) => Date.parse(time) - oldMs,
    )

  it('deletes events before the oldest partition one by one, and drops each partition a day after its end is old', async () => {
    await start()
    await divide(-60 * DAY_MS, -40 * DAY_MS, -DAY_MS - HOUR_MS, -DAY_MS + HOUR_MS)
    const times = [-70, -50, -45, -20, -2, -1, 3].map((days) => days * DAY_MS)
    for (const time of times) await write(time)
    expect(await tables()).toEqual(['0', '1', '2', '3', 'earlier'])
    const before = await chainsOf()
    expect(before.map(({ events }: { events: number }) => events)).toEqual([8, 6])
    const removed = await server.running.retainAudit()
    expect(removed.get('idp')).toBe(10)
    expect(await tables()).toEqual(['2', '3', 'earlier'])
    // The first two kept events are old, but their partition is not.
    expect(new Set(await kept())).toEqual(new Set([-DAY_MS, 3 * DAY_MS]))
    const after = await chainsOf()
    expect(after.map(({ ok, events }: { ok: boolean; events: number }) => [ok, events])).toEqual([
      [true, 2],
      [true, 2],
    ])
    expect((await admin('GET', '/audit-events?type=audit.purged')).body.items).toMatchObject([
      { change: { retentionDays: 30, removed: { idp: 10 } } },
    ])
    expect((await server.running.retainAudit()).size).toBe(0)
    await write(4 * DAY_MS)
    expect((await chainsOf()).every(({ ok }: { ok: boolean }) => ok)).toBe(true)
  })

  it('keeps a partition with an altered event, and deletes its other events as far as possible', async () => {
    await start()
    await divide(-60 * DAY_MS, -40 * DAY_MS)
    for (const days of [-50, -49, -48, 3]) await write(days * DAY_MS)
    const [first, second] = (await chainsOf()).map(({ chain }: { chain: string }) => chain)
    await client.query(
      `update audit_events set body = body || ' ' where chain = '${second}' and time_ms = ${oldMs - 49 * DAY_MS}`,
    )
    await server.running.retainAudit()
    expect(await tables()).toContain('0')
    const { rows } = await client.query(`select chain, count(*)::int from audit_events_0 group by 1`)
    expect(rows).toEqual([{ chain: second, count: 2 }])
    expect(await chainsOf()).toMatchObject([
      { chain: first, ok: true },
      { chain: second, ok: false, firstBad: { why: expect.stringMatching(/content was changed/) as string } },
    ])
  })

  it('keeps a partition that a stream has not delivered, and all of them under a legal hold', async () => {
    await start({ streams: [{ id: 'lines', type: 'file', path: '/dev/null/nowhere' }] })
    await divide(-60 * DAY_MS, -40 * DAY_MS)
    for (const days of [-50, 3]) await write(days * DAY_MS)
    expect((await server.running.retainAudit()).size).toBe(0)
    // As if everything had been delivered.
    await client.query('insert into audit_stream_cursors select $1, chain, seq from audit_heads', ['lines'])
    expect((await admin('POST', '/audit-retention/hold', { body: { reason: 'case 7' } })).status).toBe(200)
    expect((await server.running.retainAudit()).size).toBe(0)
    await admin('POST', '/audit-retention/release', { body: { reason: 'over' } })
    // While another node is removing events.
    expect((await nodes[0]!.auditPeriods.asLeader(() => server.running.retainAudit()))?.size).toBe(0)
    expect((await server.running.retainAudit()).get('idp')).toBe(2)
    expect(await tables()).toEqual(['1', 'earlier'])
  })
})
