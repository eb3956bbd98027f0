// Links between local users and users of upstream identity providers.
import type { UpstreamLinks } from '@crosswalk/idp'
import type { Kysely } from 'kysely'

import type { Tables } from '../schema/tables.ts'

export interface StoredUpstreamLinks extends UpstreamLinks {
  /** Deletes all links of a user, so that a new one can be created. @returns how many there were */
  remove(userId: string): Promise<number>
}

export function createUpstreamLinks(db: Kysely<Tables>): StoredUpstreamLinks {
  return {
    async find(upstream, subject) {
      const row = await db
        .selectFrom('upstream_links')
        .select(['user_id', 'created'])
        .where('upstream', '=', upstream)
        .where('subject', '=', subject)
        .executeTakeFirst()
      return row && { userId: row.user_id, created: row.created === 1 }
    },
    async add({ upstream, subject, userId, created, at }) {
      const { numInsertedOrUpdatedRows = 0n } = await db
        .insertInto('upstream_links')
        .values({ upstream, subject, user_id: userId, created: created ? 1 : 0, linked_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return numInsertedOrUpdatedRows > 0n
    },
    async remove(userId) {
      const { numDeletedRows } = await db
        .deleteFrom('upstream_links')
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
