// Failures that all processes of one database count together. Keys come as digests: users type passwords into the field for
// their name.
import type { EpochMs } from '@crosswalk/protocol'

export interface Failures {
  readonly count: number
  readonly lastMs: EpochMs
}

export interface SharedAttempts {
  find(key: string): Promise<Failures | undefined>
  /** Counts one more failure; one that came after an hour without any is the first again. @returns how many there are now */
  add(key: string, now: EpochMs): Promise<Failures>
  /** Counts one more failure unless another caller did since `known` was found. @returns whether it did: of several callers one */
  claim(key: string, known: Failures, now: EpochMs): Promise<boolean>
  /** Takes one counted failure back. */
  takeBack(key: string): Promise<void>
  forget(key: string): Promise<void>
}
