// What a Resource Authorization Server needs from outside, beyond the ports of `authorization-server`.
import type { AccessTokenOrigin, NewAccount } from '@crosswalk/authorization-server'
import type { EpochMs, EpochSeconds, Eventually } from '@crosswalk/protocol'

export interface Account extends NewAccount {
  readonly status: 'active' | 'disabled'
}

/** People known here. Look-ups always carry the server, and the issuer and tenant or an own identifier. */
export interface Accounts {
  findByIssuerSubject(
    server: string,
    issuer: string,
    tenant: string | undefined,
    subject: string,
  ): Eventually<Account | undefined>
  /** By this server's own identifier of the user (`aud_sub`). */
  findByOwnId(server: string, ownId: string): Promise<Account | undefined>
  /** By the digest of a SAML name; several with one name make it useless. */
  findBySubId(server: string, subIdKey: string): Promise<Account | undefined>
  /** Every account with this verified e-mail, compared in lower case; several make it useless. */
  findByVerifiedEmail(server: string, email: string): Promise<readonly Account[]>
  setStatus(server: string, accountId: string, status: Account['status'], at: EpochMs): Promise<boolean>
}

export interface IssuedAccessToken extends AccessTokenOrigin {
  readonly revokedAt?: EpochMs
}

/** Which tokens to withdraw: every member given must match; at least one must be given. */
export interface TokenSelector {
  readonly authorizationServer?: string
  readonly id?: string
  readonly clientId?: string
  readonly accountId?: string
  readonly issuer?: string
  readonly issuerSubject?: string
  readonly grantId?: string
  readonly resource?: string
  readonly tenant?: string
  /** Issued at this moment or before */
  readonly issuedUntil?: EpochSeconds
}

/** Access tokens issued here; written by the ledger together with their audit event. */
export interface AccessTokens {
  find(server: string, id: string): Promise<IssuedAccessToken | undefined>
  /** Durable when resolved; idempotent. @returns how many live tokens were withdrawn */
  revoke(selector: TokenSelector, at: EpochMs): Promise<number>
}
