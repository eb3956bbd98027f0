// The baseline is frozen: a database that it made must be the same whatever release made it.
import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import { postgresTraits } from '../dialects/postgres/traits.ts'
import { sqliteTraits } from '../dialects/sqlite/traits.ts'
import { listMigrations } from './migrations.ts'

/** By dialect and migration. A new migration adds a line; a line that stands here is never changed after a release. */
const FROZEN = {
  sqlite: { '0001-baseline': 'd81f5570732c252996bf122c5b62079a7b8cbb0c5f2bae2809cc719ecdb2ec9e' },
  postgres: { '0001-baseline': '55561df09705e0684786f14fcb55b746b223ea76e69878ba57e6743b1dbe592c' },
}

test.each([sqliteTraits, postgresTraits])('no migration on $name was edited in place', (traits) => {
  const hashes = [...listMigrations(traits)].map(([name, statements]) => {
    const text = statements.map((statement) => statement.replaceAll(/\s+/g, ' ')).join(';')
    return [name, createHash('sha256').update(text).digest('hex')]
  })
  expect(Object.fromEntries(hashes)).toEqual(FROZEN[traits.name])
})
