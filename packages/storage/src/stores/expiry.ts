// Forgets what expired. Audit events stay.
import type { EpochSeconds } from '@crosswalk/protocol'
import { sql } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import { forgetExpired } from '../schema/forget-expired.ts'

export interface Expiry {
  /**
   * Forgets single-use marks after their `expiresAt`, never before.
   * @param now - in epoch seconds
   * @returns how many were forgotten
   */
  forgetExpiredMarks(now: EpochSeconds): Promise<number>
  /** Forgets access tokens that expired before `now`. */
  forgetExpiredAccessTokens(now: EpochSeconds): Promise<number>
  /** Forgets records of the sign-in provider that expired before `now`. */
  forgetExpiredSignInRecords(now: EpochSeconds): Promise<number>
}

/** In order of arrival, which is nearly the order in which they expire, and needs no index of its own. */
const ACCESS_TOKENS = { table: 'access_tokens', key: sql`position`, order: sql`position` }
const SIGN_IN_RECORDS = { table: 'sign_in_records', key: sql`model, id`, order: sql`expires_at` }

export function createExpiry({
  db,
  forgetMarks,
  tokenArrivals,
}: Pick<Engine, 'db' | 'forgetMarks' | 'tokenArrivals'>): Expiry {
  return {
    forgetExpiredMarks: forgetMarks,
    async forgetExpiredAccessTokens(now) {
      await tokenArrivals?.settle()
      return forgetExpired(db, ACCESS_TOKENS, now)
    },
    forgetExpiredSignInRecords: (now) => forgetExpired(db, SIGN_IN_RECORDS, now),
  }
}
