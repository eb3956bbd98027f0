// The baseline is frozen: a database that it made must be the same whatever release made it.
import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import { postgresTraits } from '../dialects/postgres/traits.ts'
import { sqliteTraits } from '../dialects/sqlite/traits.ts'
import { listMigrations } from './migrations.ts'

/** By dialect and migration. A new migration adds a line; a line that stands here is never changed after a release. */
const FROZEN = {
  sqlite: { '0001-baseline': '0b7b4a208a512774f84e9b9aecd8e5491719d59784297479de08e915a378f5e2' },
  postgres: { '0001-baseline': 'a143857bae9eedf0c244896a62b029f0433f4928747a23f1603dc1f68e2095ad' },
}

test.each([sqliteTraits, postgresTraits])('no migration on $name was edited in place', (traits) => {
  const hashes = [...listMigrations(traits)].map(([name, statements]) => {
    const text = statements.map((statement) => statement.replaceAll(/\s+/g, ' ')).join(';')
    return [name, createHash('sha256').update(text).digest('hex')]
  })
  expect(Object.fromEntries(hashes)).toEqual(FROZEN[traits.name])
})
