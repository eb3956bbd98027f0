// A configuration file, and what a database holds beside it, as the evaluator sees them: without a server or secrets.
import type { ExchangeSnapshot, EvaluatedUser } from '@crosswalk/policy'
import type { ObjectStore } from '@crosswalk/storage'

import type { Configuration } from '../config-file/configuration.ts'
import { compileWorld } from './compile-world.ts'
import { readActs } from './stored-acts.ts'
import { buildFileItems } from './file-world.ts'
import type { World } from './records.ts'
import { oneByOne, type ListObjects, mergeItems, readStoredItems } from './stored-items.ts'
import { buildSettings } from './world-settings.ts'

export interface CompiledConfiguration {
  /** Undefined where the file has no IdP */
  readonly snapshot: ExchangeSnapshot | undefined
  /** By id */
  readonly people: ReadonlyMap<string, EvaluatedUser>
}

const ACTS = ['holds', 'blocks', 'tokens', 'streams', 'openRequests', 'approvals', 'accessGrants'] as const

/** No one does anything to what is only written. */
const NO_ACTS = Object.fromEntries(ACTS.map((name) => [name, new Map<string, never>()])) as unknown as Record<
  (typeof ACTS)[number],
  ReadonlyMap<string, never>
>

/** Nothing here can authenticate anyone: no secret is kept, in whatever form. */
const NO_HASHER = { hash: () => 'not kept', verify: () => false }

export function compileConfiguration(configuration: Configuration): CompiledConfiguration {
  return compile(configuration, { revision: 0, ...buildFileItems(configuration, NO_HASHER), ...NO_ACTS })
}

/** With the objects and acts of a database at one revision: what a server had in force that ran this file on it. */
export async function compileAtRevision(
  configuration: Configuration,
  objects: Pick<ObjectStore, 'listAt'>,
  revision: number,
): Promise<CompiledConfiguration> {
  const list: ListObjects = (collection) => objects.listAt(collection, revision)
  const stored = await readStoredItems((collection) => oneByOne(list(collection)))
  const acts = await readActs(list)
  return compile(configuration, {
    revision,
    ...mergeItems(buildFileItems(configuration, NO_HASHER), stored),
    ...acts,
  })
}

function compile(configuration: Configuration, world: World): CompiledConfiguration {
  const settings = buildSettings({ configuration, sealing: { keyedDigest: () => 'not made' } })
  const { exchange, people } = compileWorld(world, settings)
  return { snapshot: exchange, people }
}
