// What the sign-in part takes and gives. The rest of the IdP knows only this file and `createSignIn`;
// nothing of the provider library shows through it.
import type { AppDefinition, EpochSeconds, Result, UpstreamDefinition } from '@crosswalk/protocol'
import type {
  AuditEvent,
  Clock,
  OutgoingSecurityEvent,
  Sealing,
  SecretVerdict,
  SharedAttempts,
  ReplayKey,
  SigningKey,
} from '@crosswalk/as-core'

import type { OwnAccess } from './own-access/contract.ts'
import type { AdminConsole, PasswordHashes, SecondFactors, SignInStore, Upstreams, Users } from '../ports.ts'

export interface SignInConfig {
  /** Written into tokens and responses; may differ from where the pages are served. */
  readonly issuer: string
  /** Public origin (with an optional path) of every endpoint. */
  readonly baseUrl: string
  /** Shown on the pages; default: the host of the issuer. */
  readonly displayName?: string | undefined
  readonly idTokenTtlSeconds: number
  /** Signs cookies; the first signs, all verify. At least one, 32 characters or more. */
  readonly cookieKeys: readonly string[]
  /** Failed sign-ins with one name from one network before further ones are delayed; 0 switches the delay off. */
  readonly failedSignInsBeforeDelay: number
  readonly clockSkewSeconds: number
  /** Identity providers through which users sign in, too; needs the port `upstreams` */
  readonly upstream?: readonly UpstreamDefinition[] | undefined
  /** false: users sign in through these alone; default: true */
  readonly passwordSignIn?: boolean | undefined
  /** Where sign-ins come back to by which an administrator tries an app out as another user; there are none unless given */
  readonly trialRedirectUri?: string | undefined
  /** Whether `baseUrl` may be plain http, which takes the `Secure` attribute off the cookies. */
  readonly loopback: boolean
}

export interface Apps {
  /** From memory and current at each call */
  find(clientId: string): AppDefinition | undefined
  /** Awaited at the start of each request of an app, where some are described elsewhere */
  load?(clientId: string): Promise<void>
  /** Whether an administrator defined it; without this, all are */
  isRegistered?(clientId: string): boolean
}

/** What a trial left in the browser, gone now. */
export interface EndedTrial {
  /** `Set-Cookie` headers that take it from the browser */
  readonly cookies: readonly string[]
  /** Who had signed in; undefined where no one had */
  readonly userId?: string
}

/** A session that a user ended, here or at the identity provider where it began. */
export interface EndedSession {
  readonly userId: string
  /** As decision records name it; undefined: every one of the user */
  readonly session?: string
  /** What was issued later is not meant; epoch seconds. Undefined: everything until now */
  readonly issuedUntil?: number
  /** It ended for this app alone */
  readonly clientId?: string
}

/** What a user sends as the secret of a client. */
export interface PresentedSecret {
  readonly clientId: string
  readonly secret: string
  /** Address it came from, where known */
  readonly ip: string | undefined
}

export interface SignInPorts {
  readonly store: SignInStore
  readonly users: Users
  readonly passwordHashes: PasswordHashes
  readonly secondFactors: SecondFactors
  readonly upstreams?: Upstreams | undefined
  /** Counts failed sign-ins for all processes of one database; without it, each process counts for itself */
  readonly failedSignIns?: SharedAttempts | undefined
  /** For the secrets behind second factors, and for what failed sign-ins are counted by. */
  readonly sealing: Pick<Sealing, 'seal' | 'open' | 'keyedDigest'>
  readonly apps: Apps
  /** Whether a block of the user or of the app stands now */
  isBlocked(userId: string, clientId: string): boolean
  /** Constant time */
  verifySecret(presented: PresentedSecret): SecretVerdict
  /**
   * Keys for ID tokens and logout tokens: the default first, and of each algorithm the one that signs before those that
   * only verify.
   */
  signingKeys(): readonly SigningKey[]
  /** Resolves once this process has the keys that are in force now; where no one else changes them, it is absent */
  untilNewest?(): Promise<void>
  /**
   * For ID tokens, events, single use and delays. Lifetimes of codes, sessions and refresh tokens follow the
   * system's clock, which the library reads itself.
   */
  readonly clock: Clock
  /** @returns false for what was used before, anywhere; durable when the promise resolves */
  useOnce(replayKey: ReplayKey): Promise<boolean>
  /** What others are told when a user signs out, written together with it; nothing unless given */
  ofSessionEnd?(userId: string): Promise<readonly OutgoingSecurityEvent[]>
  /** What has to follow once a session ended for good and that was recorded; awaited before the answer */
  afterSessionEnd?(ended: EndedSession): Promise<void>
  /** Resolves when the event is durable. */
  record(event: AuditEvent): Promise<void>
  /** A defect or failed I/O behind a 500 answer; `reference` is what the user sees. */
  reportFault(fault: unknown, reference: string): void
  /** For the pages on which users see their own access; while it gives nothing, there are none */
  ownAccess?(): OwnAccess | undefined
  /** The admin console, and who may use it; nothing unless given */
  readonly adminConsole?: AdminConsole | undefined
  /** For keys of apps (`jwksUri`) and back-channel logout; default: the library's guard against private addresses. */
  readonly fetch?: typeof globalThis.fetch
}

/** The state behind an ID token, as it is now. */
export interface SignInSession {
  readonly userId: string
  /** The apps this `sid` was given to; an ID token of any other app does not belong to it. */
  readonly clientIds: readonly string[]
  /** Of the latest authentication; an older ID token keeps its own `auth_time`. */
  readonly authTime: EpochSeconds
  readonly acr?: string
  readonly amr?: readonly string[]
  /** When it ends, where the SAML identity provider said so */
  readonly endsAt?: EpochSeconds
}

/** A live refresh token, not consumed by looking at it. */
export interface RefreshTokenState {
  readonly userId: string
  /** Of the original authentication, whatever the number of rotations. */
  readonly authTime: EpochSeconds
  readonly acr?: string
  readonly amr?: readonly string[]
  readonly sid?: string
  /** When the session behind it ends, where the SAML identity provider said so */
  readonly endsAt?: EpochSeconds
  readonly scope: string
  /** The caller must have proved possession of this key (RFC 9449 section 5). */
  readonly dpopThumbprint?: string
}

/**
 * Why a refresh token is not live.
 *
 * `unknown` also covers tokens removed by revocation, sign-out or reuse detection, of which nothing is kept;
 * `revoked` is a token whose grant is gone or whose user is inactive or no longer assigned to the app.
 */
export type RefreshTokenRefusal = 'unknown' | 'expired' | 'revoked' | 'rotated' | 'other-client'

/** A refresh token for a sign-in that happened elsewhere. */
export interface NewRefreshToken {
  readonly userId: string
  readonly clientId: string
  readonly scope: readonly string[]
  /** Of that sign-in */
  readonly authTime: EpochSeconds
  readonly acr?: string | undefined
  /** After this nothing of it is good any more, rotated or not; by the provider's own rules unless given. */
  readonly endsInSeconds?: number | undefined
  /** Binds it to this key (RFC 9449 section 5). */
  readonly dpopThumbprint?: string | undefined
}

export interface SignIn {
  /**
   * Every provider endpoint except metadata and JWKS: authorization, PAR, token (authorization code, refresh
   * token), userinfo, introspection, revocation, end of session, and the pages. Unknown paths answer 404.
   *
   * @param ip - address of the client, for the audit log
   */
  fetch(request: Request, ip?: string): Promise<Response>
  /**
   * Finds what stands behind the `sid` of an ID token. A session that merely timed out is still found while its
   * grant with `offline_access` lives, so that ID tokens from a refresh stay usable.
   *
   * @returns undefined when the user signed out (of the app or altogether), the grant was revoked, nothing
   *   was ever there, or the user is inactive; whether the user is still assigned to the app is not checked
   */
  findSession(sid: string): Promise<SignInSession | undefined>
  /**
   * Judges a refresh token as the subject of a token exchange; never consumes it. One that was rotated out
   * revokes its family, since it was stolen or is being replayed (RFC 9700 section 4.14.2).
   */
  findRefreshToken(value: string, clientId: string): Promise<Result<RefreshTokenState, RefreshTokenRefusal>>
  /**
   * Makes a refresh token with a grant of its own; durable when the promise resolves. Whether the user and the app
   * may have it was decided before.
   */
  issueRefreshToken(wanted: NewRefreshToken): Promise<string>
  /** Ends every session and grant of a user, refresh tokens included; done when the promise resolves. */
  endSessionsOfUser(userId: string): Promise<void>
  /**
   * Ends the session of a trial (see `trialRedirectUri`) in the browser of this request, with every code and token that
   * came of it; done when the promise resolves. No one else is told, since other sessions of the user go on.
   */
  endTrial(request: Request, ip?: string): Promise<EndedTrial>
  /** OpenID Connect Discovery members of what `fetch` serves, `issuer` and `jwks_uri` included. */
  metadata(): Promise<Readonly<Record<string, unknown>>>
  /** Failed sign-ins with names no one has: counted, never stored. */
  unknownUserAttempts(): number
}
