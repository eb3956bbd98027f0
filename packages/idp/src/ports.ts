// What the IdP needs from outside, in addition to the ports of `as-core`.
import type { LoggedEvent, OutgoingSecurityEvent } from '@crosswalk/as-core'
import type { FindByValue } from '@crosswalk/policy'
import type {
  EpochMs,
  EpochSeconds,
  OidcUpstreamDefinition,
  UpstreamDefinition,
  UserDefinition,
} from '@crosswalk/protocol'

/** A user as currently known; contains no password or secret. */
export type User = Omit<UserDefinition, 'password' | 'totpSecret'>

/** Users, always current: the next exchange sees that a user was disabled. */
export interface Users {
  findById(id: string): Promise<User | undefined>
  /** By user name or verified email address as users type them: in any case. Assertions must compare exactly. */
  findByLogin(login: string): Promise<User | undefined>
}

/** Also finds users by the names in SAML assertions. */
export interface UserLookup extends Users {
  /** All users whose attribute has exactly this value; empty if there are too many to identify one */
  findByAttribute(name: string, value: string): Promise<readonly User[]>
  /**
   * Ids of users whose value is this text as a token shows it, so a number counts; a few are enough.
   *
   * @param source - `user.id`, `user.username`, `user.email` or `user.attributes.NAME`
   */
  findByValue: FindByValue
}

export interface PasswordHashes {
  /** @returns the argon2id hash in PHC form; undefined for a user without a password */
  find(userId: string): Promise<string | undefined>
}

/** A user's sealed secret for time-based codes (RFC 6238). */
export interface TotpFactor {
  readonly sealedSecret: string
  readonly enrolledAt: EpochMs
}

/** A WebAuthn credential of a user. Contains no secrets. */
export interface Passkey {
  /** Credential id, base64url */
  readonly id: string
  /** COSE key, base64url */
  readonly publicKey: string
  /** Last seen signature counter; always 0 if the authenticator does not count */
  readonly counter: number
  readonly transports: readonly string[]
  /** Whether the passkey may be synced between devices (WebAuthn level 3 section 6.1.3) */
  readonly synced: boolean
  /** The only host where it works */
  readonly rpId: string
  /** Chosen by its owner */
  readonly name: string
  readonly createdAt: EpochMs
  readonly lastUsedAt?: EpochMs | undefined
}

/** Second factors of users: at most one TOTP secret each, and passkeys. */
export interface SecondFactors {
  findTotp(userId: string): Promise<TotpFactor | undefined>
  /**
   * Stores a user's factor and its event; atomic and durable when the promise resolves.
   * @param enrolment - `step`: the time step of the confirming code, which is thereby used
   * @returns false if the user already has one, which is kept; then nothing is recorded
   */
  enrolTotp(
    userId: string,
    enrolment: { readonly sealedSecret: string; readonly step: number; readonly at: EpochMs },
    event: LoggedEvent,
  ): Promise<boolean>
  /**
   * Uses the code of a time step. Of several callers only one gets true, and afterwards none for this or an earlier
   * step. Atomic and durable when the promise resolves.
   * @param use - `sealedSecret`: as read before, so that a code of a replaced secret does not count
   */
  useTotpStep(userId: string, use: { readonly sealedSecret: string; readonly step: number }): Promise<boolean>
  /** In the order of creation */
  listPasskeys(userId: string): Promise<readonly Passkey[]>
  /**
   * Stores a passkey and its event; atomic and durable when the promise resolves.
   * @returns false if any user already has a passkey with this id, which is kept; then nothing is recorded
   */
  addPasskey(userId: string, passkey: Omit<Passkey, 'lastUsedAt'>, event: LoggedEvent): Promise<boolean>
  /**
   * Records a use. Of several callers that saw the same counter only one gets true, unless the authenticator does not
   * count. Atomic and durable when the promise resolves.
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
  /**
   * Removes a passkey and stores the event; atomic and durable when the promise resolves.
   * @returns false if the user has no such passkey, or no other factor; then nothing is recorded
   */
  removePasskey(userId: string, id: string, event: LoggedEvent): Promise<boolean>
  /** Removes every factor. Idempotent. */
  remove(userId: string): Promise<void>
}

/**
 * Links users of other identity providers to local users, one to one and permanently: a user name that is reassigned
 * there does not lead to the account of its former owner.
 */
export interface UpstreamLinks {
  find(
    upstream: string,
    subject: string,
  ): Promise<{ readonly userId: string; readonly created: boolean } | undefined>
  /**
   * Atomic and durable when the promise resolves.
   * @param link - `created`: whether the user was created for this link
   * @returns false if the subject or the user is already linked; the existing link is kept
   */
  add(link: {
    readonly upstream: string
    readonly subject: string
    readonly userId: string
    readonly created: boolean
    readonly at: EpochMs
  }): Promise<boolean>
}

/** A user as described by another identity provider; unknown members are absent. */
export interface UpstreamUser {
  readonly subject: string
  readonly username?: string | undefined
  readonly email?: string | undefined
  readonly emailVerified: boolean
  readonly name?: string | undefined
  /** Undefined if this provider does not supply groups */
  readonly groups?: readonly string[] | undefined
}

export interface AdminConsole {
  readonly url: string
  isFor(user: User): boolean
}

/** The latest claims of an identity provider about a user. */
export interface CurrentClaims {
  readonly claimed: UpstreamUser
  /** Address of the browser */
  readonly ip?: string | undefined
  /** Called after reading and before changing definitions: whether these claims are the newest. Default: always */
  isNewest?(): Promise<boolean>
}

export interface Upstreams {
  readonly links: UpstreamLinks
  /** Reaches only the addresses allowed for this upstream; follows no redirects. */
  fetch(upstream: OidcUpstreamDefinition): typeof globalThis.fetch
  /**
   * Creates a user just in time together with the link, or neither; active when it resolves.
   *
   * @param signIn - its time, and the address of the browser
   * @returns undefined if such a user or link exists
   */
  create(
    upstream: Pick<UpstreamDefinition, 'id'>,
    claimed: UpstreamUser,
    signIn: { readonly at: EpochMs; readonly ip?: string | undefined },
  ): Promise<User | undefined>
  /** Updates a user who was created just in time with the latest claims; active when it resolves. */
  update(upstream: Pick<UpstreamDefinition, 'id'>, user: User, claims: CurrentClaims): Promise<void>
}

export interface SignInRecord {
  readonly model: string
  readonly payload: Record<string, unknown>
}

/**
 * Stores the sign-in provider's sessions, codes, refresh tokens and other records, by model.
 *
 * `consume` is atomic: of two callers only one gets true, even if `upsert` runs in between, because `upsert` replaces
 * the payload and expiry of an existing row but never the time it was consumed. Changes are durable when their promise
 * resolves. Expired rows are not found.
 */
export interface SignInStore {
  upsert(
    model: string,
    id: string,
    payload: Readonly<Record<string, unknown>>,
    expiresInSeconds?: number,
  ): Promise<void>
  /**
   * Saves a record unless there is one that expires at the same time or later: of concurrent callers, the latest expiry
   * wins.
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
   * Like `upsert` for an existing record, which may get another id. A removed record stays removed, even if
   * `revokeByGrantId` runs at the same time.
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
  /** Finds a session and its grants at one point in time; a grant has the `uid` of its session. */
  findAllByUid(uid: string): Promise<readonly SignInRecord[]>
  findByUserCode(model: string, userCode: string): Promise<Record<string, unknown> | undefined>
  /** Consumes the record; later reads show `consumed` (epoch seconds) in the payload. */
  consume(model: string, id: string, at: EpochSeconds): Promise<boolean>
  /** @param securityEvents - events that report it; queued in the same transaction */
  destroy(model: string, id: string, securityEvents?: readonly OutgoingSecurityEvent[]): Promise<void>
  /** @returns what was removed, in no order; without members that only holders of the id can read */
  revokeByGrantId(model: string, grantId: string): Promise<readonly Record<string, unknown>[]>
}

/** An issued ID-JAG. */
export interface LoggedGrant {
  readonly app: string
  readonly user: string
  readonly time: EpochMs
}

/** Number of ID-JAGs that an app got for a user. */
export interface CountedGrants {
  readonly app: string
  readonly user: string
  readonly count: number
}

/** Position in the log: the number of the last event read, by hash chain; absent for unread chains. */
export type LogCursor = ReadonlyMap<string, number>

/** The ID-JAGs in the log of this IdP, for policies that count them. */
export interface GrantLog {
  /** @returns the position after which to read so that no grant since `since` is missed */
  findStart(since: EpochMs): Promise<LogCursor>
  /** Grants since `since` after a cursor, up to `reached`; `more`: the log continues. */
  readAfter(
    cursor: LogCursor,
    since: EpochMs,
  ): Promise<{
    readonly grants: readonly LoggedGrant[]
    readonly reached: LogCursor
    readonly more: boolean
  }>
  /** Number of grants to an app for a user after `since`, up to and including `until`. */
  count(query: {
    readonly app: string
    readonly user: string
    readonly since: EpochMs
    readonly until: EpochMs
  }): Promise<number>
  /** The same for every app and user with grants, or for those given. */
  countEach(query: {
    readonly app?: string | undefined
    readonly user?: string | undefined
    readonly since: EpochMs
    readonly until: EpochMs
  }): Promise<readonly CountedGrants[]>
}
