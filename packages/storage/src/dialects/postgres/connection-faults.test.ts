// Connection faults of PostgreSQL and the network: none of them ends the process, blocks requests for long, or reports
// an entry as recorded although it may not be.
import { StorageFault } from '@crosswalk/as-core'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'

import { type FaultyProxy, startFaultyProxy } from '../../../../../tools/faulty-proxy.ts'
import { testDatabaseKinds } from '../../../../../tools/test-databases.ts'
import { sampleEntry, sampleReplayKey } from '../../contract/samples.ts'
import { verifyLog } from '../../contract/verify-log.ts'
import { openStorage } from '../../open-storage.ts'
import type { Storage } from '../../storage.ts'
import { openPostgresEngine } from './engine.ts'

const ROUNDS = 30
const LOCK_LIMIT_MS = 3_000
const RECOVERY_LIMIT_MS = 10_000

const postgres = testDatabaseKinds().find(({ name }) => name === 'postgres')
const opened: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

async function open(url: string): Promise<Storage> {
  const storage = await openStorage(url)
  opened.push(storage)
  return storage
}

async function openThroughProxy(): Promise<{ readonly storage: Storage; readonly proxy: FaultyProxy }> {
  const proxy = await startFaultyProxy(await postgres!.create())
  opened.push(proxy)
  return { proxy, storage: await open(proxy.url) }
}

/** A connection outside of any storage. */
async function connectBeside(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  opened.push({ close: () => client.end() })
  return client
}

function ignore(): void {}

const commit = (storage: Storage, number: number) =>
  storage.ledger.commit(sampleEntry(number, { log: 'idp', replayKeys: [sampleReplayKey(`entry-${number}`)] }))

describe.runIf(postgres !== undefined)('PostgreSQL', () => {
  it('survives 30 rounds of terminated connections, and rejects only what ran on them', async () => {
    const url = await postgres!.create()
    const storage = await open(url)
    const beside = await connectBeside(url)
    const confirmed: number[] = []
    let number = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      const running = Array.from({ length: 40 }, async () => {
        number += 1
        const mine = number
        const outcome = await commit(storage, mine).catch((fault: unknown) => {
          expect(fault).toBeInstanceOf(StorageFault)
        })
        if (outcome?.committed) confirmed.push(mine)
        await storage.keys.replace(`owner-${mine}`, [], []).catch(() => undefined)
      })
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 15))
      await beside.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      await Promise.all(running)
    }
    expect(await commit(storage, number + 1)).toMatchObject({ committed: true })
    for (const mine of confirmed) expect(await commit(storage, mine)).toMatchObject({ committed: false })
    expect(await verifyLog(storage.events, 'idp')).toMatchObject({ ok: true, bad: [] })
  })

  it('recovers within 10 seconds at the same address after all its connections stop responding', async () => {
    const { storage, proxy } = await openThroughProxy()
    await Promise.all([commit(storage, 1), storage.events.list({ limit: 1 }), storage.keys.list('idp')])
    proxy.swallow()
    const since = performance.now()
    const lost = commit(storage, 2)
    await expect(lost).rejects.toMatchObject({ trouble: 'unreachable' })
    expect(await commit(storage, 3)).toMatchObject({ committed: true })
    expect(await storage.keys.list('idp')).toEqual([])
    expect(await storage.events.list({ limit: 1 })).toMatchObject({ items: [{}] })
    expect(performance.now() - since).toBeLessThan(RECOVERY_LIMIT_MS)
  })

  it('rejects one write after a failover, however many connections lead to the demoted server', async () => {
    const url = await postgres!.create()
    const storage = await open(url)
    const beside = await connectBeside(url)
    const name = new URL(url).pathname.slice(1)
    // Connections keep the setting of the time at which they were made, as those to a demoted server stay there.
    await beside.query(`alter database "${name}" set default_transaction_read_only = on`)
    await beside.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    const read = () => storage.keys.list('idp').catch(ignore)
    await Promise.all(Array.from({ length: 20 }, read))
    await Promise.all(Array.from({ length: 20 }, read))
    await beside.query('set default_transaction_read_only = off')
    await beside.query(`alter database "${name}" reset default_transaction_read_only`)
    const write = (owner: string) => storage.keys.replace(owner, [], [])
    await expect(write('first')).rejects.toMatchObject({ trouble: 'read-only' })
    await Promise.all(Array.from({ length: 20 }, (_, index) => write(`owner-${index}`)))
  })

  it('rejects writes immediately while the server is unreachable', async () => {
    const { storage, proxy } = await openThroughProxy()
    proxy.forwardNew(false)
    proxy.swallow()
    await expect(commit(storage, 1)).rejects.toMatchObject({ trouble: 'unreachable' })
    await expect(commit(storage, 2)).rejects.toMatchObject({ trouble: 'unreachable' })
    proxy.forwardNew(true)
    expect(await commit(storage, 3)).toMatchObject({ committed: true })
  })

  it('rejects an entry while another process holds the head of its log, and accepts one afterwards', async () => {
    const url = await postgres!.create()
    const storage = await open(url)
    await commit(storage, 1)
    const beside = await connectBeside(url)
    await beside.query('begin')
    await beside.query('select * from audit_heads for update')
    const since = performance.now()
    await expect(commit(storage, 2)).rejects.toMatchObject({ trouble: 'busy' })
    expect(performance.now() - since).toBeLessThan(LOCK_LIMIT_MS + 2_000)
    await beside.query('rollback')
    expect(await commit(storage, 2)).toMatchObject({ committed: true, seq: 2 })
  })

  it('outlasts another process that hangs in a transaction', async () => {
    const url = await postgres!.create()
    const storage = await open(url)
    await commit(storage, 1)
    const engine = await openPostgresEngine(url, 6)
    opened.push(engine)
    const [locked, resumed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const hung = engine.db.transaction().execute(async (transaction) => {
      await sql`select * from audit_heads for update`.execute(transaction)
      locked.resolve()
      await resumed.promise
    })
    await locked.promise
    const outcome = await commit(storage, 2).catch((fault: unknown) => fault)
    resumed.resolve()
    expect(outcome).toMatchObject({ committed: true, seq: 2 })
    await expect(hung).rejects.toBeInstanceOf(StorageFault)
  })

  it.each([
    ['the commit of a transaction', 'commit\0', 0],
    ['a batch in one statement', 'crosswalk-write-batch', 1],
  ])(
    'rejects an entry when %s was not confirmed, although it is recorded and its replay key is used',
    async (_, cut, before) => {
      const { storage, proxy } = await openThroughProxy()
      // The first batch of a process uses a transaction to find its chain.
      for (let number = 1; number <= before; number += 1) await commit(storage, number)
      proxy.cutAfter(cut)
      await expect(commit(storage, 2)).rejects.toMatchObject({ trouble: 'unreachable' })
      expect(await verifyLog(storage.events, 'idp')).toMatchObject({ ok: true, events: before + 1 })
      expect(await commit(storage, 2)).toMatchObject({ committed: false, used: { key: 'entry-2' } })
      expect(await commit(storage, 3)).toMatchObject({ committed: true, chain: 'idp', seq: before + 2 })
    },
  )

  it('changes definitions while more token requests wait for a read than there are connections', async () => {
    const url = await postgres!.create()
    const storage = await open(url)
    const beside = await connectBeside(url)
    await beside.query('begin')
    await beside.query('lock table access_tokens, replay_keys in access exclusive mode')
    let blocked = 0
    const reads = Array.from({ length: 50 }, (_, number) => [
      storage.accessTokens.find('todo0', `token-${number}`),
      storage.ledger.isUsed(sampleReplayKey(`key-${number}`)),
    ]).flatMap((pair) => pair.map((read) => read.then(() => (blocked -= 1), ignore)))
    blocked = reads.length
    const block = { collection: 'blocks', id: 'blk_1', by: 'admin', at: 1, body: {} }
    expect(await storage.objects.put(block)).toMatchObject({ ok: true })
    expect(await storage.objects.find('blocks', 'blk_1')).toMatchObject({ id: 'blk_1' })
    expect(blocked).toBe(reads.length)
    await beside.query('rollback')
    await Promise.all(reads)
  })

  it('lets another process lead after an unlock that failed on a working connection', async () => {
    const url = await postgres!.create()
    const engine = await openPostgresEngine(`${url}?options=-csearch_path%3Dpublic,pg_catalog`, 2)
    opened.push(engine)
    const beside = await connectBeside(url)
    // This search path finds it before the function of the system.
    await beside.query(`create function public.pg_advisory_unlock(bigint) returns boolean
      language plpgsql as $$ begin raise exception 'not now'; end $$`)
    expect(await engine.upkeep.asLeader('clean-up', async () => 'done')).toBe('done')
    const countLocks = async () =>
      (await beside.query(`select from pg_locks where locktype = 'advisory'`)).rowCount
    await expect.poll(countLocks).toBe(0)
  })

  it('ends statements of requests after 5 seconds, but gives reports and schema changes more time', async () => {
    const engine = await openPostgresEngine(await postgres!.create(), 2)
    opened.push(engine)
    const [request, report] = await Promise.allSettled([
      sql`select pg_sleep(5.5)`.execute(engine.db),
      sql`select pg_sleep(5.5)`.execute(engine.reports),
    ])
    expect(request).toMatchObject({ status: 'rejected', reason: { trouble: 'busy' } })
    expect(report).toMatchObject({ status: 'fulfilled' })
  })
})
