// Ports of a Resource Authorization Server beyond those of `authorization-server`.
import type { AccessTokenOrigin, NewAccount } from '@crosswalk/as-core'
import type { CredentialFact } from '@crosswalk/policy'
import type { EpochMs, EpochSeconds, MaybePromise } from '@crosswalk/protocol'

export interface Account extends NewAccount {
  readonly status: 'active' | 'disabled'
}

/** A user identity from an identity provider; all of it verified, and compared byte for byte. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  /** The `tenant` claim, if present */
  readonly tenant?: string
  /** In lower case; only if the issuer verified it and may assert its domain */
  readonly email?: string
}

/** Local accounts. Look-ups always include the server, and either issuer and tenant or our own identifier. */
export interface Accounts {
  /** By the id that access tokens contain as `sub` */
  findById(server: string, accountId: string): MaybePromise<Account | undefined>
  /** @param identity - everything known about the subject; issuer, tenant and subject are the key */
  findByIssuerSubject(
    server: string,
    issuer: string,
    tenant: string | undefined,
    subject: string,
    identity?: Identity,
  ): MaybePromise<Account | undefined>
  /** Every account with this server's own identifier of the user (`aud_sub`); several are ambiguous. */
  findByOwnId(server: string, ownId: string, identity: Identity): Promise<readonly Account[]>
  /** Every account with this digest of a SAML name. */
  findBySubId(server: string, subIdKey: string): Promise<readonly Account[]>
  /**
   * Every account with this verified e-mail address, compared in lower case; as the issuer of the identity knows it, if
   * it is linked there.
   */
  findByVerifiedEmail(
    server: string,
    email: string,
    /** Without a subject if a security event is resolved */
    identity: Omit<Identity, 'subject'> & Partial<Identity>,
  ): Promise<readonly Account[]>
  /** Called for a user found by a strategy other than issuer and subject, once the grant is durable. */
  link?(server: string, accountId: string, identity: Identity): Promise<void>
}

export interface IssuedAccessToken extends AccessTokenOrigin {
  readonly revokedAt?: EpochMs
}

/** Selects tokens to revoke: every member that is set must match; at least one must be set. */
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
  /** Tokens without a tenant, or with another one */
  readonly exceptTenants?: readonly string[]
  /** An app that `act` names, at any depth, and the issuer that knows it by this id */
  readonly actor?: { readonly issuer: string; readonly id: string }
  /** Only tokens of the code flow */
  readonly grantType?: IssuedAccessToken['grantType']
  /** Tokens from ID-JAGs issued at this time or before */
  readonly grantIssuedUntil?: EpochSeconds
}

/** Access tokens issued here; the ledger writes them together with their audit event. */
export interface AccessTokens {
  find(server: string, id: string): Promise<IssuedAccessToken | undefined>
  /**
   * Also revokes what was issued further down the chain for a revoked token. Durable when resolved; idempotent.
   * @returns the number of revoked tokens
   */
  revoke(selector: TokenSelector, at: EpochMs): Promise<number>
}

/** The access token that an ID-JAG was issued for. */
export interface TokenDescent {
  /** Digest of the `jti` of the ID-JAG */
  readonly grantId: string
  /** Of the access token */
  readonly authorizationServer: string
  readonly tokenId: string
  /** May be deleted after this time */
  readonly expiresAt: EpochSeconds
}

/** ID-JAGs that apps got in exchange for access tokens. */
export interface TokenDescents {
  /** Durable when resolved. */
  add(descent: TokenDescent): Promise<void>
  /** Whether the ID-JAG was issued for an access token that has been revoked since */
  isOfRevoked(grantId: string): Promise<boolean>
}

/** ID-JAGs of an IdP in the same program, which can be revoked without security events. */
export interface IssuedIdJags {
  /** @returns why the IdP would no longer issue it; undefined if it would, or if it was not the issuer */
  findDenialNow(idJag: Readonly<Record<string, unknown>>): Promise<string | undefined>
  /** Whether an access token has lost the user, app, connection or assignment behind its ID-JAG */
  isOutdated(token: IssuedAccessToken): Promise<boolean>
}

/** Scopes by resource */
export type Consent = Readonly<Record<string, readonly string[]>>

/** What users consented to, so that they are not asked again. */
export interface Consents {
  find(server: string, accountId: string, clientId: string): Promise<Consent | undefined>
  /** Durable when resolved; replaces an earlier consent of the same user and app */
  remember(server: string, accountId: string, clientId: string, consent: Consent): Promise<void>
}

/** What the vault needs from a token to find its credential. */
export type TokenOfApp = Pick<IssuedAccessToken, 'issuer' | 'grantId' | 'grantType'>

export interface ReleasedCredential {
  readonly fact: CredentialFact
  /** Set if the fact is `held`; for the gateway only, never for a log */
  readonly secret?: {
    readonly value: string
    /** Header for the credential, and its scheme; empty for none */
    readonly header: string
    readonly scheme: string
    /** Base URL below which it may be sent */
    readonly api: string
    readonly privateNetwork: boolean
  }
}

/** Credentials of services that do not support ID-JAG. */
export interface StoredCredentials {
  /** Whether a resource app behind this issuer is brokered */
  serves(issuer: string): boolean
  release(token: TokenOfApp): Promise<ReleasedCredential>
  /** Called after a use was recorded. */
  used(id: string): Promise<void>
}
