// What both token servers need from storage and key providers. Each port states what must be atomic and what must be
// durable; `storage` implements them, and tests may use memory.
import type { EpochMs, EpochSeconds, PublicJwk, SignatureAlgorithm } from '@crosswalk/protocol'

import type { AuditEvent } from './records/audit-event.ts'
import type { StoredDecision } from './records/stored-decision.ts'
import type { RequestCounts } from './request-counts.ts'

/**
 * Something that may be used only once: an ID-JAG, an authorization code, a refresh token, a DPoP proof, a security
 * event, the record of a revocation, or an assertion of a client, an actor or SAML.
 */
export interface ReplayKey {
  readonly kind:
    | 'id-jag'
    | 'authorization-code'
    | 'refresh-token'
    | 'dpop'
    | 'client-assertion'
    | 'saml'
    | 'actor-token'
    | 'security-event'
    | 'token-revocation'
  /** Digest of the issuer and id of the token (see `replayKeyDigest`); at most 64 characters. */
  readonly key: string
  /** When it may be forgotten: expiry plus clock skew. */
  readonly expiresAt: EpochSeconds
}

/** The origin of an access token, so that revoking the user, client, issuer or grant finds the token. */
export interface AccessTokenOrigin {
  /** `jti` of a JWT access token, or the digest of an opaque one */
  readonly id: string
  readonly authorizationServer: string
  readonly format: 'jwt' | 'opaque'
  readonly clientId: string
  readonly accountId: string
  readonly issuer: string
  readonly issuerSubject: string
  readonly tenant?: string | undefined
  /** The grant type; an ID-JAG if absent */
  readonly grantType?: 'authorization_code' | undefined
  /** Digest of the `jti` of the ID-JAG or code it was issued for (see `digest`) */
  readonly grantId: string
  /** `iat` of that ID-JAG or code; an issuer that revokes by time means this time */
  readonly grantIssuedAt: EpochSeconds
  readonly resource: readonly string[]
  readonly scope: readonly string[]
  readonly authorizationDetails?: readonly Readonly<Record<string, unknown>>[] | undefined
  readonly act?: Readonly<Record<string, unknown>> | undefined
  readonly dpopThumbprint?: string | undefined
  readonly authTime?: EpochSeconds | undefined
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  /** What resources learn about the user besides the account */
  readonly userClaims?: Readonly<Record<string, unknown>> | undefined
  readonly issuedAt: EpochSeconds
  readonly expiresAt: EpochSeconds
  readonly decisionId: string
}

/** An account at a Resource Authorization Server; its key is (server, issuer, tenant, subject). */
export interface NewAccount {
  readonly id: string
  readonly authorizationServer: string
  readonly issuer: string
  readonly tenant?: string | undefined
  readonly subject: string
  readonly audSub?: string | undefined
  /** Digest of all identifying parts of a SAML subject */
  readonly subIdKey?: string | undefined
  readonly email?: string | undefined
  readonly emailVerified: boolean
  readonly name?: string | undefined
  readonly createdAt: EpochMs
}

/** Changes to records of the IdP's sign-in provider, such as codes and refresh tokens. */
export interface SignInRecords {
  readonly saved: readonly {
    readonly model: string
    readonly id: string
    readonly payload: Readonly<Record<string, unknown>>
    readonly expiresAt: EpochSeconds | undefined
  }[]
  /** Shown as consumed from now on; a replay key ensures that this happens once */
  readonly consumed: readonly { readonly model: string; readonly id: string; readonly at: EpochSeconds }[]
}

/** Everything that becomes durable with one response. */
export interface LedgerEntry {
  /** Its log: `idp`, or `as:` and the id of the authorization server. */
  readonly log: string
  /** A decision is passed in its stored form; readers get the whole event. */
  readonly event: AuditEvent | StoredDecision
  /** All must be unused, or nothing of this entry is written. */
  readonly replayKeys?: readonly ReplayKey[] | undefined
  readonly accessToken?: AccessTokenOrigin | undefined
  readonly signInRecords?: SignInRecords | undefined
  /**
   * Created unless the account exists, which is left unchanged. If another account at the server has the same issuer and
   * subject, own id, verified e-mail address or SAML name, nothing of this entry is written.
   */
  readonly account?: NewAccount | undefined
  /**
   * Revision of the definitions that the decision used: if the store has a newer one, nothing of this entry is written.
   */
  readonly definedAt?: number | undefined
}

/** An audit event written in the same transaction as the change it records. */
export interface LoggedEvent {
  readonly log: string
  readonly event: AuditEvent
}

/** The place of a recorded event: its number in a hash chain. */
export interface ChainPlace {
  readonly chain: string
  readonly seq: number
}

export type LedgerOutcome =
  | ({ readonly committed: true } & ChainPlace)
  | { readonly committed: false; readonly used: ReplayKey }
  /** The current revision of the definitions; only for entries with `definedAt` */
  | { readonly committed: false; readonly used?: undefined; readonly changedAt: number }
  /** Another account has an identifier of the new one; if the user is looked up again, it is found. */
  | { readonly committed: false; readonly used?: undefined; readonly accountTaken: true }

/**
 * The only way to issue a grant: its event, replay keys and token origin become durable together, before the response.
 *
 * Atomic: all of an entry or nothing. Durable: when the promise resolves with `committed: true`, the entry survives a
 * crash of process and machine. Of two entries with the same replay key, exactly one is committed, whatever the number
 * of processes. A log is one hash chain, or one for each process that writes it: its events have gap-free numbers
 * within their chain, and each contains the hash of the previous one. Concurrent entries are committed in one
 * transaction.
 */
export interface Ledger {
  commit(entry: LedgerEntry): Promise<LedgerOutcome>
  /**
   * Consumes replay keys for a request without an event; as atomic and durable as `commit`, and in the same store.
   * @returns the first key that was already used; in that case none is consumed
   */
  consume(replayKeys: readonly ReplayKey[]): Promise<ReplayKey | undefined>
  /**
   * Whether the key was already used; does not consume it. For actions that may run twice concurrently, but not later.
   */
  isUsed(replayKey: ReplayKey): Promise<boolean>
}

/** A stored signing key: its private part is sealed (see `sealing`) or held by a provider, never in the clear. */
export interface StoredKey {
  readonly kid: string
  /** `idp`, or `as:` and the id of the authorization server */
  readonly owner: string
  readonly purpose: 'id-token' | 'id-jag' | 'access-token' | 'security-event' | 'key-ring'
  readonly algorithm: string
  readonly publicJwk: Readonly<Record<string, unknown>>
  /** Set for a local key */
  readonly sealedPrivateJwk?: string | undefined
  /** Set for a key held by a provider (see `KeyProvider`) */
  readonly privateKeyUri?: string | undefined
  /** `next` is published but does not sign yet, `current` signs, `retired` is published until `retireAt`. */
  readonly state: 'next' | 'current' | 'retired'
  readonly createdAt: EpochMs
  readonly retireAt?: EpochMs
}

export interface KeyStore {
  /** The time by which keys rotate: the same for all processes, so that one with a wrong clock retires none early */
  readTimeMs(): Promise<EpochMs>
  list(owner: string): Promise<readonly StoredKey[]>
  /**
   * Replaces the keys of an owner if they did not change since they were listed; atomic, so that processes starting
   * concurrently agree on one set.
   * @param recorded - becomes durable together with the keys
   * @returns false if they changed; the caller lists them again
   */
  replace(
    owner: string,
    seen: readonly StoredKey[],
    keys: readonly StoredKey[],
    recorded?: LoggedEvent,
  ): Promise<boolean>
}

/**
 * Creates and holds private keys where our processes cannot read them: in an HSM or a KMS. A temporary failure is a
 * `KeyProviderFault`. No method blocks the event loop.
 */
export interface KeyProvider {
  /** Its name in the configuration */
  readonly name: string
  /** The prefix of its key URIs */
  readonly uriPrefix: string
  /** @param label - shows operators of the device the purpose of the key */
  createKey(algorithm: SignatureAlgorithm, label: string): Promise<CreatedKey>
  /** Deletes a key that never signed; fails if the provider does not allow it. */
  discardKey(uri: string): Promise<void>
  /** @returns the signature in JWS format (RFC 7518 section 3) */
  sign(uri: string, algorithm: SignatureAlgorithm, data: Uint8Array): Promise<Uint8Array>
  /**
   * @param uri - a key in use; undefined if there is none
   * @returns why the provider is unusable now, in words for operators; undefined if it works
   */
  findTrouble(uri: string | undefined): Promise<string | undefined>
  close(): Promise<void>
}

export interface CreatedKey {
  readonly uri: string
  readonly publicJwk: PublicJwk
}

/** Where private keys are held. */
export interface KeyProviders {
  /** Creates all new keys; undefined: keys are created locally and sealed into the key store */
  readonly forNewKeys: KeyProvider | undefined
  /** Includes providers that sign only with existing keys */
  readonly all: readonly KeyProvider[]
}

/** Resolves once this process uses definitions of this revision. */
export type UntilDefined = (revision: number) => Promise<void>

/** The ports of every token server; only this package uses the ledger (see `DecisionRecorder`, `EventRecorder`). */
export interface TokenPorts {
  readonly clock: Clock
  /** Set if other processes on the same store change definitions; then no grant relies on outdated definitions. */
  readonly untilDefined?: UntilDefined | undefined
  readonly ledger: Ledger
  readonly keyStore: KeyStore
  /** Hold private keys outside the key store; if absent, the store contains every key, sealed */
  readonly keyProviders?: KeyProviders | undefined
  /** Counts requests across all processes of one database; if absent, each process counts its own */
  readonly requestCounts?: RequestCounts | undefined
}

/** The server's clock, passed in so that tests can move it. */
export interface Clock {
  nowMs(): EpochMs
}
