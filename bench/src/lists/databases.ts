// The databases that lists are measured on: each supported kind, empty and on disk.
import { join } from 'node:path'

import pg from 'pg'

import { startTestPostgres } from '../../../tools/postgres.ts'

export interface FreshDatabase {
  readonly name: string
  readonly url: string
  /** Maintenance that normally happens over time: collects statistics, and removes dead rows. */
  settle(): Promise<void>
}

export function makeSqlite(folder: string): FreshDatabase {
  return { name: 'SQLite', url: `sqlite:${join(folder, 'crosswalk.db')}`, settle: async () => undefined }
}

/** @returns undefined if PostgreSQL is not installed */
export async function makePostgres(stack: AsyncDisposableStack): Promise<FreshDatabase | undefined> {
  const server = await startTestPostgres()
  if (server === undefined) return undefined
  stack.defer(() => server.stop())
  const url = await server.createDatabase()
  return { name: 'PostgreSQL', url, settle: () => vacuum(url) }
}

async function vacuum(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('vacuum analyze')
  await client.end()
}
