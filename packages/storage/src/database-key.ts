// The master key of a database: where it is stored, and that no new key is made for a database sealed with another one.
import { dirname } from 'node:path'

import { findMasterKey, makeFolder, makeMasterKey } from '@crosswalk/as-core'

import { findSqlitePath } from './database-url.ts'
import type { Storage } from './storage.ts'

/**
 * Looks for the key before the database is opened, so that an invalid key stops the start before anything is created.
 *
 * @param environment - may contain it as `CROSSWALK_KEY`
 * @returns a function that returns the key it found; otherwise it makes one, unless the database contains sealed keys
 * @throws Error for an invalid key, or a file that can be neither read nor made
 */
export function findDatabaseKey(
  databaseUrl: string,
  environment: Readonly<Record<string, string | undefined>>,
): (storage: Pick<Storage, 'keys'>) => Promise<Uint8Array> {
  const file = keyFileOf(databaseUrl)
  const find = () => findMasterKey({ env: environment, file })
  const found = find()
  // Before the database creates it readable by all users: the key is stored next to the values it seals.
  if (found === undefined && findEmbedded(databaseUrl) !== undefined) makeFolder(dirname(file), 0o700)
  return async ({ keys }) => {
    if (found !== undefined) return found
    if (await keys.isEmpty()) return makeMasterKey(file)
    // Another process may have just made the key and sealed values with it.
    const made = find()
    if (made !== undefined) return made
    throw new Error(`the keys in the database are sealed, but there is neither CROSSWALK_KEY nor ${file}`)
  }
}

/** Next to an embedded database, whose secrets it protects; in `./data` for any other. */
export function keyFileOf(databaseUrl: string): string {
  const path = findEmbedded(databaseUrl)
  return path === undefined ? './data/crosswalk.key' : `${path}.key`
}

/** @returns the file of an embedded database; undefined for other databases and for one in memory */
function findEmbedded(databaseUrl: string): string | undefined {
  const path = findSqlitePath(databaseUrl)
  return path === ':memory:' ? undefined : path
}
