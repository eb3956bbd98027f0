// Tokens that apps derived from an access token: found by the ID-JAGs issued for it, and revoked with it.
import type { TokenDescents } from '@crosswalk/resource-as'
import type { Kysely } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import type { Tables } from '../schema/tables.ts'

export function createTokenDescents({ db }: Pick<Engine, 'db'>): TokenDescents {
  return {
    async add({ grantId, authorizationServer, tokenId, expiresAt }) {
      const row = {
        grant_id: grantId,
        authorization_server: authorizationServer,
        token_id: tokenId,
        expires_at: expiresAt,
      }
      await db.insertInto('token_descents').values(row).execute()
    },
    async isOfRevoked(grantId) {
      const found = await selectRevoked(db).where('descent.grant_id', '=', grantId).executeTakeFirst()
      return found !== undefined
    },
  }
}

/** Each round reaches the next app. @returns the number of live tokens revoked */
export async function revokeDescendants(db: Kysely<Tables>, at: number): Promise<number> {
  // Most revoked tokens have no descendants.
  if ((await selectRevoked(db).limit(1).executeTakeFirst()) === undefined) return 0
  let total = 0
  for (;;) {
    const { numUpdatedRows } = await db
      .updateTable('access_tokens')
      .set({ revoked_at: at })
      .where('revoked_at', 'is', null)
      .where('grant_id', 'in', selectRevoked(db))
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return total
    total += Number(numUpdatedRows)
  }
}

function selectRevoked(db: Kysely<Tables>) {
  return db
    .selectFrom('token_descents as descent')
    .innerJoin('access_tokens as parent', (join) =>
      join
        .onRef('parent.id', '=', 'descent.token_id')
        .onRef('parent.authorization_server', '=', 'descent.authorization_server'),
    )
    .where('parent.revoked_at', 'is not', null)
    .select('descent.grant_id')
}
