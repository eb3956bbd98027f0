// Creates new databases for tests, of each kind available on this machine.
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, it } from 'vitest'

import { createDatabase } from './postgres.ts'
import { createMigratedDatabase } from './test/migrated-postgres.ts'

/** The environment variable with the URL of a PostgreSQL server on which tests can create databases. */
export const POSTGRES_VARIABLE = 'CROSSWALK_TEST_POSTGRES'

type DatabaseName = 'sqlite' | 'postgres'

export interface TestDatabaseKind {
  readonly name: DatabaseName
  /** @returns the URL of a new database without data; on PostgreSQL, it has the current schema already */
  create(): Promise<string>
  /** @returns the URL of a new database without tables */
  createEmpty(): Promise<string>
}

/** The kinds of database on this machine, for suites that need a new one per test. */
export function testDatabaseKinds(): readonly TestDatabaseKind[] {
  const server = process.env[POSTGRES_VARIABLE]
  return [
    { name: 'sqlite', create: createSqliteUrl, createEmpty: createSqliteUrl },
    ...(server
      ? [
          {
            name: 'postgres' as const,
            create: () => createMigratedDatabase(server),
            createEmpty: () => createDatabase(server),
          },
        ]
      : []),
  ]
}

/**
 * `describe` for each supported kind of database. If this machine lacks one, its tests are skipped, and counted as
 * skipped.
 *
 * @param title - `$name` is replaced with the name of the kind
 */
export function describeOnDatabases(title: string, body: (kind: TestDatabaseKind) => void): void {
  for (const [name, kind] of listKinds())
    describe.skipIf(kind === undefined)(fill(title, name), () => body(kind ?? lackOf(name)))
}

/** The same for a single test. */
export function itOnDatabases(title: string, body: (kind: TestDatabaseKind) => Promise<void>): void {
  for (const [name, kind] of listKinds())
    it.skipIf(kind === undefined)(fill(title, name), () => body(kind ?? lackOf(name)))
}

function listKinds(): readonly (readonly [DatabaseName, TestDatabaseKind | undefined])[] {
  const kinds = testDatabaseKinds()
  return (['sqlite', 'postgres'] as const).map((name) => [name, kinds.find((kind) => kind.name === name)])
}

function fill(title: string, name: string): string {
  return title.replace('$name', name)
}

/** Used while tests are collected; none of them runs. */
function lackOf(name: DatabaseName): TestDatabaseKind {
  const create = () => Promise.reject(new Error(`this machine has no ${name}`))
  return { name, create, createEmpty: create }
}

async function createSqliteUrl(): Promise<string> {
  const folder = join(tmpdir(), `crosswalk-sqlite-${randomUUID()}`)
  if (folders.length === 0) process.once('exit', removeFolders)
  folders.push(folder)
  return `sqlite:${join(folder, 'test.db')}`
}

const folders: string[] = []

function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}
