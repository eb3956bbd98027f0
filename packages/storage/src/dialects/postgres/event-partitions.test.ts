// Audit events by month: which partitions exist, where events are stored, that no event is refused for lack of a
// partition, and that removing a month is one step that leaves a valid log.
import {
  CompiledQuery,
  createQueryId,
  Kysely,
  type KyselyPlugin,
  PostgresDialect,
  type PostgresPool,
  type RootOperationNode,
  sql,
} from 'kysely'
import { Migrator } from 'kysely/migration'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { testDatabaseKinds } from '../../../../../tools/test-databases.ts'
import { sampleEntry, sampleEvent } from '../../contract/samples.ts'
import { verifyLog } from '../../contract/verify-log.ts'
import { createGrantLog } from '../../events/grant-log.ts'
import { type EventQuery, listEvents } from '../../events/list-events.ts'
import { createLedger } from '../../ledger/group-commit.ts'
import { openStorage } from '../../open-storage.ts'
import { planMigrations } from '../../plan-migrations.ts'
import { listMigrations, MIGRATIONS_TABLE } from '../../schema/migrations.ts'
import type { Tables } from '../../schema/tables.ts'
import type { Storage } from '../../storage.ts'
import type { EventPeriod } from '../dialect.ts'
import type { Checkpoint } from '../../stores/audit-checkpoints.ts'
import { type ConnectionPool, createPool } from './connections.ts'
import { openPostgresEngine } from './engine.ts'
import { createEventPartitions } from './event-partitions.ts'
import { createPostgresLedgerWriter } from './ledger-writer.ts'
import { postgresTraits } from './traits.ts'

const postgres = testDatabaseKinds().find(({ name }) => name === 'postgres')
const opened: { close(): Promise<void> }[] = []
const at = (time: string) => Date.parse(`${time}Z`)

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

describe.runIf(postgres !== undefined)('PostgreSQL', () => {
  let url: string
  let storage: Storage
  let db: Kysely<Tables>

  beforeEach(async () => {
    url = await postgres!.create()
    storage = await openStorage(url, { poolSize: 4 })
    const engine = await openPostgresEngine(url, 4)
    db = engine.reports
    opened.push(storage, engine)
  })
  const partitionsAt = (time: string) => createEventPartitions(db, { readTimeMs: async () => at(time) })
  const prepare = (time: string) => partitionsAt(time).prepare()
  const commit = (time: string, log = 'idp') =>
    storage.ledger.commit({ log, event: sampleEvent(1, { time: `${time}Z` }) })

  /** The partitions in the order of time, with their bounds and number of events */
  async function shown(): Promise<readonly string[]> {
    const { rows } = await sql<{ shown: string }>`
      select c.relname || ' ' || replace(pg_get_expr(relpartbound, c.oid), 'FOR VALUES ', '') as shown
      from pg_inherits join pg_class as c on c.oid = inhrelid where inhparent = 'audit_events'::regclass`.execute(
      db,
    )
    const { rows: counts } = await sql<{ name: string; count: number }>`
      select tableoid::regclass::text as name, count(*) as count from audit_events group by 1`.execute(db)
    return rows
      .map(({ shown }) =>
        shown.replaceAll(/'(\d+)'/g, (_, ms: string) => new Date(Number(ms)).toISOString().slice(0, 10)),
      )
      .map((text) => `${text}: ${counts.find(({ name }) => text.startsWith(`${name} `))?.count ?? 0}`)
      .sort((one, other) => (/TO \((.*)\)/.exec(one)![1]! < /TO \((.*)\)/.exec(other)![1]! ? -1 : 1))
  }

  it('has a partition for each of the next months, added before it has events', async () => {
    await commit('2026-01-20T00:00:00')
    expect(await shown()).toEqual(['audit_events_earlier FROM (MINVALUE) TO (MAXVALUE): 1'])
    await prepare('2026-01-20T12:00:00')
    expect(await shown()).toEqual([
      'audit_events_earlier FROM (MINVALUE) TO (2026-03-01): 1',
      'audit_events_2026_03 FROM (2026-03-01) TO (2026-04-01): 0',
      'audit_events_2026_04 FROM (2026-04-01) TO (MAXVALUE): 0',
    ])
    for (const time of [
      '2026-03-01T00:00:00',
      '2026-02-28T23:59:59.999',
      '2026-03-31T23:59:59.999',
      '2026-04-01T00:00:00',
    ])
      await commit(time)
    await prepare('2026-02-01T00:00:00')
    await prepare('2026-02-28T23:59:59')
    expect(await shown()).toEqual([
      'audit_events_earlier FROM (MINVALUE) TO (2026-03-01): 2',
      'audit_events_2026_03 FROM (2026-03-01) TO (2026-04-01): 2',
      'audit_events_2026_04 FROM (2026-04-01) TO (2026-05-01): 1',
      'audit_events_2026_05 FROM (2026-05-01) TO (MAXVALUE): 0',
    ])
    expect(await verifyLog(storage.events, 'idp')).toMatchObject({ ok: true, events: 5 })
    const { items, next } = await storage.events.list({ limit: 3 })
    const rest = await storage.events.list({ limit: 3, cursor: next! })
    expect([...items, ...rest.items].map(({ event }) => event.time.slice(0, 7))).toEqual([
      '2026-04',
      '2026-03',
      '2026-03',
      '2026-02',
      '2026-01',
    ])
  })

  it('housekeeping adds months by the clock of the database', async () => {
    await commit(new Date().toISOString().slice(0, -1))
    await storage.expiry.forgetExpired(0)
    const partitions = await shown()
    expect(partitions.length).toBeGreaterThan(2)
    expect(partitions.map((text) => text.endsWith(': 1'))).toEqual(partitions.map((_, index) => index === 0))
    const [, from = ''] = / FROM \((.*)\) TO \(MAXVALUE\)/.exec(partitions.at(-1) ?? '') ?? []
    expect(Date.parse(from) - Date.now()).toBeGreaterThan(59 * 86_400_000)
  })

  it('accepts every event even if housekeeping did not run for months, and continues by month afterwards', async () => {
    await prepare('2026-01-20T00:00:00')
    for (const month of ['03', '04', '07', '09']) await commit(`2026-${month}-10T00:00:00`)
    // From a clock that is years ahead
    await commit('2031-09-10T00:00:00')
    await prepare('2026-09-10T00:00:00')
    expect(await shown()).toEqual([
      'audit_events_earlier FROM (MINVALUE) TO (2026-03-01): 0',
      'audit_events_2026_03 FROM (2026-03-01) TO (2026-04-01): 1',
      'audit_events_2026_04 FROM (2026-04-01) TO (2026-10-01): 3',
      'audit_events_2026_10 FROM (2026-10-01) TO (2026-11-01): 0',
      'audit_events_2026_11 FROM (2026-11-01) TO (2026-12-01): 0',
      'audit_events_2026_12 FROM (2026-12-01) TO (MAXVALUE): 1',
    ])
    expect(await verifyLog(storage.events, 'idp')).toMatchObject({ ok: true, events: 5 })
    expect((await storage.events.list({ limit: 9 })).items.map(({ seq }) => seq)).toEqual([5, 4, 3, 2, 1])
  })

  // A unique key of a partition does not cover the others.
  it('numbers the events of a chain across months if two writers alternate', async () => {
    await prepare('2026-01-20T00:00:00')
    await commit('2026-01-20T00:00:00', 'admin')
    const event = sampleEvent(2, { time: '2026-03-10T00:00:00Z' })
    const change = { collection: 'users', id: 'usr_alice', at: at('2026-03-10'), by: 'adm_ann', body: {} }
    await storage.objects.put({ ...change, event: { log: 'admin', event } })
    await commit('2026-01-20T00:00:01', 'admin')
    expect(await storage.events.verify('admin')).toMatchObject({ ok: true, events: 3 })
  })

  it('leaves the limits of the connection that adds months unchanged', async () => {
    await prepare('2026-01-20T00:00:00')
    const { rows } = await sql`
      select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`.execute(
      db,
    )
    expect(rows).toEqual([{ statement: '1min', lock: '3s' }])
  })

  it('removes the constraint of a process that ended while it added months', async () => {
    await sql`alter table audit_events_earlier add constraint audit_events_end check (time_ms < 0) not valid`.execute(
      db,
    )
    await expect(commit('2026-01-20T00:00:00')).rejects.toThrow('audit_events_end')
    await prepare('2026-01-20T00:00:00')
    await commit('2026-01-20T00:00:00')
    await sql`alter table audit_events_2026_04 add constraint audit_events_end check (time_ms < 0) not valid`.execute(
      db,
    )
    await prepare('2026-02-20T00:00:00')
    await commit('2026-04-20T00:00:00')
    expect(await verifyLog(storage.events, 'idp')).toMatchObject({ ok: true, events: 2 })
  })

  it('adds each month once if several processes do so while grants are written', async () => {
    let running = true
    const writing = (async () => {
      let count = 0
      for (; running; count += 1) await commit('2026-01-20T00:00:00')
      return count
    })()
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => prepare('2026-01-20T00:00:00')))
    running = false
    // Processes that meet another one fail, and try again in the next round.
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
    const count = await writing
    expect(await shown()).toEqual([
      `audit_events_earlier FROM (MINVALUE) TO (2026-03-01): ${count}`,
      'audit_events_2026_03 FROM (2026-03-01) TO (2026-04-01): 0',
      'audit_events_2026_04 FROM (2026-04-01) TO (MAXVALUE): 0',
    ])
    expect(await verifyLog(storage.events, 'idp')).toMatchObject({ ok: true, events: count })
  })

  async function cutsOf(period: EventPeriod): Promise<readonly Checkpoint[]> {
    const ends = await storage.auditPeriods.listEnds(period)
    return Promise.all(
      ends.map(async ({ chain, seq }): Promise<Checkpoint> => {
        const [event] = await storage.events.readAfter({ chain, afterSeq: seq - 1 }, 1)
        return { log: chain, chain, seq, hash: event!.hash, kind: 'cut', time: 0, statement: 'signed' }
      }),
    )
  }

  async function fillMonths(): Promise<void> {
    for (const time of ['2026-01-20', '2026-02-20', '2026-03-20']) await prepare(`${time}T00:00:00`)
    // The clocks of nodes differ, so the numbers of a chain are not always in the order of time.
    for (const time of [
      '2026-03-30T23:59:59',
      '2026-04-01T00:00:01',
      '2026-03-31T23:59:59',
      '2026-04-20T00:00:00',
    ])
      for (const log of ['idp', 'as:todo0']) await commit(time, log)
  }

  it('drops a month with the earlier events of its chains, and the rest verifies, lists and grows', async () => {
    await fillMonths()
    const { auditPeriods, auditCheckpoints, events } = storage
    const oldest = await auditPeriods.findOldest()
    expect(oldest).toMatchObject({ name: 'audit_events_2026_03', from: at('2026-03-01T00:00:00') })
    expect(await auditPeriods.listEnds(oldest!)).toEqual([
      { chain: 'as:todo0', seq: 3 },
      { chain: 'idp', seq: 3 },
    ])
    const cuts = await cutsOf(oldest!)
    expect(await auditPeriods.cut(oldest!, cuts)).toBe(true)
    // Another node may have looked at the same time.
    expect(await auditPeriods.cut(oldest!, cuts)).toBe(false)
    expect(await auditPeriods.cut(oldest!, [{ ...cuts[1]!, seq: 2, statement: 'late' }])).toBe(false)
    expect(await shown()).toEqual([
      'audit_events_earlier FROM (MINVALUE) TO (2026-04-01): 0',
      'audit_events_2026_04 FROM (2026-04-01) TO (2026-05-01): 2',
      'audit_events_2026_05 FROM (2026-05-01) TO (2026-06-01): 0',
      'audit_events_2026_06 FROM (2026-06-01) TO (MAXVALUE): 0',
    ])
    expect(
      (await sql`select 1 from pg_class where relname = 'audit_events_2026_03'`.execute(db)).rows,
    ).toEqual([])
    for (const cut of cuts)
      expect(await events.verify(cut.chain, { cut })).toMatchObject({ ok: true, events: 1, head: { seq: 4 } })
    expect((await auditCheckpoints.list()).map(({ chain, seq, kind }) => [chain, seq, kind])).toEqual([
      ['as:todo0', 3, 'cut'],
      ['idp', 3, 'cut'],
    ])
    expect((await events.list({ log: 'idp', limit: 9 })).items.map(({ seq }) => seq)).toEqual([4])
    // From a clock that is far behind
    await commit('2026-03-05T00:00:00')
    expect(await events.verify('idp', { cut: cuts[1]! })).toMatchObject({ ok: true, events: 2 })
    expect(await auditPeriods.findOldest()).toMatchObject({ name: 'audit_events_2026_04' })
  })

  it('drops no month, and cuts no chain, while a hold forbids it, even one that is being written', async () => {
    await fillMonths()
    const { auditCheckpoints, auditPeriods } = storage
    const oldest = (await auditPeriods.findOldest())!
    const cuts = await cutsOf(oldest)
    const before = await shown()
    const hold = { collection: 'audit-holds', id: 'hold' }
    let removing: Promise<readonly boolean[]> | undefined
    await db.transaction().execute(async (transaction) => {
      // As every change of an object begins
      await sql`update object_counter set revision = revision + 1`.execute(transaction)
      removing = Promise.all([auditPeriods.cut(oldest, cuts, hold), auditCheckpoints.cut(cuts[0]!, hold)])
      await sql`select pg_sleep(0.1)`.execute(transaction)
      await sql`insert into objects (collection, id, revision, owner, body, updated_at, updated_by)
        values ('audit-holds', 'hold', 1, 'database', '{}', 0, 'usr_ada')`.execute(transaction)
    })
    expect(await removing).toEqual([false, false])
    expect(await shown()).toEqual(before)
    expect(await auditCheckpoints.list()).toEqual([])
    await sql`delete from objects where collection = 'audit-holds'`.execute(db)
    expect(await auditPeriods.cut(oldest, cuts, hold)).toBe(true)
  })

  it('does not delay grants for long while a month cannot be dropped, and drops it afterwards', async () => {
    await fillMonths()
    const oldest = (await storage.auditPeriods.findOldest())!
    const cuts = await cutsOf(oldest)
    const waits: number[] = []
    let dropping: Promise<boolean> | undefined
    await db.transaction().execute(async (transaction) => {
      // pg_dump holds this lock while it runs.
      await sql`lock table audit_events in access share mode`.execute(transaction)
      dropping = storage.auditPeriods.cut(oldest, cuts)
      for (let count = 0; count < 20; count += 1) {
        const start = performance.now()
        await commit('2026-04-20T00:00:00')
        waits.push(performance.now() - start)
      }
    })
    expect(await dropping).toBe(true)
    expect(Math.max(...waits)).toBeLessThan(2_000)
    expect(await storage.events.verify('idp', { cut: cuts[1]! })).toMatchObject({ ok: true, events: 21 })
  })

  it('detects a second event with the same number, also at the end of a page', async () => {
    await fillMonths()
    const times = Array.from({ length: 500 }, () => '2026-04-10T00:00:00')
    await Promise.all(times.map((time) => commit(time, 'twice')))
    expect(await storage.events.verify('twice')).toMatchObject({ ok: true, events: 500 })
    const { auditCheckpoints } = storage
    const find = () =>
      auditCheckpoints.findOld({ chain: 'twice', before: at('2026-06-01T00:00:00'), upTo: 500, limit: 500 })
    expect(await find()).toMatchObject({ count: 500, sound: true })
    // A unique key across partitions would have to include the time.
    const body = sql`replace(body, '2026-04', '2026-05')`
    await sql`insert into audit_events (log, chain, seq, id, time_ms, type, outcome, prev_hash, hash, body)
      select log, chain, seq, id, ${at('2026-05-10T00:00:00')}, type, outcome, prev_hash,
        translate(encode(sha256(convert_to(prev_hash || chr(10) || chain || chr(10) || seq || chr(10) || ${body}, 'UTF8')), 'base64'), '+/=', '-_'),
        ${body} from audit_events where chain = 'twice' and seq = 500`.execute(db)
    expect(await storage.events.verify('twice')).toMatchObject({ ok: false, firstBad: { seq: 501 } })
    expect(await find()).toMatchObject({ sound: false })
  })

  it('lists chains of a month even if their head is gone', async () => {
    await fillMonths()
    await sql`delete from audit_heads where chain = 'idp'`.execute(db)
    const oldest = (await storage.auditPeriods.findOldest())!
    expect((await storage.auditPeriods.listEnds(oldest)).map(({ chain }) => chain)).toEqual([
      'as:todo0',
      'idp',
    ])
  })

  it.each([
    [
      'index',
      'drop index audit_events_2026_04_type_time_ms_position_log_outcome_code_idx',
      'lacks index (type, time_ms',
    ],
    [
      'unique key',
      'alter table audit_events_2026_04 drop constraint audit_events_2026_04_chain_seq_key',
      'lacks unique (chain, seq)',
    ],
  ])('refuses a database in which a month has lost its %s', async (_, statement, why) => {
    await fillMonths()
    await (await openStorage(url)).close()
    await sql.raw(statement).execute(db)
    await expect(openStorage(url)).rejects.toThrow(why)
  })

  it('reads only the months that a list or a count of recent grants needs', async () => {
    await fillMonths()
    /** @returns the partitions that PostgreSQL reads for the queries of `work` */
    async function read(work: (on: Kysely<Tables>) => Promise<unknown>) {
      const nodes: RootOperationNode[] = []
      const noting: KyselyPlugin = {
        transformQuery({ node }) {
          nodes.push(node)
          return node
        },
        transformResult: async ({ result }) => result,
      }
      await work(db.withPlugin(noting))
      return db.transaction().execute(async (transaction) => {
        // PostgreSQL scans small tables sequentially.
        await sql`set local enable_seqscan = off`.execute(transaction)
        const partitions: string[] = []
        for (const node of nodes) {
          const { sql: text, parameters } = db.getExecutor().compileQuery(node, createQueryId())
          const query = CompiledQuery.raw(`explain (analyze, costs off, timing off) ${text}`, [...parameters])
          const { rows } = await transaction.executeQuery<{ 'QUERY PLAN': string }>(query)
          for (const { 'QUERY PLAN': line } of rows)
            if (!line.includes('never executed'))
              partitions.push(...(/ on audit_events_(\w+) /.exec(line) ?? []).slice(1))
        }
        return partitions
      })
    }
    const list = (query: EventQuery) => read((on) => listEvents({ db: on, traits: postgresTraits }, query))
    // The planner finds rows in the order of time, then reads them.
    const untilFirst = ['2026_06', '2026_05', '2026_04', '2026_04']
    expect(await list({ limit: 1 })).toEqual(untilFirst)
    expect(await list({ types: ['idjag.issued'], limit: 1 })).toEqual(untilFirst)
    const [since, until] = [at('2026-04-01T00:00:00'), at('2026-05-01T00:00:00')]
    expect(await list({ user: 'usr_alice', since, until, limit: 9 })).toEqual(['2026_04', '2026_04'])
    const all = ['2026_06', '2026_05', '2026_04', '2026_03', 'earlier']
    expect(await list({ user: 'usr_carol', limit: 9 })).toEqual(all)
    const grants = (from: number) =>
      read((on) => createGrantLog({ db: on, traits: postgresTraits }).readAfter(new Map(), from))
    expect((await grants(since)).toSorted()).toEqual(['2026_04', '2026_05', '2026_06'])
    const log = await storage.grantLog.readAfter(new Map([['idp', 1]]), since)
    expect(log.grants.map(({ time }) => time)).toEqual([at('2026-04-01T00:00:01'), at('2026-04-20T00:00:00')])
    expect(log.reached).toEqual(new Map([['idp', 4]]))
  })
})

describe.runIf(postgres !== undefined)('A database without partitions', () => {
  it('is migrated with all its events, while a node of the previous version continues', async () => {
    const url = await postgres!.createEmpty()
    const pool = createPool(url, { max: 2, statementMs: 5_000 })
    opened.push({ close: () => pool.end() })
    await migrateBefore(pool)
    const before = createLedger(createPostgresLedgerWriter(pool), {})
    for (const number of [1, 2, 3]) await before.commit(sampleEntry(number))
    const missing = (await planMigrations(url)).missing.find(({ name }) => name === '0007-event-partitions')
    expect(missing?.statements).toContain(
      'alter table audit_events attach partition audit_events_earlier for values from (minvalue) to (maxvalue)',
    )
    let running = true
    const writing = (async () => {
      let number = 4
      for (; running; number += 1)
        expect(await before.commit(sampleEntry(number))).toMatchObject({ committed: true })
      return number - 1
    })()
    const storage = await openStorage(url, { poolSize: 4 })
    opened.push(storage)
    running = false
    const written = await writing
    await before.commit(sampleEntry(written + 1))
    await storage.ledger.commit(sampleEntry(written + 2))
    const total = written + 2
    expect(await verifyLog(storage.events, 'idp')).toMatchObject({ ok: true, events: total })
    const { rows } = await pool.query({
      text: 'select count(distinct position) as count, max(position) from audit_events',
    })
    // Positions continue from the last one.
    expect(rows).toEqual([{ count: total, max: total }])
    const page = await storage.events.list({ limit: 2 })
    expect(page.items.map(({ event }) => event.decision_id)).toEqual([`dec_${total}`, `dec_${total - 1}`])
  })

  async function migrateBefore(pool: ConnectionPool): Promise<void> {
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as unknown as PostgresPool }) })
    const migrations = [...listMigrations(postgresTraits)].filter(([name]) => name < '0007')
    const { error } = await new Migrator({
      db,
      migrationTableName: MIGRATIONS_TABLE,
      migrationLockTableName: 'crosswalk_migration_lock',
      provider: {
        getMigrations: async () =>
          Object.fromEntries(
            migrations.map(([name, statements]) => [
              name,
              {
                async up(on: Kysely<unknown>) {
                  for (const statement of statements) await sql.raw(statement).execute(on)
                },
              },
            ]),
          ),
      },
    }).migrateToLatest()
    expect(error).toBeUndefined()
  }
})
