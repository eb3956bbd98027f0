// `crosswalk backup`: copies an embedded database and its master key while servers write to it, and verifies the copy.
import { constants, copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { cleanUpUnfinished, findMasterKey, makeFolder } from '@crosswalk/as-core'
import { type Configuration, type Environment, StartError } from '@crosswalk/control'
import {
  copySqlite,
  findSqlitePath,
  keyFileOf,
  openStorage,
  SchemaError,
  verifySealing,
} from '@crosswalk/storage'

import { messageOf } from '../message-of.ts'
import { checkLogs } from './check-copy.ts'
import { DATABASE_NAME, hashFile, KEY_NAME, type Manifest, writeManifest } from './manifest.ts'

export interface BackupOrder {
  readonly environment: Environment
  /** An empty folder, or one to create */
  readonly to: string
  /** Omits the master key, if it is kept elsewhere */
  readonly withoutKey: boolean
}

/** @throws StartError with a fix */
export async function backUpDatabase(
  { database }: Pick<Configuration, 'database'>,
  { environment, to, withoutKey }: BackupOrder,
): Promise<Manifest> {
  const path = requireSqlite(database)
  makeEmptyFolder(to)
  const copy = join(to, DATABASE_NAME)
  const keyFile = keyFileOf(database)
  // Without this, a second try would need another folder. The key's file begins with the same name.
  const remove = () => {
    for (const name of readdirSync(to).filter((one) => one.startsWith(DATABASE_NAME)))
      rmSync(join(to, name), { force: true })
  }
  const backUp = async () => {
    await copySqlite(path, copy)
    const hasKey = !withoutKey && !hasOwnKey(environment) && existsSync(keyFile)
    if (hasKey) copyFileSync(keyFile, join(to, KEY_NAME))
    const logs = await verifyCopy(copy, environment, keyFile)
    const sha256 = await hashFile(copy)
    const createdAt = new Date().toISOString()
    const manifest: Manifest = { schema: 'crosswalk.backup/v1', createdAt, sha256, hasKey, logs }
    writeManifest(to, manifest)
    return manifest
  }
  try {
    return await cleanUpUnfinished(remove, backUp)
  } catch (error) {
    throw toStartError(error, 'the backup failed', 'free disk space, and choose an empty folder')
  }
}

/**
 * Verifies that this server's key opens the copy, and that its logs are intact. Opening a database migrates it, and the
 * version that made this one must be able to restore it, so what is opened is a copy of the copy.
 */
async function verifyCopy(copy: string, environment: Environment, keyFile: string) {
  const opened = `${copy}.opened`
  copyFileSync(copy, opened, constants.COPYFILE_FICLONE)
  const storage = await openStorage(`sqlite:${opened}`)
  try {
    const key = findMasterKey({ env: environment, file: keyFile })
    if (key !== undefined) await verifySealing(storage.keys, key)
    return [...(await checkLogs(storage))]
  } finally {
    await storage.close()
    rmSync(opened)
  }
}

/** Whether the server's key comes from the environment: then a key file next to the database may be outdated. */
function hasOwnKey(environment: Environment): boolean {
  return ['CROSSWALK_KEY', 'CROSSWALK_KEY_FILE'].some((name) => (environment[name] ?? '') !== '')
}

export function requireSqlite(database: string): string {
  const path = findSqlitePath(database)
  if (path !== undefined && path !== ':memory:') return path
  throw new StartError(
    'this command only backs up embedded databases',
    'for PostgreSQL, use pg_dump --format=custom, and keep the master key elsewhere: CROSSWALK_KEY, or data/crosswalk.key',
    { isMisuse: true },
  )
}

function makeEmptyFolder(folder: string): void {
  try {
    makeFolder(folder, 0o700)
  } catch (error) {
    throw toStartError(error, `${folder} cannot be created`, 'choose a folder that you can write to')
  }
  if (readdirSync(folder).length > 0)
    throw new StartError(`${folder} is not empty`, 'choose a folder that does not exist', { isMisuse: true })
}

export function toStartError(error: unknown, what: string, fix: string): Error {
  if (error instanceof StartError) return error
  if (error instanceof SchemaError)
    return new StartError(`${what}: the database cannot be opened: ${error.message}`, error.fix, {
      cause: error,
    })
  return new StartError(`${what}: ${messageOf(error)}`, fix, { cause: error })
}
