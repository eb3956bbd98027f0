// Implements `crosswalk keys reseal` for a database in use: publishes a new master key and seals with it or, once
// every node uses the new key, deletes the old one.
import { setTimeout } from 'node:timers/promises'

import { findMasterKey, makeMasterKey, nameMasterKey } from '@crosswalk/as-core'
import { type Configuration, type Environment, StartError } from '@crosswalk/control'
import {
  finishReseal,
  openStorage,
  publishMasterKey,
  resealAll,
  type Resealed,
  type Storage,
} from '@crosswalk/storage'

import { findServerKey } from './key-file.ts'
import { describeFirstUseProblem, describeKeyFileProblem, describeStorageProblem } from './start-problems.ts'

export interface ResealOrder {
  readonly environment: Environment
  /** File of the new master key, created if missing; undefined finishes an earlier reseal */
  readonly newKeyFile: string | undefined
  /** How long running nodes have to notice the new key; default: 3 seconds */
  readonly waitMs?: number
}

export interface ResealReport extends Resealed {
  /** Name of the current master key */
  readonly keyId: string
}

/** On SQLite, nodes poll for changes once a second; on PostgreSQL, they are notified. */
const WAIT_MS = 3_000

/** @throws StartError with a fix */
export async function resealDatabase(
  { database }: Pick<Configuration, 'database'>,
  { environment, newKeyFile, waitMs = WAIT_MS }: ResealOrder,
): Promise<ResealReport> {
  const takeKey = findServerKey(database, environment)
  const newKey = newKeyFile === undefined ? undefined : readNewKey(newKeyFile)
  const storage = await openStorage(database).catch((error: unknown) => {
    throw describeStorageProblem(error, database)
  })
  try {
    if (await storage.keys.isEmpty())
      throw new StartError('nothing is sealed in this database yet', 'start the server with the key you want')
    const masterKey = await takeKey(storage)
    const resealed = await change(storage, { masterKey, newKey, waitMs })
    return { ...resealed, keyId: nameMasterKey(newKey ?? masterKey) }
  } catch (error) {
    throw describeFirstUseProblem(error, database)
  } finally {
    await storage.close()
  }
}

function readNewKey(file: string): Uint8Array {
  try {
    return findMasterKey({ env: {}, file }) ?? makeMasterKey(file)
  } catch (error) {
    throw describeKeyFileProblem(error, file)
  }
}

async function change(
  storage: Storage,
  keys: {
    readonly masterKey: Uint8Array
    readonly newKey: Uint8Array | undefined
    readonly waitMs: number
  },
): Promise<Resealed> {
  const { masterKey, newKey, waitMs } = keys
  const now = Date.now()
  if (newKey === undefined) return finishReseal(storage, masterKey, now)
  await publishMasterKey(storage, { masterKey, newKey, now })
  await setTimeout(waitMs)
  return resealAll(storage, masterKey, now)
}
