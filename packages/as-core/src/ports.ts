// What both token servers need from outside: durable writing, key storage. Each port says what must be
// atomic and what must be durable; `storage` implements them, tests may use memory.
import type { EpochMs, EpochSeconds, PublicJwk, SignatureAlgorithm } from '@crosswalk/protocol'

import type { AuditEvent } from './audit-event.ts'
import type { DecisionNote } from './decision-note.ts'
import type { RequestCounts } from './request-counts.ts'

/**
 * A single use that must never happen twice: of an ID-JAG, an authorization code, a DPoP proof, a client, SAML or actor
 * assertion, a security event.
 */
export interface ReplayKey {
  readonly kind:
    | 'id-jag'
    | 'authorization-code'
    | 'dpop'
    | 'client-assertion'
    | 'saml'
    | 'actor-token'
    | 'security-event'
  /** Digest over who made the token and its id (see `replayKeyDigest`); at most 64 characters. */
  readonly key: string
  /** It may be forgotten after this moment: expiry plus clock skew. */
  readonly expiresAt: EpochSeconds
}

/** Where an access token came from, so that revoking the user, client, issuer or grant finds it. */
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
  /** By what it was got; an ID-JAG unless given */
  readonly grantType?: 'authorization_code' | undefined
  /** Digest of the `jti` of the ID-JAG or code it was issued for (see `digest`) */
  readonly grantId: string
  /** `iat` of that ID-JAG or code: what its issuer revokes by moment, it means by this one */
  readonly grantIssuedAt: EpochSeconds
  readonly resource: readonly string[]
  readonly scope: readonly string[]
  readonly authorizationDetails?: readonly Readonly<Record<string, unknown>>[] | undefined
  readonly act?: Readonly<Record<string, unknown>> | undefined
  readonly dpopThumbprint?: string | undefined
  readonly authTime?: EpochSeconds | undefined
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  /** What its resources learn about the user besides the account */
  readonly userClaims?: Readonly<Record<string, unknown>> | undefined
  readonly issuedAt: EpochSeconds
  readonly expiresAt: EpochSeconds
  readonly decisionId: string
}

/** An account at a Resource Authorization Server, keyed by (server, issuer, tenant, subject). */
export interface NewAccount {
  readonly id: string
  readonly authorizationServer: string
  readonly issuer: string
  readonly tenant?: string | undefined
  readonly subject: string
  readonly audSub?: string | undefined
  /** Digest of everything that names it in SAML */
  readonly subIdKey?: string | undefined
  readonly email?: string | undefined
  readonly emailVerified: boolean
  readonly name?: string | undefined
  readonly createdAt: EpochMs
}

/** Everything that one answer makes true. */
export interface LedgerEntry {
  /** The log it belongs to: `idp`, or `as:` and the id of the authorization server. */
  readonly log: string
  /** A decision comes as its note, which readers get back as the whole event. */
  readonly event: AuditEvent | DecisionNote
  /** All must be new, or nothing of this entry is written. */
  readonly replayKeys?: readonly ReplayKey[] | undefined
  readonly accessToken?: AccessTokenOrigin | undefined
  /** Created unless an account with the same key exists, which then stays as it is. */
  readonly account?: NewAccount | undefined
  /** Revision of the definitions it rests on: where the store has a newer one, nothing of this entry is written. */
  readonly definedAt?: number | undefined
}

/** An audit event that is written in one transaction with the change it records. */
export interface LoggedEvent {
  readonly log: string
  readonly event: AuditEvent
}

/** Where an event is recorded: its number in a hash chain. */
export interface ChainPlace {
  readonly chain: string
  readonly seq: number
}

export type LedgerOutcome =
  | ({ readonly committed: true } & ChainPlace)
  | { readonly committed: false; readonly used: ReplayKey }
  /** The revision that definitions have; of entries with `definedAt` only */
  | { readonly committed: false; readonly used?: undefined; readonly changedAt: number }

/**
 * The only way a grant leaves: its event, replay keys and token origin become durable together, first.
 *
 * Atomic: all of an entry or nothing. Durable: when the promise resolves with `committed: true`, the entry
 * survives a crash of process and machine. Of two entries with the same replay key, exactly one is committed,
 * whatever the number of processes. A log is one hash chain, or one for each process that writes it: its events get
 * gap-free numbers within their chain, and each carries the hash of the one before. Concurrent entries are committed in
 * one transaction.
 */
export interface Ledger {
  commit(entry: LedgerEntry): Promise<LedgerOutcome>
  /**
   * Single uses of a request that leaves no event; as atomic and durable, and in one store with those of entries.
   * @returns the first that was used before, and then none of the others is used now
   */
  consume(replayKeys: readonly ReplayKey[]): Promise<ReplayKey | undefined>
  /** Whether it was used before; uses nothing. For what may be done twice by two at once, though not again later. */
  isUsed(replayKey: ReplayKey): Promise<boolean>
}

/** A signing key as stored: the private part sealed (see `sealing`) or elsewhere, never in the clear. */
export interface StoredKey {
  readonly kid: string
  /** `idp`, or `as:` and the id of the authorization server */
  readonly owner: string
  readonly purpose: 'id-token' | 'id-jag' | 'access-token' | 'security-event' | 'key-ring'
  readonly algorithm: string
  readonly publicJwk: Readonly<Record<string, unknown>>
  /** Of a key that is kept here */
  readonly sealedPrivateJwk?: string | undefined
  /** Of a key that a provider keeps (see `KeyProvider`) */
  readonly privateKeyUri?: string | undefined
  /** `next` is published but does not sign yet, `current` signs, `retired` is published until `retireAt`. */
  readonly state: 'next' | 'current' | 'retired'
  readonly createdAt: EpochMs
  readonly retireAt?: EpochMs
}

export interface KeyStore {
  list(owner: string): Promise<readonly StoredKey[]>
  /**
   * Replaces the keys of an owner if no one changed them since they were listed: atomic, so that two
   * processes starting at once agree on one set.
   * @param recorded - becomes durable together with the keys
   * @returns false when they had changed; the caller lists again
   */
  replace(
    owner: string,
    seen: readonly StoredKey[],
    keys: readonly StoredKey[],
    recorded?: LoggedEvent,
  ): Promise<boolean>
}

/**
 * Makes and keeps private keys where no process of ours reads them: in an HSM or a KMS. Whatever it cannot do now is a
 * `KeyProviderFault`. Nothing it does holds up the event loop.
 */
export interface KeyProvider {
  /** As the configuration calls it */
  readonly name: string
  /** How the URIs of its keys begin */
  readonly uriPrefix: string
  /** @param label - shows operators of the device what the key is for */
  createKey(algorithm: SignatureAlgorithm, label: string): Promise<CreatedKey>
  /** Deletes a key that never signed; fails where that is not allowed. */
  discardKey(uri: string): Promise<void>
  /** @returns the signature as JWS carries it (RFC 7518 section 3) */
  sign(uri: string, algorithm: SignatureAlgorithm, data: Uint8Array): Promise<Uint8Array>
  /**
   * @param uri - a key that is in use; undefined where there is none
   * @returns why it cannot be used now, in words for operators; undefined where it can
   */
  findTrouble(uri: string | undefined): Promise<string | undefined>
  close(): Promise<void>
}

export interface CreatedKey {
  readonly uri: string
  readonly publicJwk: PublicJwk
}

/** Where private keys are. */
export interface KeyProviders {
  /** Makes every key from now on; undefined: made here, and sealed into the key store */
  readonly forNewKeys: KeyProvider | undefined
  /** They also sign with keys they made before */
  readonly all: readonly KeyProvider[]
}

/** Resolves once definitions of this revision are in force in this process. */
export type UntilDefined = (revision: number) => Promise<void>

/** What every token server is given; the ledger is used by this package alone (see `DecisionRecorder`, `EventRecorder`). */
export interface TokenPorts {
  readonly clock: Clock
  /** Where other processes on the same store change definitions, too: then nothing is granted by what they changed. */
  readonly untilDefined?: UntilDefined | undefined
  readonly ledger: Ledger
  readonly keyStore: KeyStore
  /** Keep private keys out of the key store; without them it holds every key, sealed */
  readonly keyProviders?: KeyProviders | undefined
  /** Counts requests for all processes of one database; without it, each process counts for itself */
  readonly requestCounts?: RequestCounts | undefined
}

/** The clock of the server, an argument so that tests can move it. */
export interface Clock {
  nowMs(): EpochMs
}
