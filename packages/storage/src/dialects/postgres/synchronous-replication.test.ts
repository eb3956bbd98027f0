// Synchronous replication: a commit that is not on the standby may be lost after a failover, so it does not count as
// written. Uses its own server, because the setting applies to all databases of a server.
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startTestPostgres, type TestPostgres } from '../../../../../tools/postgres.ts'
import { findPostgres } from '../../../../../tools/test/find-postgres.ts'
import { sampleEntry } from '../../contract/samples.ts'
import { openPostgresEngine } from './engine.ts'
import { openStorage } from '../../open-storage.ts'

describe.runIf(findPostgres() !== undefined)('PostgreSQL with an unreachable standby', () => {
  let server: TestPostgres
  let url: string
  let beside: pg.Client

  beforeAll(async () => {
    server = (await startTestPostgres()) as TestPostgres
    url = await server.createDatabase()
    beside = new pg.Client({ connectionString: url })
    await beside.connect()
  })
  afterAll(async () => {
    await beside.end()
    await server.stop()
  })

  async function waitFor(standby: string): Promise<void> {
    await beside.query(`alter system set synchronous_standby_names = '${standby}'`)
    await beside.query('select pg_reload_conf()')
    await expect
      .poll(async () => (await beside.query('show synchronous_standby_names')).rows)
      .toEqual([{ synchronous_standby_names: standby }])
  }

  /** PostgreSQL applies the setting a moment after `show` returns it, so the first statements may not wait yet. */
  async function startWaiting(act: () => Promise<unknown>): Promise<{ readonly waiting: Promise<unknown> }> {
    for (;;) {
      const waiting = act()
      let ended = false
      const end = () => {
        ended = true
      }
      waiting.then(end, end)
      while (!ended) {
        const { rowCount } = await beside.query(`select 1 from pg_stat_activity where wait_event = 'SyncRep'`)
        if (rowCount === 1) return { waiting }
      }
      await waiting
    }
  }

  /** What an administrator does who sees hanging statements. */
  async function cancelWaiting(): Promise<void> {
    const cancel = `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`
    await expect.poll(async () => (await beside.query(cancel)).rowCount).toBe(1)
  }

  it.each<[string, () => Promise<{ readonly act: () => Promise<unknown>; close(): Promise<void> }>]>([
    [
      'an entry of the ledger',
      async () => {
        const storage = await openStorage(url)
        let number = 0
        const act = () => storage.ledger.commit(sampleEntry((number += 1), { log: 'idp' }))
        return { act, close: () => storage.close() }
      },
    ],
    [
      'a separate statement',
      async () => {
        const engine = await openPostgresEngine(url, 2)
        const act = () =>
          sql`insert into replay_keys (kind, key, expires_at) values ('id-jag', gen_random_uuid(), 0)`.execute(
            engine.db,
          )
        return { act, close: () => engine.close() }
      },
    ],
  ])('does not count %s if its wait was cancelled, but does if it was confirmed', async (_, prepare) => {
    const { act, close } = await prepare()
    await act()
    await waitFor('away')
    const { waiting } = await startWaiting(act)
    const cancelled = expect(waiting).rejects.toMatchObject({ trouble: 'unreachable' })
    await cancelWaiting()
    await cancelled
    const confirmed = act()
    await waitFor('')
    await confirmed
    await close()
  })
})
