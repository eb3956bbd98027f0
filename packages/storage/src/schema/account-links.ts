// Migration: identities of accounts at further issuers, found by e-mail address. Each issuer has at most one per account,
// so that a later owner of the address does not get the account. Frozen, like every migration.

export interface AccountLinkTable {
  readonly authorization_server: string
  readonly issuer: string
  /** Empty if there is none */
  readonly tenant: string
  readonly subject: string
  readonly account_id: string
}

export const ACCOUNT_LINKS: readonly string[] = [
  `create table account_links (
    authorization_server text not null,
    issuer text not null,
    tenant text not null,
    subject text not null,
    account_id text not null,
    primary key (authorization_server, issuer, tenant, subject),
    unique (account_id, issuer, tenant)
  )`,
]
