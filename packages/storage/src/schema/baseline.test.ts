// The baseline is frozen: a database that it made must be the same whatever release made it.
import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import { postgresTraits } from '../dialects/postgres/traits.ts'
import { sqliteTraits } from '../dialects/sqlite/traits.ts'
import { listMigrations } from './migrations.ts'

/** By dialect and migration. A new migration adds a line; a line that stands here is never changed after a release. */
const FROZEN = {
  sqlite: { '0001-baseline': 'a17ebf5385d01d3a59f5045a52ebfa92acd12006c12661755e39c5a09ebdd841' },
  postgres: { '0001-baseline': 'fa8599f8010ee0222e1dcc4c7e5339313eb9005628f4681933bf265484c285c9' },
}

test.each([sqliteTraits, postgresTraits])('no migration on $name was edited in place', (traits) => {
  const hashes = [...listMigrations(traits)].map(([name, statements]) => {
    const text = statements.map((statement) => statement.replaceAll(/\s+/g, ' ')).join(';')
    return [name, createHash('sha256').update(text).digest('hex')]
  })
  expect(Object.fromEntries(hashes)).toEqual(FROZEN[traits.name])
})
