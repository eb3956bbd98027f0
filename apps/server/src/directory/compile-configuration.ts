// A configuration file as the evaluator sees it, without a server, a database or secrets.
import type { ExchangeSnapshot, Person } from '@crosswalk/policy'

import type { Configuration } from '../config/configuration.ts'
import { compileWorld } from './compile-world.ts'
import { buildSettings } from './directory.ts'
import { buildFileItems } from './file-world.ts'

export interface CompiledConfiguration {
  /** Undefined where the file has no IdP */
  readonly snapshot: ExchangeSnapshot | undefined
  /** By id */
  readonly people: ReadonlyMap<string, Person>
}

const ACTS = ['holds', 'blocks', 'tokens', 'streams'] as const

/** Nobody does anything to what is only written. */
const NO_ACTS = Object.fromEntries(ACTS.map((name) => [name, new Map<string, never>()])) as unknown as Record<
  (typeof ACTS)[number],
  ReadonlyMap<string, never>
>

/** Nothing here can authenticate anybody: no secret is kept, in whatever form. */
export function compileConfiguration(configuration: Configuration): CompiledConfiguration {
  const hasher = { hash: () => 'not kept', verify: () => false }
  const settings = buildSettings({ configuration, sealing: { keyedDigest: () => 'not made' } })
  const world = { revision: 0, ...buildFileItems(configuration, hasher), ...NO_ACTS }
  const { exchange, people } = compileWorld(world, settings)
  return { snapshot: exchange, people }
}
