// `crosswalk migrate`: shows or applies the schema changes of a new version before its first start.
import type { Configuration } from '@crosswalk/control'
import { type MigrationPlan, openStorage, planMigrations } from '@crosswalk/storage'

import { describeStorageProblem } from '../start-problems.ts'

/** @throws StartError with a fix */
export async function migrateDatabase(
  { database }: Pick<Configuration, 'database'>,
  { dryRun }: { readonly dryRun: boolean },
): Promise<MigrationPlan> {
  try {
    const plan = await planMigrations(database)
    if (!dryRun) await (await openStorage(database)).close()
    return plan
  } catch (error) {
    throw describeStorageProblem(error, database)
  }
}
