// What PostgreSQL does in its own way.
import { sql } from 'kysely'

import type { DialectTraits } from '../../schema/traits.ts'

export const postgresTraits: DialectTraits = {
  name: 'postgres',
  arrivalKey: 'bigint generated always as identity primary key',
  lastingKey: 'bigint generated always as identity primary key',
  byCodeUnits: (column) => sql`${sql.ref(column)} collate "C"`,
  notAfterNow: (seconds) =>
    sql`least(${seconds}::double precision, extract(epoch from now())::double precision)`,
  serverTimeMs: () => sql`floor(extract(epoch from statement_timestamp()) * 1000)::bigint`,
  unsearched: (column) => sql.ref(column),
}
