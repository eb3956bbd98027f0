// Converts ledger entries to database rows, for both dialects.
import type { AccessTokenOrigin, NewAccount } from '@crosswalk/as-core'

import type { AccessTokenTable, AccountTable } from '../schema/tables.ts'

/** The members of a token that its row stores as JSON: all that have no column. */
export type AccessTokenDetails = Omit<
  AccessTokenOrigin,
  | 'id'
  | 'authorizationServer'
  | 'clientId'
  | 'accountId'
  | 'issuer'
  | 'issuerSubject'
  | 'tenant'
  | 'grantId'
  | 'grantIssuedAt'
  | 'resource'
  | 'issuedAt'
  | 'expiresAt'
>

/** The row of a newly issued token. */
export function buildAccessTokenRow(token: AccessTokenOrigin): AccessTokenTable {
  const { id, authorizationServer, clientId, accountId, issuer, issuerSubject, tenant, ...others } = token
  const { grantId, grantIssuedAt, resource, issuedAt, expiresAt, ...details } = others
  return {
    id,
    authorization_server: authorizationServer,
    client_id: clientId,
    account_id: accountId,
    issuer,
    issuer_subject: issuerSubject,
    tenant: tenant ?? null,
    grant_id: grantId,
    grant_issued_at: grantIssuedAt,
    resource: JSON.stringify(resource),
    issued_at: issuedAt,
    expires_at: expiresAt,
    revoked_at: null,
    details: JSON.stringify(details satisfies AccessTokenDetails),
  }
}

export type NewAccountRow = Omit<AccountTable, 'shares_identifier'>

/** The row of a newly created account. */
export function buildAccountRow(account: NewAccount): NewAccountRow {
  return {
    id: account.id,
    authorization_server: account.authorizationServer,
    issuer: account.issuer,
    tenant: account.tenant ?? '',
    subject: account.subject,
    aud_sub: account.audSub ?? null,
    sub_id_key: account.subIdKey ?? null,
    email: account.email ?? null,
    email_lower: account.email?.toLowerCase() ?? null,
    email_verified: account.emailVerified ? 1 : 0,
    name: account.name ?? null,
    status: 'active',
    created_at: account.createdAt,
    status_changed_at: null,
  }
}
