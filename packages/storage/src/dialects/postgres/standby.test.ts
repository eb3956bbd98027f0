// A standby answers reads, but may not have received a revocation yet. Uses its own server, which becomes a standby.
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startTestPostgres, type TestPostgres } from '../../../../../tools/postgres.ts'
import { findPostgres } from '../../../../../tools/test/find-postgres.ts'
import { openStorage } from '../../open-storage.ts'

describe.runIf(findPostgres() !== undefined)('a server that became a standby', () => {
  let server: TestPostgres
  let signal = ''
  beforeAll(async () => {
    server = (await startTestPostgres()) as TestPostgres
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    signal = join(rows[0]?.data_directory ?? '', 'standby.signal')
    await client.end()
  })
  afterAll(() => server.stop())

  async function restart(change: () => Promise<void>): Promise<void> {
    await server.halt('fast')
    await change()
    await server.resume()
  }

  it('is not read, and can be used again as a primary', async () => {
    const url = await server.createDatabase()
    const storage = await openStorage(url)
    const readOnly = { trouble: 'read-only' }
    await storage.ping()
    await restart(() => writeFile(signal, ''))
    // Only a statement shows that a connection is lost.
    await storage.ping().catch(() => undefined)
    await expect(storage.ping()).rejects.toMatchObject(readOnly)
    await expect(storage.events.list({ limit: 1 })).rejects.toMatchObject(readOnly)
    await expect(openStorage(url)).rejects.toMatchObject(readOnly)
    await restart(() => rm(signal))
    await storage.ping().catch(() => undefined)
    await storage.ping()
    await storage.close()
  })
})
