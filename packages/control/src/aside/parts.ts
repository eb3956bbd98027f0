// What evaluating a draft works with: little enough that it is there in another thread, too.
import type { Sealing, SecretHasher, Clock } from '@crosswalk/as-core'
import type { Storage } from '@crosswalk/storage'

import type { Configuration } from '../config-file/configuration.ts'
import type { Directory } from '../definitions/directory.ts'

/** What the thread reads of objects */
export const READ_OBJECTS = [
  'find',
  'history',
  'findMany',
  'filterIds',
  'findByKey',
  'countByKey',
  'listKeys',
  'count',
  'page',
] as const satisfies readonly (keyof Storage['objects'])[]

/** What is read, and where it is recorded that a user asked; each call may be one to another thread. */
export interface EvaluationStorage {
  readonly events: Pick<Storage['events'], 'list'>
  readonly grantLog: Pick<Storage['grantLog'], 'count' | 'countEach'>
  readonly objects: Pick<Storage['objects'], (typeof READ_OBJECTS)[number]>
  readonly ledger: Pick<Storage['ledger'], 'commit'>
}

export interface EvaluationParts {
  readonly configuration: Configuration
  readonly directory: Pick<Directory, 'current' | 'preview' | 'at'>
  readonly storage: EvaluationStorage
  readonly clock: Clock
  readonly sealing: Sealing
  readonly hasher: SecretHasher
}
