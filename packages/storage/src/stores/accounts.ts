// Accounts at Resource Authorization Servers. The ledger creates them; this store finds and deactivates them.
import type { LoggedEvent } from '@crosswalk/as-core'
import type { Account, Accounts } from '@crosswalk/resource-as'
import { type EpochMs, mapMaybe } from '@crosswalk/protocol'
import type { Selectable } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import { appendEvent } from '../ledger/append-event.ts'
import type { AccountTable } from '../schema/tables.ts'
import { raiseRevision } from './revision.ts'

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
  /**
   * Outdates grants decided before it, like a change of definitions; durable together with its event.
   *
   * @returns false, and records nothing, if there is no such account
   */
  setStatus(server: string, accountId: string, change: StatusChange): Promise<boolean>
  /** The identities of these accounts at further issuers, sorted by account, issuer and tenant. */
  listLinks(server: string, accountIds: readonly string[]): Promise<readonly AccountLink[]>
}

export interface StatusChange {
  readonly status: Account['status']
  readonly at: EpochMs
  readonly event: LoggedEvent
}

export interface AccountLink extends Pick<Account, 'issuer' | 'tenant' | 'subject'> {
  readonly accountId: string
}

export function createAccounts({
  db,
  traits,
  prepareRead,
}: Pick<Engine, 'db' | 'traits' | 'prepareRead'>): StoredAccounts {
  const select = (server: string) =>
    db.selectFrom('accounts').selectAll().where('authorization_server', '=', server)
  const find = async (query: ReturnType<typeof select>) =>
    (await query.orderBy('id').execute()).map(parseAccount)
  const lookUp = prepareRead(
    select('').where('issuer', '=', '').where('tenant', '=', '').where('subject', '=', '').compile(),
    ([row]) => row && parseAccount(row),
  )
  const links = db
    .selectFrom('account_links as link')
    .innerJoin('accounts', 'accounts.id', 'link.account_id')
    .selectAll('accounts')
    .select(['link.issuer as known_issuer', 'link.tenant as known_tenant', 'link.subject as known_subject'])
  const lookUpLinked = prepareRead(
    links
      .where('link.authorization_server', '=', '')
      .where('link.issuer', '=', '')
      .where('link.tenant', '=', '')
      .where('link.subject', '=', '')
      .compile(),
    ([row]) => row && parseLinked(row),
  )
  const readById = prepareRead(select('').where('id', '=', '').compile(), ([row]) => row && parseAccount(row))
  return {
    findById: (server, accountId) => readById([server, accountId]),
    findByIssuerSubject: (server, issuer, tenant, subject) => {
      const key = [server, issuer, tenant ?? '', subject]
      return mapMaybe(lookUp(key), (account) => account ?? lookUpLinked(key))
    },
    findByOwnId: (server, ownId) => find(select(server).where('aud_sub', '=', ownId)),
    findBySubId: (server, subIdKey) => find(select(server).where('sub_id_key', '=', subIdKey)),
    async findByVerifiedEmail(server, email, { issuer, tenant = '' }) {
      const named = select(server).where('email_lower', '=', email.toLowerCase())
      const found = await find(named.where('email_verified', '=', 1))
      const known = new Map<string, Account>()
      for (const { id } of found) {
        const query = links.where('link.account_id', '=', id).where('link.issuer', '=', issuer)
        const linked = await query.where('link.tenant', '=', tenant).executeTakeFirst()
        if (linked !== undefined) known.set(id, parseLinked(linked))
      }
      return found.map((account) => known.get(account.id) ?? account)
    },
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
            eb(
              'id',
              'in',
              db
                .selectFrom('account_links')
                .select('account_id')
                .where('authorization_server', '=', server)
                .where('subject', '=', q),
            ),
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
    async listLinks(server, accountIds) {
      if (accountIds.length === 0) return []
      const rows = await db
        .selectFrom('account_links')
        .selectAll()
        .where('authorization_server', '=', server)
        .where('account_id', 'in', [...accountIds])
        .orderBy('account_id')
        .orderBy('issuer')
        .orderBy('tenant')
        .execute()
      return rows.map(({ account_id: accountId, issuer, tenant, subject }) => ({
        ...{ accountId, issuer, subject },
        ...(tenant !== '' && { tenant }),
      }))
    },
    async link(server, accountId, { issuer, tenant = '', subject, email }) {
      const account = await readById([server, accountId])
      // Own ids and SAML names stay the key of the accounts that they find.
      if (account?.emailVerified !== true || account.email?.toLowerCase() !== email) return
      if (account.issuer === issuer && (account.tenant ?? '') === tenant) return
      // Only imported accounts have no issuer.
      if (account.issuer !== '') {
        const link = { authorization_server: server, issuer, tenant, subject, account_id: accountId }
        await db
          .insertInto('account_links')
          .values(link)
          .onConflict((conflict) => conflict.doNothing())
          .execute()
        return
      }
      await db
        .updateTable('accounts')
        .set({ issuer, tenant, subject })
        .where('authorization_server', '=', server)
        .where('id', '=', accountId)
        .where('issuer', '=', '')
        .execute()
    },
    setStatus: (server, accountId, { status, at, event }) =>
      db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('accounts')
          .set({ status, status_changed_at: at })
          .where('authorization_server', '=', server)
          .where('id', '=', accountId)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return false
        // A grant that another process is deciding has seen the old status.
        await raiseRevision(transaction, traits)
        await appendEvent(transaction, traits, event)
        return true
      }),
  }
}

/** The account as the issuer of the link knows it. */
function parseLinked(
  row: Selectable<AccountTable> & {
    readonly known_issuer: string
    readonly known_tenant: string
    readonly known_subject: string
  },
): Account {
  const { known_issuer: issuer, known_tenant: tenant, known_subject: subject } = row
  return parseAccount({ ...row, issuer, tenant, subject })
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
