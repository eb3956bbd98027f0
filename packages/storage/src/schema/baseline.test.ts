// The baseline is frozen: a database that it made must be the same whatever release made it.
import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import { postgresTraits } from '../dialects/postgres/traits.ts'
import { sqliteTraits } from '../dialects/sqlite/traits.ts'
import { listMigrations } from './migrations.ts'

/** By dialect and migration. A new migration adds a line; a line that stands here is never changed after a release. */
const FROZEN = {
  sqlite: { '0001-baseline': '126167bd2a2c731083db6ee3ec7e4a7f1b82173ba2a0bb65a762a79ce5602a75' },
  postgres: { '0001-baseline': '63412a0055fdd9891f8b313cc56cfea72eb30e24e1a89e9b33e8c4785a19731c' },
}

test.each([sqliteTraits, postgresTraits])('no migration on $name was edited in place', (traits) => {
  const hashes = [...listMigrations(traits)].map(([name, statements]) => {
    const text = statements.map((statement) => statement.replaceAll(/\s+/g, ' ')).join(';')
    return [name, createHash('sha256').update(text).digest('hex')]
  })
  expect(Object.fromEntries(hashes)).toEqual(FROZEN[traits.name])
})
