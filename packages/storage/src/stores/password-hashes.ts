// Password hashes of users. Other code hashes and compares.
import type { PasswordHashes } from '@crosswalk/idp'
import type { Kysely } from 'kysely'

import type { Tables } from '../schema/tables.ts'

export interface StoredPasswordHashes extends PasswordHashes {
  /**
   * @param hash - argon2id in PHC form
   * @param fingerprint - shows whether the password in the configuration has changed
   */
  replace(userId: string, hash: string, fingerprint: string): Promise<void>
  fingerprint(userId: string): Promise<string | undefined>
  /** Idempotent. */
  remove(userId: string): Promise<void>
}

export function createPasswordHashes(db: Kysely<Tables>): StoredPasswordHashes {
  const find = (userId: string) =>
    db.selectFrom('password_hashes').selectAll().where('user_id', '=', userId).executeTakeFirst()
  return {
    find: async (userId) => (await find(userId))?.hash,
    fingerprint: async (userId) => (await find(userId))?.fingerprint,
    async replace(userId, hash, fingerprint) {
      await db
        .insertInto('password_hashes')
        .values({ user_id: userId, hash, fingerprint })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ hash, fingerprint }))
        .execute()
    },
    async remove(userId) {
      await db.deleteFrom('password_hashes').where('user_id', '=', userId).execute()
    },
  }
}
