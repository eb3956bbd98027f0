// Revocations that issuers sent as security events; kept while an earlier ID-JAG could be redeemed or the event be resent.
import type { ReceivedWithdrawal, ReceivedWithdrawalStore, StoredWithdrawal } from '@crosswalk/resource-as'

import type { Engine } from '../dialects/dialect.ts'

export function createReceivedWithdrawals({ db }: Pick<Engine, 'db'>): ReceivedWithdrawalStore {
  return {
    async add(withdrawals) {
      if (withdrawals.length === 0) return
      const rows = withdrawals.map((withdrawal) => ({
        id: withdrawal.id,
        authorization_server: withdrawal.authorizationServer,
        body: JSON.stringify(withdrawal),
        expires_at: withdrawal.rememberedUntil,
      }))
      await db.insertInto('received_withdrawals').values(rows).execute()
    },
    async listAfter(position) {
      const rows = await db
        .selectFrom('received_withdrawals')
        .select(['position', 'body'])
        .where('position', '>', position)
        .orderBy('position')
        .execute()
      return rows.map(parseWithdrawal)
    },
    async listOf(authorizationServer, eventId) {
      const rows = await db
        .selectFrom('received_withdrawals')
        .select(['position', 'body'])
        .where('authorization_server', '=', authorizationServer)
        .where('id', '=', eventId)
        .orderBy('position')
        .execute()
      return rows.map(parseWithdrawal)
    },
    async forgetExpired(now) {
      await db.deleteFrom('received_withdrawals').where('expires_at', '<', now).execute()
    },
  }
}

function parseWithdrawal({
  body,
  position,
}: {
  readonly body: string
  readonly position: number
}): StoredWithdrawal {
  return { ...(JSON.parse(body) as ReceivedWithdrawal), position }
}
