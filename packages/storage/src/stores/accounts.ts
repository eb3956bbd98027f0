// Accounts at Resource Authorization Servers. The ledger creates them; this store finds and deactivates them.
import type { Account, Accounts } from '@crosswalk/resource-as'
import type { Selectable } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import type { AccountTable } from '../schema/tables.ts'

export interface StoredAccounts extends Accounts {
  /**
   * Sorted by id.
   * @param query - `q`: exactly an id, subject, own id or email address; `ownId` and `email` (verified): either of them
   */
  list(query: {
    readonly server: string
    readonly after: string | undefined
    readonly limit: number
    readonly q?: string | undefined
    readonly ownId?: string | undefined
    readonly email?: string | undefined
  }): Promise<readonly Account[]>
}

export function createAccounts({ db, prepareRead }: Pick<Engine, 'db' | 'prepareRead'>): StoredAccounts {
  const select = (server: string) =>
    db.selectFrom('accounts').selectAll().where('authorization_server', '=', server)
  const find = async (query: ReturnType<typeof select>) =>
    (await query.orderBy('id').execute()).map(parseAccount)
  const lookUp = prepareRead(
    select('').where('issuer', '=', '').where('tenant', '=', '').where('subject', '=', '').compile(),
    ([row]) => row && parseAccount(row),
  )
  const readById = prepareRead(select('').where('id', '=', '').compile(), ([row]) => row && parseAccount(row))
  return {
    findById: (server, accountId) => readById([server, accountId]),
    findByIssuerSubject: (server, issuer, tenant, subject) => lookUp([server, issuer, tenant ?? '', subject]),
    findByOwnId: (server, ownId) => find(select(server).where('aud_sub', '=', ownId)),
    findBySubId: (server, subIdKey) => find(select(server).where('sub_id_key', '=', subIdKey)),
    findByVerifiedEmail: (server, email) =>
      find(select(server).where('email_lower', '=', email.toLowerCase()).where('email_verified', '=', 1)),
    async list({ server, after, limit, q, ownId, email }) {
      let query = select(server).orderBy('id').limit(limit)
      if (after !== undefined) query = query.where('id', '>', after)
      if (q !== undefined)
        query = query.where(({ or, eb }) =>
          or([
            eb('id', '=', q),
            eb('subject', '=', q),
            eb('aud_sub', '=', q),
            eb('email_lower', '=', q.toLowerCase()),
          ]),
        )
      if (ownId !== undefined || email !== undefined)
        query = query.where(({ or, and, eb }) =>
          or([
            ...(ownId === undefined ? [] : [eb('aud_sub', '=', ownId)]),
            ...(email === undefined
              ? []
              : [and([eb('email_lower', '=', email.toLowerCase()), eb('email_verified', '=', 1)])]),
          ]),
        )
      return (await query.execute()).map(parseAccount)
    },
    async link(server, accountId, { issuer, tenant = '', subject, email }) {
      const account = await readById([server, accountId])
      // Only imported accounts have no issuer. Own ids stay the key of those that they find.
      if (account?.issuer !== '' || !account.emailVerified || account.email?.toLowerCase() !== email) return
      await db
        .updateTable('accounts')
        .set({ issuer, tenant, subject })
        .where('authorization_server', '=', server)
        .where('id', '=', accountId)
        .where('issuer', '=', '')
        .execute()
    },
    async setStatus(server, accountId, status, at) {
      const { numUpdatedRows } = await db
        .updateTable('accounts')
        .set({ status, status_changed_at: at })
        .where('authorization_server', '=', server)
        .where('id', '=', accountId)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
  }
}

function parseAccount(row: Selectable<AccountTable>): Account {
  return {
    id: row.id,
    authorizationServer: row.authorization_server,
    issuer: row.issuer,
    ...(row.tenant !== '' && { tenant: row.tenant }),
    subject: row.subject,
    ...(row.aud_sub !== null && { audSub: row.aud_sub }),
    ...(row.sub_id_key !== null && { subIdKey: row.sub_id_key }),
    ...(row.email !== null && { email: row.email }),
    emailVerified: row.email_verified === 1,
    ...(row.name !== null && { name: row.name }),
    createdAt: row.created_at,
    status: row.status as Account['status'],
  }
}
