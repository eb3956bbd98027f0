// What issuers took back by security events, on both databases; kept while an ID-JAG from before could be redeemed.
import type { ReceivedWithdrawal, ReceivedWithdrawalStore } from '@crosswalk/resource-as'

import type { Engine } from '../dialects/dialect.ts'

export function createReceivedWithdrawals({ db }: Pick<Engine, 'db'>): ReceivedWithdrawalStore {
  return {
    async add(withdrawals) {
      if (withdrawals.length === 0) return
      const rows = withdrawals.map((withdrawal) => ({
        id: withdrawal.id,
        authorization_server: withdrawal.authorizationServer,
        body: JSON.stringify(withdrawal),
        expires_at: withdrawal.expiresAt,
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
      return rows.map((row) => ({
        ...(JSON.parse(row.body) as ReceivedWithdrawal),
        position: row.position,
      }))
    },
    async forgetExpired(now) {
      await db.deleteFrom('received_withdrawals').where('expires_at', '<', now).execute()
    },
  }
}
