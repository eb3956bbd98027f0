// Ledger entries as database rows, shared by both dialects.
import type { AccessTokenOrigin, NewAccount } from '@crosswalk/authorization-server'

import type { AccessTokenTable, AccountTable } from '../schema/tables.ts'

/** The row of a token just issued. */
export function buildAccessTokenRow(token: AccessTokenOrigin): AccessTokenTable {
  return {
    id: token.id,
    authorization_server: token.authorizationServer,
    format: token.format,
    client_id: token.clientId,
    account_id: token.accountId,
    issuer: token.issuer,
    issuer_subject: token.issuerSubject,
    tenant: token.tenant ?? null,
    grant_id: token.grantId,
    resource: JSON.stringify(token.resource),
    scope: JSON.stringify(token.scope),
    authorization_details: json(token.authorizationDetails),
    act: json(token.act),
    dpop_thumbprint: token.dpopThumbprint ?? null,
    auth_time: token.authTime ?? null,
    acr: token.acr ?? null,
    issued_at: token.issuedAt,
    expires_at: token.expiresAt,
    decision_id: token.decisionId,
    revoked_at: null,
  }
}

/** The row of an account just made. */
export function buildAccountRow(account: NewAccount): AccountTable {
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

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
