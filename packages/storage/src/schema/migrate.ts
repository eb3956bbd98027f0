// Brings a database to the schema of this release. Forward only, and safe when several processes start at once:
// each migration runs in one transaction that the dialect serialises.
import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'

import type { DialectTraits } from '../dialects/dialect.ts'
import { auditMigration } from './migrations/0001-audit.ts'
import { tokensMigration } from './migrations/0002-tokens.ts'
import { signInMigration } from './migrations/0003-sign-in.ts'
import { objectsMigration } from './migrations/0004-objects.ts'
import { secondFactorsMigration } from './migrations/0005-second-factors.ts'
import { subIdMigration } from './migrations/0006-sub-id.ts'
import { securityEventsMigration } from './migrations/0007-security-events.ts'
import { auditStreamsMigration } from './migrations/0008-audit-streams.ts'
import { passkeysMigration } from './migrations/0008-passkeys.ts'
import { upstreamLinksMigration } from './migrations/0009-upstream-links.ts'
import { arrivingTokensMigration } from './migrations/0010-arriving-tokens.ts'
import type { Tables } from './tables.ts'

/** Applies every migration that is missing; throws what the database said when one fails. */
export async function migrate(db: Kysely<Tables>, traits: DialectTraits): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () => ({
        '0001-audit': auditMigration(traits),
        '0002-tokens': tokensMigration(traits),
        '0003-sign-in': signInMigration(),
        '0004-objects': objectsMigration(),
        '0005-second-factors': secondFactorsMigration(),
        '0006-sub-id': subIdMigration(),
        '0007-security-events': securityEventsMigration(traits),
        '0008-audit-streams': auditStreamsMigration(),
        '0008-passkeys': passkeysMigration(),
        '0009-upstream-links': upstreamLinksMigration(),
        '0010-arriving-tokens': arrivingTokensMigration(traits),
      }),
    },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) {
    throw new Error(`The database schema could not be brought up to date: ${describe(error)}`, {
      cause: error,
    })
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
