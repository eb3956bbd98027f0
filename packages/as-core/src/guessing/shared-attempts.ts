// Failures counted by all processes of one database. Keys are digests, because users sometimes type their password into
// the name field.
import type { EpochMs } from '@crosswalk/protocol'

export interface Failures {
  readonly count: number
  readonly lastMs: EpochMs
}

export interface SharedAttempts {
  find(key: string): Promise<Failures | undefined>
  /** Counts one more failure; after an hour without failures the count restarts at 1. @returns the new count */
  add(key: string, now: EpochMs): Promise<Failures>
  /**
   * Counts one more failure if the count is still `known`. @returns whether it did; of several callers only one
   * succeeds
   */
  claim(key: string, known: Failures, now: EpochMs): Promise<boolean>
  /** Undoes one counted failure. */
  takeBack(key: string): Promise<void>
  forget(key: string): Promise<void>
}
