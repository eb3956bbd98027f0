// `crosswalk restore`: puts a backup in the place that a configuration names, and shows that it is whole. Nothing that is
// there already is written over.
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { type Configuration, type Environment, StartError } from '@crosswalk/control'
import { keyFileOf, openSealing, openStorage } from '@crosswalk/storage'

import { findServerKey } from '../key-file.ts'
import { requireSqlite, toStartError } from './backup-database.ts'
import { checkLogs } from './check-logs.ts'
import { DATABASE_NAME, hashFile, KEY_NAME, type Manifest, readManifest } from './manifest.ts'

export interface RestoreOrder {
  readonly environment: Environment
  readonly from: string
}

/** @throws StartError with a remedy; then nothing was restored */
export async function restoreDatabase(
  { database }: Pick<Configuration, 'database'>,
  { environment, from }: RestoreOrder,
): Promise<Manifest> {
  const path = requireSqlite(database)
  for (const taken of [path, `${path}-wal`])
    if (existsSync(taken)) throw new StartError(`${taken} exists already`, 'move it away, then restore')
  const keyFile = keyFileOf(database)
  const made: string[] = []
  try {
    const manifest = readManifest(from)
    const source = join(from, DATABASE_NAME)
    if ((await hashFile(source)) !== manifest.sha256)
      throw new Error(`${source} was changed since the backup`)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    if (manifest.hasKey && !existsSync(keyFile)) {
      copyFileSync(join(from, KEY_NAME), keyFile)
      made.push(keyFile)
    }
    made.push(path, `${path}-wal`, `${path}-shm`)
    copyFileSync(source, path)
    await checkRestored(database, environment, manifest)
    return manifest
  } catch (error) {
    for (const file of made) rmSync(file, { force: true })
    throw toStartError(error, 'nothing was restored', 'take another backup, or set CROSSWALK_KEY to its key')
  }
}

async function checkRestored(database: string, environment: Environment, { logs }: Manifest): Promise<void> {
  const takeKey = findServerKey(database, environment)
  const storage = await openStorage(database)
  try {
    const sealing = await openSealing(storage.keys, await takeKey(storage))
    for (const owner of await storage.keys.owners())
      for (const { kid, sealedPrivateJwk, purpose } of await storage.keys.list(owner))
        if (purpose !== 'key-ring') sealing.open('signing-key', `${owner} ${kid}`, sealedPrivateJwk)
    const found = await checkLogs(storage)
    if (JSON.stringify(found) !== JSON.stringify(logs))
      throw new Error('the logs do not end where the backup says')
  } finally {
    await storage.close()
  }
}
