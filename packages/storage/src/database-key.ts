// The master key of a database: where it is kept, and that none is made beside what another one has sealed.
import { dirname } from 'node:path'

import { findMasterKey, makeFolder, makeMasterKey } from '@crosswalk/as-core'

import { findSqlitePath } from './database-url.ts'
import type { Storage } from './storage.ts'

/**
 * Looks for the key before the database is opened, so that one that is none stops the start before anything is made.
 *
 * @param environment - may hold it as `CROSSWALK_KEY`
 * @returns a function that gives the key that was found; else makes one, unless the database has keys that are sealed
 * @throws Error for a key that is none, or a file that can be neither read nor made
 */
export function findDatabaseKey(
  databaseUrl: string,
  environment: Readonly<Record<string, string | undefined>>,
): (storage: Pick<Storage, 'keys'>) => Promise<Uint8Array> {
  const file = keyFileOf(databaseUrl)
  const find = () => findMasterKey({ env: environment, file })
  const found = find()
  // Before the database makes it, for everybody to read: what is sealed by the key is beside it.
  if (found === undefined && findEmbedded(databaseUrl) !== undefined) makeFolder(dirname(file), 0o700)
  return async ({ keys }) => {
    if (found !== undefined) return found
    if (await keys.isEmpty()) return makeMasterKey(file)
    // Another process that started just now may have made it, and sealed with it.
    const made = find()
    if (made !== undefined) return made
    throw new Error(`the keys in the database are sealed, and there is neither CROSSWALK_KEY nor ${file}`)
  }
}

/** Beside an embedded database, whose secrets it protects; in `./data` for any other. */
export function keyFileOf(databaseUrl: string): string {
  const path = findEmbedded(databaseUrl)
  return path === undefined ? './data/crosswalk.key' : `${path}.key`
}

/** @returns the file of an embedded database, undefined for any other and where nothing outlives the process */
function findEmbedded(databaseUrl: string): string | undefined {
  const path = findSqlitePath(databaseUrl)
  return path === ':memory:' ? undefined : path
}
