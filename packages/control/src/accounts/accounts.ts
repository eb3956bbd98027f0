// Accounts at authorization servers that run here: list, import, disable, enable. Each change is durable together with its
// audit event. A disabled account loses its live tokens before the response is sent.
import type { accountRoutes, AccountView } from '@crosswalk/admin-api'
import { type NewAccount, newId } from '@crosswalk/as-core'
import { dropUndefined, type EpochMs, type TrustedIssuerDefinition } from '@crosswalk/protocol'
import type { Account } from '@crosswalk/resource-as'
import type { AccountLink, Storage } from '@crosswalk/storage'

import { buildAdminEvent } from '../audit/change-event.ts'
import type { AdminContext, Handlers } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { isProblem, notFound, type Problem } from '../http/problem.ts'
import { revokeAndRecord } from '../respond/revoke-and-record.ts'

type Names = keyof typeof accountRoutes
type ImportRequest = Parameters<Handlers['accounts.import']>[0]
type Row = ImportRequest['body']['accounts'][number]
type Result = 'created' | 'exists' | 'own-id-taken' | 'email-taken' | 'issuer-not-trusted'

export function createAccountHandlers(
  parts: Parts<'directory' | 'storage' | 'clock' | 'inTurn'>,
): Pick<Handlers, Names> {
  const { storage } = parts
  return {
    async 'accounts.list'({ params: { id }, query: { limit, cursor, q } }) {
      const missing = checkServer(parts, id)
      if (missing !== undefined) return missing
      const found = await storage.accounts.list({ server: id, after: cursor, limit: limit + 1, q })
      const page = found.slice(0, limit)
      const links = await storage.accounts.listLinks(
        id,
        page.map((account) => account.id),
      )
      const items = page.map((account) => renderAccount(account, links))
      return { status: 200, body: { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null } }
    },
    'accounts.import': (request, context) => parts.inTurn(() => importAccounts(parts, context, request)),
    'accounts.disable': ({ params }, context) =>
      switchAccount(parts, context, { ...params, status: 'disabled' }),
    'accounts.enable': ({ params }, context) =>
      switchAccount(parts, context, { ...params, status: 'active' }),
  }
}

function checkServer({ directory }: Parts<'directory'>, id: string): Problem | undefined {
  return directory.current().world['authorization-servers'].has(id)
    ? undefined
    : notFound(`There is no authorization server ${id} here.`)
}

function renderAccount(account: Account, links: readonly AccountLink[]): AccountView {
  const { id, issuer, tenant, subject, audSub, email, emailVerified, name, status, createdAt } = account
  const isLinked = issuer !== ''
  return {
    id,
    issuer: isLinked ? issuer : null,
    tenant: tenant ?? null,
    subject: isLinked ? subject : null,
    further: links
      .filter(({ accountId }) => accountId === id)
      .map((link) => ({ issuer: link.issuer, tenant: link.tenant ?? null, subject: link.subject })),
    ownId: audSub ?? null,
    email: email ?? null,
    emailVerified,
    name: name ?? null,
    status,
    createdAt: new Date(createdAt).toISOString(),
  }
}

async function importAccounts(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  { params: { id: server }, body }: ImportRequest,
) {
  const missing = checkServer(parts, server)
  if (missing !== undefined) return missing
  const trusted =
    parts.directory.current().world['authorization-servers'].get(server)?.definition.trustedIssuers ?? []
  const items: Imported[] = []
  // Sequential, because a row may clash with an earlier one.
  for (const row of body.accounts) items.push(await importRow(parts, context, { server, row, trusted }))
  const created = items.filter(({ result }) => result === 'created').length
  const refused = items.filter(({ id }) => id === null).length
  return { status: 200, body: { items, created, refused } } as const
}

interface Import {
  readonly server: string
  readonly row: Row
  readonly trusted: readonly TrustedIssuerDefinition[]
}

interface Imported {
  /** Null if the row is refused */
  readonly id: string | null
  readonly result: Result
}

async function importRow(
  { storage, clock }: Parts<'storage' | 'clock'>,
  context: AdminContext,
  { server, row, trusted }: Import,
): Promise<Imported> {
  if (row.issuer !== undefined && !trusted.some(({ issuer }) => issuer === row.issuer))
    return { id: null, result: 'issuer-not-trusted' }
  const existing = await findImported(storage, server, row)
  if (existing !== undefined) return existing
  const account = buildAccount(server, row, clock.nowMs())
  const { committed } = await storage.ledger.commit({
    ...buildEvent('created', context, account.createdAt, { server, id: account.id }),
    account,
  })
  // A redemption has just created an account for this user: find it.
  if (!committed) return importRow({ storage, clock }, context, { server, row, trusted })
  return { id: account.id, result: 'created' }
}

/** @returns the account of the row, or why there cannot be one; undefined if it can be created */
async function findImported({ accounts }: Storage, server: string, row: Row): Promise<Imported | undefined> {
  const { issuer, subject } = identify(row)
  const same = await accounts.findByIssuerSubject(server, issuer, row.tenant, subject)
  if (same !== undefined) return { id: same.id, result: 'exists' }
  const known = await accounts.list({
    server,
    after: undefined,
    limit: 2,
    ownId: row.ownId,
    email: row.emailVerified ? row.email : undefined,
  })
  const [only, ...others] = known
  // Its first ID-JAG has linked it to an identity.
  if (only !== undefined && others.length === 0 && row.issuer === undefined && only.audSub === row.ownId)
    return { id: only.id, result: 'exists' }
  if (row.ownId !== undefined && known.some(({ audSub }) => audSub === row.ownId))
    return { id: null, result: 'own-id-taken' }
  return known.length > 0 ? { id: null, result: 'email-taken' } : undefined
}

/** An account without an issuer is found by its other identifiers. No ID-JAG has an empty issuer. */
function identify({ issuer = '', subject, ownId, email = '' }: Row): Pick<NewAccount, 'issuer' | 'subject'> {
  const other = ownId === undefined ? `email:${email.toLowerCase()}` : `own:${ownId}`
  return { issuer, subject: subject ?? other }
}

function buildAccount(server: string, row: Row, createdAt: EpochMs): NewAccount {
  const { tenant, ownId, email, emailVerified, name } = row
  return {
    id: newId('acc'),
    authorizationServer: server,
    ...identify(row),
    ...dropUndefined({ tenant, audSub: ownId, email }),
    emailVerified,
    ...(name === undefined ? {} : { name }),
    createdAt,
  }
}

async function switchAccount(
  { storage, clock, directory }: Parts<'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  {
    id: server,
    account,
    status,
  }: { readonly id: string; readonly account: string; readonly status: Account['status'] },
) {
  const missing = checkServer({ directory }, server)
  if (missing !== undefined) return missing
  const found = await findAccount(storage, server, account)
  if (isProblem(found)) return found
  const at = clock.nowMs()
  const isDisabled = status === 'disabled'
  const event = buildEvent(isDisabled ? 'disabled' : 'enabled', context, at, { server, id: account })
  await storage.accounts.setStatus(server, account, { status, at, event })
  const about = { target: { kind: 'account', id: account }, endedSessions: false }
  const revokedTokens = isDisabled
    ? await revokeAndRecord({ storage, clock }, context, about, () =>
        storage.accessTokens.revoke({ authorizationServer: server, accountId: account }, clock.nowMs()),
      )
    : 0
  const links = await storage.accounts.listLinks(server, [account])
  return {
    status: 200,
    body: { account: renderAccount({ ...found, status }, links), revokedTokens },
  } as const
}

async function findAccount({ accounts }: Storage, server: string, id: string): Promise<Account | Problem> {
  return (await accounts.findById(server, id)) ?? notFound(`There is no account ${id} at ${server}.`)
}

function buildEvent(
  verb: 'created' | 'disabled' | 'enabled',
  context: AdminContext,
  nowMs: number,
  { server, id }: { readonly server: string; readonly id: string },
) {
  return buildAdminEvent(context, nowMs, {
    type: `account.${verb}`,
    category: 'people',
    target: { kind: 'account', id },
    change: { authorization_server: server },
  })
}
