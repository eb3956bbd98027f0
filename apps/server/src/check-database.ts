// For `crosswalk config check --database`: whether this version can start on the configured database.
import {
  checkDatabase as checkObjects,
  type Configuration,
  type FileProblem,
  maskUrlPassword,
} from '@crosswalk/control'
import { openStorage, planMigrations } from '@crosswalk/storage'

import { describeStorageProblem } from './start-problems.ts'

/** Changes nothing: a database whose schema is older is only named. @throws StartError with a fix */
export async function checkDatabase(configuration: Configuration): Promise<readonly FileProblem[]> {
  const { database } = configuration
  try {
    const { applied, missing } = await planMigrations(database)
    // Opening it would create it.
    if (applied.length === 0) return []
    if (missing.length > 0) return [describeMissing(database)]
    const storage = await openStorage(database)
    try {
      return await checkObjects(configuration, storage.objects, maskUrlPassword(database))
    } finally {
      await storage.close()
    }
  } catch (error) {
    throw describeStorageProblem(error, database)
  }
}

function describeMissing(database: string): FileProblem {
  const what = 'its objects cannot be checked before its schema is updated'
  const fix = 'back it up, then run `npx crosswalk migrate`'
  return { severity: 'warning', file: maskUrlPassword(database), line: 1, what, fix }
}
