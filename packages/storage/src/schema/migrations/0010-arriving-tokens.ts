// Where access tokens are until they are spread into their table and its indexes.
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

import type { DialectTraits } from '../../dialects/dialect.ts'

export function arrivingTokensMigration(traits: DialectTraits): Migration {
  return {
    up: (db: Kysely<unknown>) => traits.createArrivingTokens(db),
  }
}
