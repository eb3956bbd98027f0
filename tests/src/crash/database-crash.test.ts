// Database crashes: connections ended under load, and PostgreSQL stopped and started. The server survives, every token a client received is
// recorded, and no grant is accepted twice.
import { rmSync } from 'node:fs'

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startTestPostgres, type TestPostgres } from '../../../tools/postgres.ts'
import { findPostgres } from '../../../tools/test/find-postgres.ts'
import { signInFor } from '../support/flow.ts'
import { startServerProcess } from '../support/server-process.ts'
import { expectAllRecorded, expectAllSpent, prepareWorld } from './crash-world.ts'
import { type Harvest, keepLoading } from './load.ts'

const ROUNDS = 30
const WORKERS = 8

const END_ALL_CONNECTIONS = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`

describe.runIf(findPostgres() !== undefined)('PostgreSQL', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = (await startTestPostgres()) as TestPostgres
  })
  afterAll(() => postgres.stop())

  async function playUnderLoad(harm: (database: string) => Promise<void>): Promise<void> {
    const database = await postgres.createDatabase()
    const world = await prepareWorld(database)
    const server = await startServerProcess(world.configFile, world.baseUrl, world.environment)
    const { idToken } = await signInFor(world.baseUrl, 'alice')
    const load = keepLoading(world.baseUrl, { idToken, issuer: world.issuer, workers: WORKERS })
    await harm(database)
    const before = load.countReceived()
    await expect.poll(load.countReceived, { timeout: 20_000 }).toBeGreaterThan(before + WORKERS)
    const harvest: Harvest = await load.stop()
    expect(server.findEnd()).toBeUndefined()
    await expectAllSpent(world.baseUrl, harvest.spent)
    await server.kill()
    await expectAllRecorded(database, harvest)
    rmSync(world.directory, { recursive: true, force: true })
  }

  it('ends every connection 30 times under load, and the server survives and loses no grant (RAS-19, IDP-38)', () =>
    playUnderLoad(async (database) => {
      const beside = new pg.Client({ connectionString: database })
      await beside.connect()
      for (let round = 0; round < ROUNDS; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 100))
        await beside.query(END_ALL_CONNECTIONS)
      }
      await beside.end()
    }))

  it.each(['fast', 'immediate'] as const)(
    'is stopped (%s) and started under load, and the server recovers without a restart',
    (how) =>
      playUnderLoad(async () => {
        for (let round = 0; round < 3; round += 1) {
          await new Promise((resolve) => setTimeout(resolve, 300))
          await postgres.halt(how)
          await new Promise((resolve) => setTimeout(resolve, round * 1_000))
          await postgres.resume()
        }
      }),
  )
})
