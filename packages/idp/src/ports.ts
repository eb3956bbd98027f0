// What the IdP needs from outside, beyond the ports of `authorization-server`.
import type { OutgoingSecurityEvent } from '@crosswalk/as-core'
import type {
  EpochMs,
  EpochSeconds,
  OidcUpstreamDefinition,
  UpstreamDefinition,
  UserDefinition,
} from '@crosswalk/protocol'

/** A user as the IdP knows them now; no password or secret in it. */
export type User = Omit<UserDefinition, 'password' | 'totpSecret'>

/** Users, current at every call: a disabled user is seen as such by the next exchange. */
export interface Users {
  findById(id: string): Promise<User | undefined>
  /** By user name or verified e-mail, exact. */
  findByLogin(login: string): Promise<User | undefined>
}

/** Users as SAML assertions name them, too. */
export interface UserLookup extends Users {
  /** Everybody whose attribute has exactly this text as value; nothing where that is too many to mean one */
  findByAttribute(name: string, value: string): Promise<readonly User[]>
}

export interface PasswordHashes {
  /** @returns the argon2id hash in PHC form, undefined for a user without password */
  find(userId: string): Promise<string | undefined>
}

/** A user's secret for codes by time (RFC 6238), sealed. */
export interface TotpFactor {
  readonly sealedSecret: string
  readonly enrolledAt: EpochMs
}

/** A WebAuthn credential of a user. Nothing in it is secret. */
export interface Passkey {
  /** Credential id, base64url */
  readonly id: string
  /** COSE key, base64url */
  readonly publicKey: string
  /** Of signatures, as last seen; 0 always where the authenticator does not count */
  readonly counter: number
  readonly transports: readonly string[]
  /** Whether it may be copied between devices (WebAuthn level 3 section 6.1.3) */
  readonly synced: boolean
  /** The host it was made for: it works at no other */
  readonly rpId: string
  /** By which its owner knows it */
  readonly name: string
  readonly createdAt: EpochMs
  readonly lastUsedAt?: EpochMs | undefined
}

/** What users have beside their password: at most one secret for codes by time each, and passkeys. */
export interface SecondFactors {
  findTotp(userId: string): Promise<TotpFactor | undefined>
  /**
   * Gives a user their factor; atomic and durable when the promise resolves.
   * @param enrolment - `step`: time step of the code that confirmed it, which is used thereby
   * @returns false where there is one already, which stays
   */
  enrolTotp(
    userId: string,
    enrolment: { readonly sealedSecret: string; readonly step: number; readonly at: EpochMs },
  ): Promise<boolean>
  /**
   * Uses the code of a time step: of any number of callers one gets true, and none afterwards for that step or one
   * before it. Atomic and durable when the promise resolves.
   * @param use - `sealedSecret`: as found, so that a code of a secret replaced meanwhile does not count
   */
  useTotpStep(userId: string, use: { readonly sealedSecret: string; readonly step: number }): Promise<boolean>
  /** In the order in which they were added */
  listPasskeys(userId: string): Promise<readonly Passkey[]>
  /**
   * Atomic and durable when the promise resolves.
   * @returns false where anyone has a passkey of this id already, which stays
   */
  addPasskey(userId: string, passkey: Omit<Passkey, 'lastUsedAt'>): Promise<boolean>
  /**
   * Notes a use: of any number of callers that saw the same counter one gets true, unless it does not count. Atomic
   * and durable when the promise resolves.
   */
  usePasskey(
    userId: string,
    use: {
      readonly id: string
      readonly seenCounter: number
      readonly counter: number
      readonly at: EpochMs
    },
  ): Promise<boolean>
  /** @returns false where the user has none of this id */
  removePasskey(userId: string, id: string): Promise<boolean>
  /** Removes every factor. Idempotent. */
  remove(userId: string): Promise<void>
}

/**
 * Which user here a user of another identity provider is. One of theirs is one of ours and the other way round,
 * for good: a user name that is given to another user there does not lead to the former owner's account.
 */
export interface UpstreamLinks {
  find(
    upstream: string,
    subject: string,
  ): Promise<{ readonly userId: string; readonly created: boolean } | undefined>
  /**
   * Atomic and durable when the promise resolves.
   * @param link - `created`: whether the user was made for this link
   * @returns false where the subject or the user is linked already, which stays
   */
  add(link: {
    readonly upstream: string
    readonly subject: string
    readonly userId: string
    readonly created: boolean
    readonly at: EpochMs
  }): Promise<boolean>
}

/** A user as another identity provider describes them; what it does not say is left out. */
export interface UpstreamUser {
  readonly subject: string
  readonly username?: string | undefined
  readonly email?: string | undefined
  readonly emailVerified: boolean
  readonly name?: string | undefined
  /** Undefined where groups are not taken from there */
  readonly groups?: readonly string[] | undefined
}

/** Where administrators work. */
export interface AdminConsole {
  readonly url: string
  isFor(user: User): boolean
}

/** Signing in through identity providers that are there already. */
/** What an identity provider says of a user. */
export interface SaidNow {
  readonly person: UpstreamUser
  /** Address of the browser */
  readonly ip?: string | undefined
  /** Asked after what is defined was read, and before it is changed: whether nothing newer was said. Default: always */
  isNewest?(): Promise<boolean>
}

export interface Upstreams {
  readonly links: UpstreamLinks
  /** Reaches exactly the addresses that this upstream may have; follows no redirect. */
  fetch(upstream: OidcUpstreamDefinition): typeof globalThis.fetch
  /**
   * Creates a user just in time; in force when it resolves.
   *
   * @param ip - address of the browser, for the event
   * @returns undefined where a user like that exists
   */
  create(
    upstream: Pick<UpstreamDefinition, 'id'>,
    person: UpstreamUser,
    ip?: string,
  ): Promise<User | undefined>
  /** Brings a user who was created just in time to what is said now; in force when it resolves. */
  update(upstream: Pick<UpstreamDefinition, 'id'>, user: User, said: SaidNow): Promise<void>
}

/**
 * Persistence of the sign-in provider's sessions, codes, refresh tokens and the like, one map per model.
 *
 * `consume` is atomic: of two callers exactly one gets true, also when `upsert` came between them: `upsert`
 * replaces payload and expiry of a row that exists, never the time it was consumed. Everything is durable when the
 * promise resolves.
 * Expired rows read as missing.
 */
export interface SignInStore {
  upsert(
    model: string,
    id: string,
    payload: Readonly<Record<string, unknown>>,
    expiresInSeconds?: number,
  ): Promise<void>
  /**
   * Saves a record unless one is there that expires then or later: of any number of callers at once, the latest stays.
   *
   * @returns whether it was saved
   */
  saveLater(
    model: string,
    id: string,
    payload: Readonly<Record<string, unknown>>,
    expiresAt: EpochSeconds,
  ): Promise<boolean>
  /**
   * As `upsert` of a record that was found before, which may get another id. What was removed meanwhile stays removed, also by a
   * `revokeByGrantId` that comes at the same moment.
   */
  update(
    model: string,
    id: string,
    next: {
      readonly id: string
      readonly payload: Readonly<Record<string, unknown>>
      readonly expiresInSeconds?: number | undefined
    },
  ): Promise<void>
  find(model: string, id: string): Promise<Record<string, unknown> | undefined>
  findByUid(model: string, uid: string): Promise<Record<string, unknown> | undefined>
  findByUserCode(model: string, userCode: string): Promise<Record<string, unknown> | undefined>
  /** Marks as consumed; a later find shows `consumed` (epoch seconds) in the payload. */
  consume(model: string, id: string, at: EpochSeconds): Promise<boolean>
  /** @param securityEvents - what others are told of it; queued together with it, or neither happens */
  destroy(model: string, id: string, securityEvents?: readonly OutgoingSecurityEvent[]): Promise<void>
  revokeByGrantId(model: string, grantId: string): Promise<void>
}

/** One ID-JAG that was issued. */
export interface LoggedGrant {
  readonly app: string
  readonly user: string
  readonly time: EpochMs
}

/** How many ID-JAGs one app got for one user. */
export interface CountedGrants {
  readonly app: string
  readonly user: string
  readonly count: number
}

/** How far the log was read: by hash chain, the number of the last event; none of a chain that is not in it. */
export type LogCursor = ReadonlyMap<string, number>

/** The ID-JAGs in the log of this IdP, for policies that count them. */
export interface GrantLog {
  /** @returns behind which to read so as to miss no grant of `since` or later */
  findStart(since: EpochMs): Promise<LogCursor>
  /** Those of `since` or later behind a cursor, as far as `reached`; `more`: the log goes on. */
  readAfter(
    cursor: LogCursor,
    since: EpochMs,
  ): Promise<{
    readonly grants: readonly LoggedGrant[]
    readonly reached: LogCursor
    readonly more: boolean
  }>
  /** How many an app got for a user after `since`, up to `until` included. */
  count(query: {
    readonly app: string
    readonly user: string
    readonly since: EpochMs
    readonly until: EpochMs
  }): Promise<number>
  /** The same of every app and user that got any, or of those asked about. */
  countEach(query: {
    readonly app?: string | undefined
    readonly user?: string | undefined
    readonly since: EpochMs
    readonly until: EpochMs
  }): Promise<readonly CountedGrants[]>
}
