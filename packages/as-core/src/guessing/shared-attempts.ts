// Failures counted by all processes of one database. Keys are digests, because users sometimes type their password into
// the name field.
import type { EpochMs } from '@crosswalk/protocol'

export interface Failures {
  readonly count: number
  readonly lastMs: EpochMs
}

export interface SharedFailures extends Failures {
  /** Changes with every failure */
  readonly version: number
}

/** Times are by the clock of the caller; the store keeps them by its own, so that processes with other clocks agree. */
export interface SharedAttempts {
  find(key: string, now: EpochMs): Promise<SharedFailures | undefined>
  /** Counts one more failure; after an hour without failures the count restarts at 1. @returns the new count */
  add(key: string, now: EpochMs): Promise<Failures>
  /**
   * Counts one more failure if the count is still `known`. @returns whether it did; of several callers only one
   * succeeds
   */
  claim(key: string, known: SharedFailures, now: EpochMs): Promise<boolean>
  /**
   * Undoes one counted failure, and its delay unless other failures followed.
   *
   * @param before - the failures that `claim` added it to
   */
  takeBack(key: string, before: SharedFailures | undefined): Promise<void>
  forget(key: string): Promise<void>
}
