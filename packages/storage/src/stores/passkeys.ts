// Passkeys of users. Other code verifies assertions.
import type { Passkey, SecondFactors } from '@crosswalk/idp'
import type { Kysely, Selectable } from 'kysely'

import { appendEvent } from '../ledger/append-event.ts'
import type { Database, PasskeyTable, Tables } from '../schema/tables.ts'

export type StoredPasskeys = Pick<
  SecondFactors,
  'listPasskeys' | 'addPasskey' | 'usePasskey' | 'removePasskey'
>

export function createPasskeys({ db, traits }: Database): StoredPasskeys {
  return {
    listPasskeys: (userId) => listPasskeys(db, userId),
    addPasskey: (userId, passkey, event) =>
      db.transaction().execute(async (transaction) => {
        const { numInsertedOrUpdatedRows = 0n } = await transaction
          .insertInto('passkeys')
          .values(toRow(userId, passkey))
          .onConflict((conflict) => conflict.column('id').doNothing())
          .executeTakeFirst()
        if (numInsertedOrUpdatedRows > 0n) await appendEvent(transaction, traits, event)
        return numInsertedOrUpdatedRows > 0n
      }),
    async usePasskey(userId, { id, seenCounter, counter, at }) {
      const { numUpdatedRows } = await db
        .updateTable('passkeys')
        .set({ counter, last_used_at: at })
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .where('counter', '=', seenCounter)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    removePasskey: (userId, id, event) =>
      db.transaction().execute(async (transaction) => {
        // Locks the passkeys of the user: of two removals at the same time, the later one sees what the first one left.
        await transaction
          .updateTable('passkeys')
          .set(({ ref }) => ({ counter: ref('counter') }))
          .where('user_id', '=', userId)
          .execute()
        const { numDeletedRows } = await transaction
          .deleteFrom('passkeys')
          .where('id', '=', id)
          .where('user_id', '=', userId)
          .where(({ or, exists, selectFrom }) =>
            or([
              exists(
                selectFrom('passkeys as other')
                  .select('other.id')
                  .where('other.user_id', '=', userId)
                  .where('other.id', '!=', id),
              ),
              exists(selectFrom('totp_factors').select('user_id').where('user_id', '=', userId)),
            ]),
          )
          .executeTakeFirst()
        if (numDeletedRows > 0n) await appendEvent(transaction, traits, event)
        return numDeletedRows > 0n
      }),
  }
}

export async function listPasskeys(db: Kysely<Tables>, userId: string): Promise<readonly Passkey[]> {
  const rows = await db
    .selectFrom('passkeys')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(toPasskey)
}

function toRow(
  userId: string,
  { id, publicKey, counter, transports, synced, rpId, name, createdAt }: Omit<Passkey, 'lastUsedAt'>,
): PasskeyTable {
  return {
    id,
    user_id: userId,
    public_key: publicKey,
    counter,
    transports: JSON.stringify(transports),
    synced: synced ? 1 : 0,
    rp_id: rpId,
    name,
    created_at: createdAt,
    last_used_at: null,
  }
}

function toPasskey(row: Selectable<PasskeyTable>): Passkey {
  return {
    id: row.id,
    publicKey: row.public_key,
    counter: row.counter,
    transports: JSON.parse(row.transports) as readonly string[],
    synced: row.synced === 1,
    rpId: row.rp_id,
    name: row.name,
    createdAt: row.created_at,
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
  }
}
