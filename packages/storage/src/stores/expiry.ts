// Deletes expired data an hour late and by the database clock, so that a process with a wrong clock cannot make a used
// grant valid again. Audit events stay.
import type { EpochMs, EpochSeconds } from '@crosswalk/protocol'
import { sql } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import { forgetExpired } from '../schema/forget-expired.ts'
import { createSteadyTime } from './steady-time.ts'

export interface DeletedCounts {
  readonly replayKeys: number
  readonly accessTokens: number
  readonly signInRecords: number
}

export interface Expiry {
  /** The time of PostgreSQL, or of this process if the database is embedded */
  readTimeMs(): Promise<EpochMs>
  /**
   * The time before which expired data can be removed: an hour ago by the clock of PostgreSQL, or of this process if
   * the database is embedded.
   * @returns undefined if that clock jumped recently; then nothing may be removed
   */
  findCut(): Promise<EpochSeconds | undefined>
  /**
   * Removes data that expired before `cut`. From now on, grants that expired before then count as used, whether or not
   * they were, so that no grant counts twice whatever the clocks show later. Also adds the partitions of the next
   * months.
   * @returns undefined if another process is doing it
   */
  forgetExpired(cut: EpochSeconds): Promise<DeletedCounts | undefined>
}

/** Server clocks may differ by this much: no grant is removed while any server would accept it. */
export const MARGIN_SECONDS = 3_600

const ORDER = sql`expires_at`
const REPLAY_KEYS = { table: 'replay_keys', key: sql`kind, key`, order: ORDER }
const ACCESS_TOKENS = { table: 'access_tokens', key: sql`position`, order: ORDER }
const FAILED_ATTEMPTS = { table: 'failed_attempts', key: sql`key`, order: ORDER }
const REQUEST_COUNTS = { table: 'request_counts', key: sql`key`, order: ORDER }
const TOKEN_DESCENTS = { table: 'token_descents', key: sql`grant_id`, order: ORDER }
const SIGN_IN_RECORDS = { table: 'sign_in_records', key: sql`model, id`, order: ORDER }

export function createExpiry({ db, upkeep, periods }: Pick<Engine, 'db' | 'upkeep' | 'periods'>): Expiry {
  const steady = createSteadyTime()
  return {
    readTimeMs: () => upkeep.readTimeMs(),
    async findCut() {
      const nowMs = steady(await upkeep.readTimeMs())
      return nowMs === undefined ? undefined : nowMs / 1000 - MARGIN_SECONDS
    },
    forgetExpired: (cut) =>
      upkeep.asLeader('clean-up', async () => {
        await upkeep.advanceReplayHorizon(cut)
        for (const table of [FAILED_ATTEMPTS, REQUEST_COUNTS, TOKEN_DESCENTS])
          await forgetExpired(db, table, cut)
        const forgotten = {
          replayKeys: await forgetExpired(db, REPLAY_KEYS, cut),
          accessTokens: await forgetExpired(db, ACCESS_TOKENS, cut),
          signInRecords: await forgetExpired(db, SIGN_IN_RECORDS, cut),
        }
        await periods?.prepare()
        return forgotten
      }),
  }
}
