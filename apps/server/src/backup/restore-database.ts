// `crosswalk restore`: restores a backup to the configured database, and verifies it there. Never overwrites files.
import { chownSync, constants, copyFileSync, existsSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { cleanUpUnfinished, makeFolder } from '@crosswalk/as-core'
import { type Configuration, type Environment, StartError } from '@crosswalk/control'
import { keepOwnerOnly, keyFileOf } from '@crosswalk/storage'

import { requireSqlite, toStartError } from './backup-database.ts'
import { checkCopy } from './check-copy.ts'
import { DATABASE_NAME, hashFile, KEY_NAME, type Manifest, readManifest } from './manifest.ts'

export interface RestoreOrder {
  readonly environment: Environment
  readonly from: string
}

/** @throws StartError with a fix, if nothing was restored */
export async function restoreDatabase(
  { database }: Pick<Configuration, 'database'>,
  { environment, from }: RestoreOrder,
): Promise<Manifest> {
  const path = requireSqlite(database)
  for (const taken of [path, `${path}-wal`])
    if (existsSync(taken))
      throw new StartError(`${taken} already exists`, 'move it, then restore again', { isMisuse: true })
  const keyFile = keyFileOf(database)
  const made: string[] = []
  const remove = () => made.forEach((file) => rmSync(file, { force: true }))
  const restore = async () => {
    const manifest = readManifest(from)
    const source = join(from, DATABASE_NAME)
    if ((await hashFile(source)) !== manifest.sha256)
      throw new StartError(`${source} was changed since the backup`, 'use another backup')
    makeFolder(dirname(path), 0o700, giveToOwnerOfFolder)
    if (manifest.hasKey && !existsSync(keyFile)) {
      copyNew(join(from, KEY_NAME), keyFile)
      made.push(keyFile)
    }
    copyNew(source, path)
    made.push(path, `${path}-wal`, `${path}-shm`)
    const found = await checkCopy(database, environment)
    if (JSON.stringify(found) !== JSON.stringify(manifest.logs))
      throw new Error('the logs do not match the manifest of the backup')
    return manifest
  }
  try {
    return await cleanUpUnfinished(remove, restore)
  } catch (error) {
    throw toStartError(error, 'nothing was restored', 'use another backup, or set CROSSWALK_KEY to its key')
  }
}

/** A server may have created the file since the check: never overwrite it. */
function copyNew(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL)
  keepOwnerOnly(to)
  giveToOwnerOfFolder(to)
}

/** Whatever root creates belongs to root, and a server that runs as the owner of the folder could not open it. */
function giveToOwnerOfFolder(path: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(dirname(path))
  chownSync(path, uid, gid)
}
