// `crosswalk backup`: an embedded database with its master key, copied while servers write to it, and checked.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { findMasterKey } from '@crosswalk/as-core'
import { type Configuration, type Environment, StartError } from '@crosswalk/control'
import { copySqlite, findSqlitePath, keyFileOf, openStorage, verifySealing } from '@crosswalk/storage'

import { messageOf } from '../message-of.ts'
import { checkLogs } from './check-logs.ts'
import { DATABASE_NAME, hashFile, KEY_NAME, type Manifest, writeManifest } from './manifest.ts'

export interface BackupOrder {
  readonly environment: Environment
  /** A folder that is made, or is empty */
  readonly to: string
  /** Leaves the master key out, for those who keep it elsewhere */
  readonly withoutKey: boolean
}

/** @throws StartError with a remedy */
export async function backUpDatabase(
  { database }: Pick<Configuration, 'database'>,
  { environment, to, withoutKey }: BackupOrder,
): Promise<Manifest> {
  const path = requireSqlite(database)
  makeEmptyFolder(to)
  const copy = join(to, DATABASE_NAME)
  const keyFile = keyFileOf(database)
  try {
    await copySqlite(path, copy)
    const hasKey = !withoutKey && !hasOwnKey(environment) && existsSync(keyFile)
    if (hasKey) copyFileSync(keyFile, join(to, KEY_NAME))
    const logs = await readCopy(copy, environment, keyFile)
    // Last, since opening a copy writes its log back.
    const sha256 = await hashFile(copy)
    const createdAt = new Date().toISOString()
    const manifest: Manifest = { schema: 'crosswalk.backup/v1', createdAt, sha256, hasKey, logs }
    writeManifest(to, manifest)
    return manifest
  } catch (error) {
    throw toStartError(error, 'the backup failed', 'make room, and choose an empty folder')
  }
}

/** Verifies that the key of this server opens the copy, and that its logs are whole. */
async function readCopy(copy: string, environment: Environment, keyFile: string) {
  const storage = await openStorage(`sqlite:${copy}`)
  try {
    const key = findMasterKey({ env: environment, file: keyFile })
    if (key !== undefined) await verifySealing(storage.keys, key)
    return [...(await checkLogs(storage))]
  } finally {
    await storage.close()
  }
}

/** Whether the server takes its key from elsewhere: then a key file beside the database may be an old one. */
function hasOwnKey(environment: Environment): boolean {
  return ['CROSSWALK_KEY', 'CROSSWALK_KEY_FILE'].some((name) => (environment[name] ?? '') !== '')
}

export function requireSqlite(database: string): string {
  const path = findSqlitePath(database)
  if (path !== undefined && path !== ':memory:') return path
  throw new StartError(
    'only an embedded database is backed up by this command',
    'on PostgreSQL use pg_dump --format=custom, and keep the master key elsewhere: CROSSWALK_KEY, or data/crosswalk.key',
  )
}

function makeEmptyFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (readdirSync(folder).length > 0)
    throw new StartError(`${folder} is not empty`, 'name a folder that does not exist')
}

export function toStartError(error: unknown, what: string, fix: string): Error {
  if (error instanceof StartError) return error
  return new StartError(`${what}: ${messageOf(error)}`, fix, { cause: error })
}
