// For `crosswalk restore-drill`: whether a backup can be restored, without the running server or its database.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { cleanUpUnfinished } from '@crosswalk/as-core'
import { type Configuration, type Environment, findUnreadable, StartError } from '@crosswalk/control'
import { type LogHead, openStorage, planMigrations } from '@crosswalk/storage'

import { toStartError } from './backup-database.ts'
import { checkCopy } from './check-copy.ts'
import { DATABASE_NAME } from './manifest.ts'
import { restoreDatabase } from './restore-database.ts'

export interface RestoredOrder {
  readonly environment: Environment
  /** The folder of a backup, which is restored to a temporary folder; or a database that was restored before */
  readonly restored: { readonly from: string } | { readonly database: string }
}

/** @returns the end of every chain of the copy, at least one @throws StartError with a fix */
export async function verifyRestored(
  { database: live }: Pick<Configuration, 'database'>,
  { environment, restored }: RestoredOrder,
): Promise<readonly LogHead[]> {
  const ends =
    'from' in restored
      ? await restoreTemporarily(restored.from, environment)
      : await checkRestored(restored.database, { live, environment })
  if (ends.length > 0) return ends
  throw new StartError(
    'the logs of the copy are empty, so it cannot be matched to a server',
    'make another backup once the server has recorded something, such as a sign-in',
  )
}

async function checkRestored(
  database: string,
  { live, environment }: { readonly live: string; readonly environment: Environment },
): Promise<readonly LogHead[]> {
  if (locate(database) === locate(live))
    throw new StartError(
      'this is the database of the configuration, not a copy',
      'restore the dump to another database, and name that one',
      { isMisuse: true },
    )
  try {
    // Opening it would otherwise create the tables.
    const { applied } = await planMigrations(database)
    if (applied.length === 0) throw new Error('it contains no data of Crosswalk')
    const ends = await checkCopy(database, environment)
    await checkObjects(database)
    return ends
  } catch (error) {
    throw toStartError(error, 'the copy cannot be used', 'set CROSSWALK_KEY to its key, or use another dump')
  }
}

async function restoreTemporarily(from: string, environment: Environment): Promise<readonly LogHead[]> {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-restore-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const database = `sqlite:${join(folder, DATABASE_NAME)}`
    const restore = () => restoreDatabase({ database }, { environment, from })
    const { logs } = await cleanUpUnfinished(remove, restore)
    await checkObjects(database)
    return logs
  } finally {
    remove()
  }
}

/** A backup is restored whatever it contains, but a drill is about what a server could start on. */
async function checkObjects(database: string): Promise<void> {
  const storage = await openStorage(database)
  try {
    const unreadable = await findUnreadable(storage.objects)
    if (unreadable.length === 0) return
    const what = unreadable.map(({ message }) => message).join('; ')
    throw new StartError(what, 'correct these objects on the server, and make another backup')
  } finally {
    await storage.close()
  }
}

/** @returns the same for all accounts and options in the URL of a PostgreSQL database */
function locate(database: string): string {
  if (!/^postgres(?:ql)?:\/\//.test(database) || !URL.canParse(database)) return database
  const { hostname, port, pathname } = new URL(database)
  return `${hostname}:${port === '' ? '5432' : port}${pathname}`
}
