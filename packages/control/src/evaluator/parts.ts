// What evaluating a draft needs: little enough to be available in another thread.
import type { Sealing, SecretHasher, Clock } from '@crosswalk/as-core'
import type { EpochMs } from '@crosswalk/protocol'
import type { Storage } from '@crosswalk/storage'

import type { Configuration } from '../config-file/configuration.ts'
import type { CompiledWorld } from '../definitions/compile-world.ts'
import type { Directory } from '../definitions/directory.ts'

/** What the thread may call: reads, and the ledger that records the simulation */
export const STORAGE_CALLS = {
  events: ['list'],
  grantLog: ['count', 'countEach'],
  objects: [
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
  ],
  ledger: ['commit'],
} as const satisfies { readonly [P in keyof Storage]?: readonly (keyof Storage[P])[] }

type StorageCalls = typeof STORAGE_CALLS

/** Each call may go to another thread. */
export type EvaluationStorage = {
  readonly [P in keyof StorageCalls]: Pick<Storage[P], Extract<StorageCalls[P][number], keyof Storage[P]>>
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
