// Second factors of users. Other code seals secrets and computes codes.
import type { LoggedEvent, OutgoingSecurityEvent } from '@crosswalk/as-core'
import type { Passkey, SecondFactors, TotpFactor } from '@crosswalk/idp'
import type { EpochMs } from '@crosswalk/protocol'
import type { Transaction } from 'kysely'

import { appendEvent } from '../ledger/append-event.ts'
import type { Database, Tables } from '../schema/tables.ts'
import { createPasskeys, listPasskeys } from './passkeys.ts'
import { insertSecurityEvents, type StoredOutbox } from './security-event-outbox.ts'

export interface StoredSecondFactors extends SecondFactors {
  /** Fingerprint of the configured secret when it was sealed; undefined if the user enrolled it */
  totpFingerprint(userId: string): Promise<string | undefined>
  /** Replaces any secret with the one in the configuration; all its codes are unused. */
  replaceTotp(
    userId: string,
    factor: { readonly sealedSecret: string; readonly fingerprint: string; readonly at: EpochMs },
  ): Promise<void>
  /** Sealed secrets sorted by user, a limited number after a given user */
  listTotp(
    afterUserId: string,
  ): Promise<readonly { readonly userId: string; readonly sealedSecret: string }[]>
  /** Replaces a sealed secret with the same secret sealed again. @returns whether it had not changed */
  resealTotp(userId: string, seen: string, sealedSecret: string): Promise<boolean>
  /** Removes a secret that came from the configuration, but not one that the user enrolled. Idempotent. */
  removeConfiguredTotp(userId: string): Promise<void>
  /**
   * Removes everything the user enrolled; a configured secret stays.
   * @param describe - returns what is stored with the removal, in one transaction; called if there is something to
   *   remove
   */
  removeEnrolled(
    userId: string,
    describe: (removed: RemovedFactors) => RemovalRecord,
  ): Promise<RemovedFactors>
}

export interface RemovedFactors {
  readonly totp: boolean
  readonly passkeys: readonly Passkey[]
}

export interface RemovalRecord {
  readonly event: LoggedEvent
  readonly securityEvents: readonly OutgoingSecurityEvent[]
}

/** Before the first possible step. */
const NO_STEP = -1
const PAGE_ROWS = 1000

export function createSecondFactors(
  { db, traits }: Database,
  outbox: Pick<StoredOutbox, 'announce'>,
): StoredSecondFactors {
  const find = (userId: string) =>
    db.selectFrom('totp_factors').selectAll().where('user_id', '=', userId).executeTakeFirst()
  return {
    async findTotp(userId): Promise<TotpFactor | undefined> {
      const row = await find(userId)
      return row && { sealedSecret: row.sealed_secret, enrolledAt: row.enrolled_at }
    },
    enrolTotp: (userId, { sealedSecret, step, at }, event) =>
      db.transaction().execute(async (transaction) => {
        const { numInsertedOrUpdatedRows = 0n } = await transaction
          .insertInto('totp_factors')
          .values({
            user_id: userId,
            sealed_secret: sealedSecret,
            fingerprint: null,
            last_step: step,
            enrolled_at: at,
          })
          .onConflict((conflict) => conflict.column('user_id').doNothing())
          .executeTakeFirst()
        if (numInsertedOrUpdatedRows > 0n) await appendEvent(transaction, traits, event)
        return numInsertedOrUpdatedRows > 0n
      }),
    async useTotpStep(userId, { sealedSecret, step }) {
      const { numUpdatedRows } = await db
        .updateTable('totp_factors')
        .set({ last_step: step })
        .where('user_id', '=', userId)
        .where('sealed_secret', '=', sealedSecret)
        .where('last_step', '<', step)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    ...createPasskeys({ db, traits }),
    async remove(userId) {
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('totp_factors').where('user_id', '=', userId).execute()
        await transaction.deleteFrom('passkeys').where('user_id', '=', userId).execute()
      })
    },
    totpFingerprint: async (userId) => (await find(userId))?.fingerprint ?? undefined,
    async replaceTotp(userId, { sealedSecret, fingerprint, at }) {
      const values = { sealed_secret: sealedSecret, fingerprint, last_step: NO_STEP, enrolled_at: at }
      await db
        .insertInto('totp_factors')
        .values({ user_id: userId, ...values })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values))
        .execute()
    },
    async listTotp(afterUserId) {
      const rows = await db
        .selectFrom('totp_factors')
        .select(['user_id', 'sealed_secret'])
        .where('user_id', '>', afterUserId)
        .orderBy('user_id')
        .limit(PAGE_ROWS)
        .execute()
      return rows.map((row) => ({ userId: row.user_id, sealedSecret: row.sealed_secret }))
    },
    async resealTotp(userId, seen, sealedSecret) {
      const { numUpdatedRows } = await db
        .updateTable('totp_factors')
        .set({ sealed_secret: sealedSecret })
        .where('user_id', '=', userId)
        .where('sealed_secret', '=', seen)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async removeConfiguredTotp(userId) {
      await db
        .deleteFrom('totp_factors')
        .where('user_id', '=', userId)
        .where('fingerprint', 'is not', null)
        .execute()
    },
    async removeEnrolled(userId, describe) {
      const { removed, record } = await db.transaction().execute(async (transaction) => {
        const removed = await deleteEnrolled(transaction, userId)
        if (!removed.totp && removed.passkeys.length === 0) return { removed }
        const record = describe(removed)
        await appendEvent(transaction, traits, record.event)
        await insertSecurityEvents(transaction, traits, record.securityEvents)
        return { removed, record }
      })
      outbox.announce(record?.securityEvents)
      return removed
    },
  }
}

async function deleteEnrolled(transaction: Transaction<Tables>, userId: string): Promise<RemovedFactors> {
  const { numDeletedRows } = await transaction
    .deleteFrom('totp_factors')
    .where('user_id', '=', userId)
    .where('fingerprint', 'is', null)
    .executeTakeFirst()
  const passkeys = await listPasskeys(transaction, userId)
  await transaction.deleteFrom('passkeys').where('user_id', '=', userId).execute()
  return { totp: numDeletedRows > 0n, passkeys }
}
