// The master key of a server: where it is kept, and that none is made beside what another one has sealed.
import { dirname } from 'node:path'

import { findMasterKey, makeFolder, makeMasterKey } from '@crosswalk/authorization-server'
import type { Storage } from '@crosswalk/storage'

import type { Configuration } from './config/configuration.ts'
import type { Environment } from './config/expand.ts'
import { describeKeyFileProblem } from './start-problems.ts'

export interface KeyPlace {
  readonly configuration: Configuration
  readonly environment: Environment
}

/**
 * Looks for the key before the database is opened, so that one that is none stops the start before anything is made.
 *
 * @returns a function that gives the key that was found; else makes one, unless the database has keys that are sealed
 */
export function findServerKey({
  configuration,
  environment: env,
}: KeyPlace): (storage: Pick<Storage, 'keys' | 'objects'>) => Promise<Uint8Array> {
  const { file, ofEmbedded } = findKeyFile(configuration.database)
  const find = (): Uint8Array | undefined => explain(file, () => findMasterKey({ env, file }))
  const found = find()
  // Before the database makes it, for everybody to read: what is sealed by the key is beside it.
  if (found === undefined && ofEmbedded) explain(file, () => makeFolder(dirname(file), 0o700))
  return async (storage) => {
    if (found !== undefined) return found
    if (!(await hasSealedKeys(configuration, storage))) return explain(file, () => makeMasterKey(file))
    // Another process that started just now may have made it, and sealed with it.
    return find() ?? explain(file, () => refuseToMake(file))
  }
}

/** Beside an embedded database, whose secrets it protects; in `./data` for any other. */
function findKeyFile(databaseUrl: string): { readonly file: string; readonly ofEmbedded: boolean } {
  const path = databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : ''
  const ofEmbedded = path !== '' && path !== ':memory:'
  return { file: ofEmbedded ? `${path}.key` : './data/crosswalk.key', ofEmbedded }
}

async function hasSealedKeys(
  { idp, authorizationServers }: Configuration,
  { keys, objects }: Pick<Storage, 'keys' | 'objects'>,
): Promise<boolean> {
  const servers = [...authorizationServers, ...(await objects.list('authorization-servers'))]
  const owners = [...(idp === undefined ? [] : ['idp']), ...servers.map(({ id }) => `as:${id}`)]
  const lists = await Promise.all(owners.map((owner) => keys.list(owner)))
  return lists.some((list) => list.length > 0)
}

function refuseToMake(file: string): never {
  throw new Error(`the keys in the database are sealed, and there is neither CROSSWALK_KEY nor ${file}`)
}

function explain<T>(file: string, attempt: () => T): T {
  try {
    return attempt()
  } catch (error) {
    throw describeKeyFileProblem(error, file)
  }
}
