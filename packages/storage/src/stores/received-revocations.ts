// Revocations received from issuers; kept while an earlier ID-JAG could be redeemed or the message of the issuer resent.
import { chunk } from '@crosswalk/protocol'
import type { ReceivedRevocation, ReceivedRevocationStore, StoredRevocation } from '@crosswalk/resource-as'

import type { Engine } from '../dialects/dialect.ts'
import { ROWS_AT_ONCE } from './object-rows.ts'
import { lockRevision } from './revision.ts'

export function createReceivedRevocations({ db }: Pick<Engine, 'db'>): ReceivedRevocationStore {
  return {
    async add(revocations) {
      if (revocations.length === 0) return
      const rows = revocations.map((revocation) => ({
        id: revocation.id,
        authorization_server: revocation.authorizationServer,
        body: JSON.stringify(revocation),
        expires_at: Math.max(revocation.rememberedUntil, revocation.expiresAt),
      }))
      await db.transaction().execute(async (transaction) => {
        // Positions are visible in their order, because other processes read only what is after the last one.
        await lockRevision(transaction)
        for (const some of chunk(rows, ROWS_AT_ONCE))
          await transaction.insertInto('received_withdrawals').values(some).execute()
      })
    },
    async listAfter(position) {
      const rows = await db
        .selectFrom('received_withdrawals')
        .select(['position', 'body'])
        .where('position', '>', position)
        .orderBy('position')
        .execute()
      return rows.map(parseRevocation)
    },
    async listOf(authorizationServer, eventId) {
      const rows = await db
        .selectFrom('received_withdrawals')
        .select(['position', 'body'])
        .where('authorization_server', '=', authorizationServer)
        .where('id', '=', eventId)
        .orderBy('position')
        .execute()
      return rows.map(parseRevocation)
    },
    async forgetExpired(now) {
      await db.deleteFrom('received_withdrawals').where('expires_at', '<', now).execute()
    },
  }
}

function parseRevocation({
  body,
  position,
}: {
  readonly body: string
  readonly position: number
}): StoredRevocation {
  return { ...(JSON.parse(body) as ReceivedRevocation), position }
}
