// Requests counted across all processes of one database, by key and minute.
import type { EpochMs } from '@crosswalk/protocol'

export interface CountedMinute {
  readonly startedMs: EpochMs
  readonly count: number
}

export interface RequestCounts {
  /** Adds to the minutes of these keys; if a minute is over, a new one begins. @returns the totals by key */
  add(counted: ReadonlyMap<string, CountedMinute>): Promise<ReadonlyMap<string, CountedMinute>>
}
