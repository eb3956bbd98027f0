// Access tokens issued here: found for introspection, revoked by their origin. `live-access.ts` lists them.
import type { IssuedAccessToken, AccessTokens, TokenSelector } from '@crosswalk/resource-as'
import { sql, type Expression, type ExpressionBuilder, type Selectable, type SqlBool } from 'kysely'

import type { EpochMs } from '@crosswalk/protocol'
import type { Engine } from '../dialects/dialect.ts'
import type { DialectTraits } from '../schema/traits.ts'
import type { AccessTokenDetails } from '../ledger/rows.ts'
import type { AccessTokenTable, Tables } from '../schema/tables.ts'
import { revokeDescendants } from './token-descents.ts'

/** Verifiers may accept a token for this long after it expires, so it is still worth revoking. */
const LARGEST_SKEW_SECONDS = 60

const COLUMNS = {
  authorizationServer: 'authorization_server',
  id: 'id',
  clientId: 'client_id',
  accountId: 'account_id',
  issuer: 'issuer',
  issuerSubject: 'issuer_subject',
  grantId: 'grant_id',
  tenant: 'tenant',
} as const

export function createAccessTokens(engine: Engine): AccessTokens {
  const { db, traits, prepareRead } = engine
  const readById = prepareRead(
    db
      .selectFrom('access_tokens')
      .selectAll()
      .where('id', '=', '')
      .where('authorization_server', '=', '')
      .compile(),
    ([row]) => row && parseAccessToken(row),
  )
  return {
    find: (server, id) => readById([id, server]),
    async revoke(selector, at) {
      const { numUpdatedRows } = await db
        .updateTable('access_tokens')
        .set({ revoked_at: at })
        .where((builder) => builder.and(buildRevocable(builder, traits, { selector, at })))
        .executeTakeFirst()
      return Number(numUpdatedRows) + (await revokeDescendants(db, at))
    },
  }
}

type Builder = ExpressionBuilder<Tables, 'access_tokens'>

/** @returns the conditions of tokens that a revocation ends. Throws for an empty selector, which would revoke every token. */
export function buildRevocable(
  builder: Builder,
  traits: Pick<DialectTraits, 'notAfterNow'>,
  { selector, at }: { readonly selector: TokenSelector; readonly at: EpochMs },
): Expression<SqlBool>[] {
  const conditions = buildConditions(builder, selector)
  if (conditions.length === 0) throw new TypeError('a token selector needs at least one member')
  const earliest = sql<number>`${traits.notAfterNow(at / 1000)} - ${sql.lit(LARGEST_SKEW_SECONDS)}`
  return [builder('revoked_at', 'is', null), builder('expires_at', '>', earliest), ...conditions]
}

/** An empty selector matches every token. */
export function matchesAny(selectors: readonly TokenSelector[]) {
  return (builder: Builder) =>
    builder.or(selectors.map((selector) => builder.and(buildConditions(builder, selector))))
}

/** @returns the conditions, all of which must hold; empty for an empty selector */
function buildConditions(builder: Builder, selector: TokenSelector): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = []
  for (const [member, column] of Object.entries(COLUMNS) as [keyof typeof COLUMNS, 'id'][]) {
    const value = selector[member]
    if (value !== undefined) conditions.push(builder(column, '=', value))
  }
  if (selector.resource !== undefined) {
    // The list is JSON text; the quotes around each URL prevent matching the beginning of another.
    conditions.push(contains('resource', JSON.stringify(selector.resource)))
  }
  if (selector.actor !== undefined) {
    const { issuer, id } = selector.actor
    // The beginning of the actor, as the IdP writes it; nested actors look the same.
    const named = `"act":${JSON.stringify({ iss: issuer, sub: id }).slice(0, -1)}`
    conditions.push(contains('details', named))
  }
  if (selector.grantType !== undefined) {
    const named = JSON.stringify({ grantType: selector.grantType }).slice(1, -1)
    conditions.push(contains('details', named))
  }
  if (selector.exceptTenants !== undefined)
    conditions.push(
      builder.or([builder('tenant', 'is', null), builder('tenant', 'not in', selector.exceptTenants)]),
    )
  if (selector.grantIssuedUntil !== undefined)
    conditions.push(builder('grant_issued_at', '<=', selector.grantIssuedUntil))
  return conditions
}

/** Unlike with `like`, no character of the text is special. */
function contains(column: 'resource' | 'details', text: string): Expression<SqlBool> {
  return sql<SqlBool>`replace(${sql.ref(column)}, ${text}, '') <> ${sql.ref(column)}`
}

export function parseAccessToken(row: Selectable<AccessTokenTable>): IssuedAccessToken {
  return {
    id: row.id,
    authorizationServer: row.authorization_server,
    clientId: row.client_id,
    accountId: row.account_id,
    issuer: row.issuer,
    issuerSubject: row.issuer_subject,
    ...(row.tenant !== null && { tenant: row.tenant }),
    grantId: row.grant_id,
    grantIssuedAt: row.grant_issued_at,
    resource: JSON.parse(row.resource) as string[],
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at }),
    ...(JSON.parse(row.details) as AccessTokenDetails),
  }
}
