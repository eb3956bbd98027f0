// What evaluating a draft needs: little enough to be available in another thread.
import type { Sealing, SecretHasher, Clock } from '@crosswalk/as-core'
import type { EpochMs } from '@crosswalk/protocol'
import type { Storage } from '@crosswalk/storage'

import type { Configuration } from '../config-file/configuration.ts'
import type { CompiledWorld } from '../definitions/compile-world.ts'
import type { Directory } from '../definitions/directory.ts'

/** The reads of `objects` that the thread uses */
export const READ_OBJECTS = [
  'find',
  'listRevisions',
  'findMany',
  'filterIds',
  'filterRemoved',
  'findByKey',
  'countByKey',
  'listKeys',
  'count',
  'page',
  'pageAt',
  'revisionAt',
] as const satisfies readonly (keyof Storage['objects'])[]

/** Reads, and the ledger that records the simulation; each call may go to another thread. */
export interface EvaluationStorage {
  readonly events: Pick<Storage['events'], 'list'>
  readonly grantLog: Pick<Storage['grantLog'], 'count' | 'countEach'>
  readonly objects: Pick<Storage['objects'], (typeof READ_OBJECTS)[number]>
  readonly ledger: Pick<Storage['ledger'], 'commit'>
}

export interface EvaluationParts {
  readonly configuration: Configuration
  readonly directory: Pick<Directory, 'current' | 'preview'> & {
    /** The definitions of a past time. Only the thread can compile them, because that takes long. */
    at?(atMs: EpochMs): Promise<CompiledWorld>
  }
  readonly storage: EvaluationStorage
  readonly clock: Clock
  readonly sealing: Sealing
  readonly hasher: SecretHasher
}
