// Fresh databases for tests, one of each kind that this machine has.
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createDatabase } from './postgres.ts'

/** The environment variable with the URL of a PostgreSQL server that tests may make databases on. */
export const POSTGRES_VARIABLE = 'CROSSWALK_TEST_POSTGRES'

export interface TestDatabase {
  readonly name: 'sqlite' | 'postgres'
  /** For `openStorage`; empty when handed out. */
  readonly url: string
}

export interface TestDatabaseKind {
  readonly name: TestDatabase['name']
  /** @returns the URL of a fresh, empty database */
  create(): Promise<string>
}

/** The kinds of database on this machine, for suites that want a fresh one per test. */
export function testDatabaseKinds(): readonly TestDatabaseKind[] {
  const server = process.env[POSTGRES_VARIABLE]
  return [
    { name: 'sqlite', create: async () => createSqliteUrl() },
    ...(server ? [{ name: 'postgres' as const, create: () => createDatabase(server) }] : []),
  ]
}

/** One fresh database of each kind. */
export async function testDatabases(): Promise<readonly TestDatabase[]> {
  return Promise.all(testDatabaseKinds().map(async ({ name, create }) => ({ name, url: await create() })))
}

function createSqliteUrl(): string {
  const folder = join(tmpdir(), `crosswalk-sqlite-${randomUUID()}`)
  if (folders.length === 0) process.once('exit', removeFolders)
  folders.push(folder)
  return `sqlite:${join(folder, 'test.db')}`
}

const folders: string[] = []

function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}
