// Compiles a configuration file, optionally with the contents of a database, for the evaluator: without a server or
// secrets.
import type { ExchangeSnapshot, ExchangeUser } from '@crosswalk/policy'
import type { ObjectStore } from '@crosswalk/storage'

import type { Configuration } from '../config-file/configuration.ts'
import { compileWorld } from './compile-world.ts'
import { buildFileItems } from './file-world.ts'
import { type PastWorld, readPastWorld } from './past-world.ts'
import { itemsInMemory } from './users/user-items.ts'
import { buildSettings } from './world-settings.ts'

export interface CompiledConfiguration {
  /** Undefined if the file has no IdP */
  readonly snapshot: ExchangeSnapshot | undefined
  /** By id */
  readonly users: ReadonlyMap<string, ExchangeUser>
}

const ACTS = ['holds', 'blocks', 'tokens', 'streams', 'openRequests', 'approvals', 'accessGrants'] as const

/** A file on its own has no holds, blocks or other acts. */
const NO_ACTS = Object.fromEntries(ACTS.map((name) => [name, new Map<string, never>()])) as unknown as Record<
  (typeof ACTS)[number],
  ReadonlyMap<string, never>
>

/** Authentication is impossible here: no secret is kept in any form. */
const NO_HASHER = { hash: () => 'not kept', verify: () => false }

export function compileConfiguration(configuration: Configuration): Promise<CompiledConfiguration> {
  const { users, ...file } = buildFileItems(configuration, NO_HASHER)
  const world = { revision: 0, ...file, ...NO_ACTS }
  return compile(configuration, { world, users: itemsInMemory(users) })
}

/** With the objects and acts of a database at one revision: the definitions of a server that ran this file on it. */
export async function compileAtRevision(
  configuration: Configuration,
  objects: Pick<ObjectStore, 'pageAt'>,
  revision: number,
): Promise<CompiledConfiguration> {
  const file = buildFileItems(configuration, NO_HASHER)
  // Revoked grants concern redemptions only, which this does not compile.
  return compile(configuration, await readPastWorld(objects, { revision, atMs: Infinity, file }))
}

async function compile(
  configuration: Configuration,
  { world, users }: PastWorld,
): Promise<CompiledConfiguration> {
  const settings = buildSettings({ configuration, sealing: { keyedDigest: () => 'not made' } })
  const compiled = await compileWorld(world, users, settings)
  const compared = compiled.exchange?.comparedSources ?? []
  return { snapshot: compiled.exchange, users: await compiled.users.readAllForExchange(compared) }
}
