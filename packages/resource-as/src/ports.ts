// What a Resource Authorization Server needs from outside, beyond the ports of `authorization-server`.
import type { AccessTokenOrigin, NewAccount } from '@crosswalk/as-core'
import type { CredentialFact } from '@crosswalk/policy'
import type { EpochMs, EpochSeconds, MaybePromise } from '@crosswalk/protocol'

export interface Account extends NewAccount {
  readonly status: 'active' | 'disabled'
}

/** Whom an identity provider speaks of; all of it verified, and compared byte for byte. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  /** The `tenant` claim, where there is one */
  readonly tenant?: string
  /** In lower case; only where the issuer verified it and answers for its domain */
  readonly email?: string
}

/** Users known here. Look-ups always carry the server, and the issuer and tenant or an own identifier. */
export interface Accounts {
  /** By the id that access tokens carry as `sub` */
  findById(server: string, accountId: string): MaybePromise<Account | undefined>
  /** @param identity - all that is known of the subject; issuer, tenant and subject are the key */
  findByIssuerSubject(
    server: string,
    issuer: string,
    tenant: string | undefined,
    subject: string,
    identity?: Identity,
  ): MaybePromise<Account | undefined>
  /** By this server's own identifier of the user (`aud_sub`). */
  findByOwnId(server: string, ownId: string, identity: Identity): Promise<Account | undefined>
  /** By the digest of a SAML name; several with one name make it useless. */
  findBySubId(server: string, subIdKey: string): Promise<Account | undefined>
  /** Every account with this verified e-mail, compared in lower case; several make it useless. */
  findByVerifiedEmail(
    server: string,
    email: string,
    /** Without a subject where a security event asks whom it is about */
    identity: Omit<Identity, 'subject'> & Partial<Identity>,
  ): Promise<readonly Account[]>
  setStatus(server: string, accountId: string, status: Account['status'], at: EpochMs): Promise<boolean>
  /** Told of a user who was found by another step than issuer and subject, once the grant is durable. */
  link?(server: string, accountId: string, identity: Identity): Promise<void>
}

export interface IssuedAccessToken extends AccessTokenOrigin {
  readonly revokedAt?: EpochMs
}

/** Which tokens to revoke: every member given must match; at least one must be given. */
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
  /** Of ID-JAGs issued at this moment or before */
  readonly grantIssuedUntil?: EpochSeconds
}

/** Access tokens issued here; written by the ledger together with their audit event. */
export interface AccessTokens {
  find(server: string, id: string): Promise<IssuedAccessToken | undefined>
  /**
   * What was issued further on for a token that is revoked is revoked with it. Durable when resolved; idempotent.
   * @returns how many live tokens were revoked
   */
  revoke(selector: TokenSelector, at: EpochMs): Promise<number>
}

/** For which access token an ID-JAG was issued. */
export interface TokenDescent {
  /** Digest of the `jti` of the ID-JAG */
  readonly grantId: string
  /** Of the access token */
  readonly authorizationServer: string
  readonly tokenId: string
  /** It may be forgotten after this moment */
  readonly expiresAt: EpochSeconds
}

/** What access tokens gave to apps further on. */
export interface TokenDescents {
  /** Durable when resolved. */
  add(descent: TokenDescent): Promise<void>
  /** Whether the ID-JAG was issued for an access token that is revoked by now */
  isOfRevoked(grantId: string): Promise<boolean>
}

/** ID-JAGs of an IdP in the same program, which need no event to be revoked. */
export interface IssuedIdJags {
  /** @returns why the IdP would not issue it any more; undefined if it would, or did not issue it */
  findDenialNow(idJag: Readonly<Record<string, unknown>>): Promise<string | undefined>
  /** Whether an access token has lost the user, app, connection or assignment that its ID-JAG was issued for */
  isOutdated(token: IssuedAccessToken): Promise<boolean>
}

/** Scopes by resource */
export type Consent = Readonly<Record<string, readonly string[]>>

/** What users let apps do by consent, so that they are not asked for the same again. */
export interface Consents {
  find(server: string, accountId: string, clientId: string): Promise<Consent | undefined>
  /** Durable when resolved; in place of an earlier one of the same user and app */
  remember(server: string, accountId: string, clientId: string, consent: Consent): Promise<void>
}

/** What the vault needs to know of a token to find the credential behind it. */
export type TokenOfApp = Pick<IssuedAccessToken, 'issuer' | 'grantId' | 'grantType'>

export interface ReleasedCredential {
  readonly fact: CredentialFact
  /** Where the fact is `held`; for the gateway alone, never for a log */
  readonly secret?: {
    readonly value: string
    /** Header that carries it, and the word before it; empty for none */
    readonly header: string
    readonly scheme: string
    /** Base address below which it may be sent */
    readonly api: string
    readonly privateNetwork: boolean
  }
}

/** Credentials of services that know no ID-JAG. */
export interface StoredCredentials {
  /** Whether a resource app behind this issuer is brokered */
  serves(issuer: string): boolean
  release(token: TokenOfApp): Promise<ReleasedCredential>
  /** Told of a use that was recorded. */
  used(id: string): Promise<void>
}
