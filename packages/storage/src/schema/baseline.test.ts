// The baseline is frozen: a database that it made must be the same whatever release made it.
import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import { postgresTraits } from '../dialects/postgres/traits.ts'
import { sqliteTraits } from '../dialects/sqlite/traits.ts'
import { listMigrations } from './migrations.ts'

/** By dialect and migration. A new migration adds a line; a line that stands here is never changed after a release. */
const FROZEN = {
  sqlite: { '0001-baseline': '9f84e06a119ca6b4da4ee339f8fa1a5c5146647d805cf3e369b49c796d773ec1' },
  postgres: { '0001-baseline': '55a1172528a3bc03809ae4f430d7c1756b19549f6c32bc0d7e534718c04eca44' },
}

test.each([sqliteTraits, postgresTraits])('no migration on $name was edited in place', (traits) => {
  const hashes = [...listMigrations(traits)].map(([name, statements]) => {
    const text = statements.map((statement) => statement.replaceAll(/\s+/g, ' ')).join(';')
    return [name, createHash('sha256').update(text).digest('hex')]
  })
  expect(Object.fromEntries(hashes)).toEqual(FROZEN[traits.name])
})
