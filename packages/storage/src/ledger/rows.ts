// Converts ledger entries to database rows, for both dialects.
import type { AccessTokenOrigin, NewAccount } from '@crosswalk/as-core'

import type { AccessTokenTable, AccountTable } from '../schema/tables.ts'

/** The members of a token that its row stores as JSON. */
export type AccessTokenDetails = Pick<
  AccessTokenOrigin,
  | 'format'
  | 'grantType'
  | 'scope'
  | 'authorizationDetails'
  | 'act'
  | 'dpopThumbprint'
  | 'authTime'
  | 'acr'
  | 'amr'
  | 'userClaims'
  | 'decisionId'
>

/** The row of a newly issued token. */
export function buildAccessTokenRow(token: AccessTokenOrigin): AccessTokenTable {
  const { format, grantType, scope, authorizationDetails, act, dpopThumbprint, authTime, acr, amr } = token
  const { userClaims, decisionId } = token
  const details: AccessTokenDetails = {
    format,
    grantType,
    scope,
    authorizationDetails,
    act,
    dpopThumbprint,
    authTime,
    acr,
    amr,
    userClaims,
    decisionId,
  }
  return {
    id: token.id,
    authorization_server: token.authorizationServer,
    client_id: token.clientId,
    account_id: token.accountId,
    issuer: token.issuer,
    issuer_subject: token.issuerSubject,
    tenant: token.tenant ?? null,
    grant_id: token.grantId,
    grant_issued_at: token.grantIssuedAt,
    resource: JSON.stringify(token.resource),
    issued_at: token.issuedAt,
    expires_at: token.expiresAt,
    revoked_at: null,
    details: JSON.stringify(details),
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
