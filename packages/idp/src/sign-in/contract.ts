// The interface of the sign-in part. The rest of the IdP knows only this file and `createSignIn`; nothing of the
// provider library is visible through it.
import type { AppDefinition, EpochSeconds, Result, UpstreamDefinition } from '@crosswalk/protocol'
import type {
  AuditEvent,
  Clock,
  OutgoingSecurityEvent,
  Sealing,
  SecretVerdict,
  SharedAttempts,
  ReplayKey,
  SignInRecords,
  SigningKey,
} from '@crosswalk/as-core'

import type { OwnAccess } from './own-access/contract.ts'
import type { AdminConsole, PasswordHashes, SecondFactors, SignInStore, Upstreams, Users } from '../ports.ts'

export interface SignInConfig {
  /** Used in tokens and responses; may differ from where the pages are served. */
  readonly issuer: string
  /** Public origin, with an optional path, of all endpoints. */
  readonly baseUrl: string
  /** Shown on pages; default: the host of the issuer. */
  readonly displayName?: string | undefined
  readonly idTokenTtlSeconds: number
  /** Keys for cookies: the first signs, all verify. At least one, 32 characters or more each. */
  readonly cookieKeys: readonly string[]
  /** Failed sign-ins per name and network before further ones are delayed; 0 disables the delay. */
  readonly failedSignInsBeforeDelay: number
  readonly clockSkewSeconds: number
  /** Identity providers through which users can sign in; needs the port `upstreams` */
  readonly upstream?: readonly UpstreamDefinition[] | undefined
  /** false: users sign in only through these; default: true */
  readonly passwordSignIn?: boolean | undefined
  /**
   * Redirect URI for sign-ins by which administrators try out an app as another user; if absent, trials are disabled
   */
  readonly trialRedirectUri?: string | undefined
  /** Whether `baseUrl` may be plain http, which removes the `Secure` attribute from cookies. */
  readonly loopback: boolean
}

export interface SignInApp extends AppDefinition {
  /** Grant types that its metadata document lists; absent: all */
  readonly grantTypes?: readonly string[] | undefined
}

export interface Apps {
  /** From memory, always current */
  find(clientId: string): SignInApp | undefined
  /**
   * Awaited at the start of each request of an app, if some apps publish their own metadata
   *
   * @returns false if the metadata cannot be read now
   */
  load?(clientId: string): Promise<boolean>
  /** Whether an administrator registered the app; if absent, all apps are registered */
  isRegistered?(clientId: string): boolean
}

/** What an ended trial had left in the browser. */
export interface EndedTrial {
  /** `Set-Cookie` headers that remove it from the browser */
  readonly cookies: readonly string[]
  /** The user signed in by the trial; undefined if there was none */
  readonly userId?: string
}

/** A session that ended: by its user, here or at the identity provider where it began, or by an app. */
export interface EndedSession {
  readonly userId: string
  /** Its name in decision records; undefined: all sessions of the user */
  readonly session?: string
  /**
   * Affects what was issued up to this time, in epoch seconds, or for an ID token of another provider that was. Undefined:
   * everything until now
   */
  readonly issuedUntil?: number
  /** Set if it ended only for this app */
  readonly clientId?: string
  /** Whether sign-ins at authorization servers end too, as for a user whose account was disabled */
  readonly everywhere?: boolean
  /** Whether that app ended it, and not the user: by revoking a refresh token, or by using one twice */
  readonly byApp?: boolean
}

/** The end of a session as servers elsewhere learn of it */
export interface SessionEnd {
  readonly userId: string
  /** `initiating_entity` of CAEP: the user signed out, or an app gave up its tokens or lost them to a thief */
  readonly initiator: 'user' | 'system'
  /** Set if it ended only for this app */
  readonly clientId?: string
}

/** A client secret sent by a caller. */
export interface PresentedSecret {
  readonly clientId: string
  readonly secret: string
  /** Address of the caller, if known */
  readonly ip: string | undefined
}

export interface SignInPorts {
  readonly store: SignInStore
  readonly users: Users
  readonly passwordHashes: PasswordHashes
  readonly secondFactors: SecondFactors
  readonly upstreams?: Upstreams | undefined
  /** Counts failed sign-ins across all processes of one database; if absent, each process counts its own */
  readonly failedSignIns?: SharedAttempts | undefined
  /** For the secrets of second factors, and the keys that failed sign-ins are counted by. */
  readonly sealing: Pick<Sealing, 'seal' | 'open' | 'keyedDigest'>
  readonly apps: Apps
  /** Whether the user or the app is currently blocked */
  isBlocked(userId: string, clientId: string): boolean
  /** Constant time */
  verifySecret(presented: PresentedSecret): SecretVerdict
  /**
   * Keys for ID tokens and logout tokens: the default algorithm first, and within each algorithm the signing key before
   * keys that only verify.
   */
  signingKeys(): readonly SigningKey[]
  /** Resolves once this process has the current keys; absent if no other process changes them */
  untilNewest?(): Promise<void>
  /**
   * For ID tokens, events, single use and delays. The lifetimes of codes, sessions and refresh tokens follow the system
   * clock, which the library reads itself.
   */
  readonly clock: Clock
  /** @returns false if it was already used, in any process; durable when the promise resolves */
  useOnce(replayKey: ReplayKey): Promise<boolean>
  /** Events that report the end of a session, written in the same transaction; none if absent */
  ofSessionEnd?(ended: SessionEnd): Promise<readonly OutgoingSecurityEvent[]>
  /** Revokes what was issued in this session; called before it ends, and again once its end is recorded */
  revokeSession?(ended: EndedSession): Promise<void>
  /** Resolves when the event is durable. */
  record(event: AuditEvent): Promise<void>
  /** Reports a defect or failed I/O behind a 500 response; the user sees `reference`. */
  reportFault(fault: unknown, reference: string): void
  /** For the pages where users see their own access; while it returns undefined, there are none */
  ownAccess?(): OwnAccess | undefined
  /** The admin console and its allowed users; if absent, there is no console */
  readonly adminConsole?: AdminConsole | undefined
  /**
   * For fetching keys of apps (`jwksUri`) and back-channel logout; default: the library's guard against private
   * addresses.
   */
  readonly fetch?: typeof globalThis.fetch
}

/** The current state behind an ID token. */
export interface SignInSession {
  readonly userId: string
  /** The app that got this `sid`; an ID token of another app does not belong to it. */
  readonly clientId: string
  /** Time of the latest authentication; an older ID token keeps its own `auth_time`. */
  readonly authTime: EpochSeconds
  readonly acr?: string
  readonly amr?: readonly string[]
  /** When it ends at the latest, if the identity provider where the user signed in stated it */
  readonly endsAt?: EpochSeconds
}

/** An active refresh token; reading it does not consume it. */
export interface RefreshTokenState extends Omit<SignInSession, 'clientId' | 'authTime'> {
  /** Time of the original authentication, whatever the number of rotations. */
  readonly authTime: EpochSeconds
  readonly sid?: string
  readonly scope: string
  /** The caller must have proved possession of this key (RFC 9449 section 5). */
  readonly dpopThumbprint?: string
}

/**
 * Why a refresh token is not active.
 *
 * `unknown` includes tokens removed by revocation, sign-out or reuse detection, of which nothing is kept. `revoked` is
 * a token whose grant was removed, or whose user is inactive or no longer assigned to the app.
 */
export type RefreshTokenRefusal = 'unknown' | 'expired' | 'revoked' | 'rotated' | 'other-client'

/** What has to be written for a response of the token endpoint, before it leaves. */
export interface Issuance extends SignInRecords {
  /** Of the code or refresh token that the request used */
  readonly replayKeys: readonly ReplayKey[]
  /** The user that the tokens identify */
  readonly userId?: string
  /** Of the code or refresh token; revoked if that was already used */
  readonly family?: TokenFamily
}

/** The codes and tokens of one authorization of an app, which stay valid while its grant does. */
export interface TokenFamily {
  readonly grantId: string
  readonly userId: string
  readonly clientId: string
  /** The `sid` of its ID tokens */
  readonly sid?: string
}

/** A refresh token for a sign-in at another provider. */
export interface NewRefreshToken {
  readonly userId: string
  readonly clientId: string
  readonly scope: readonly string[]
  readonly authTime: EpochSeconds
  readonly acr?: string | undefined
  /** When it ends, even if rotated; default: the provider's own rules. */
  readonly endsInSeconds?: number | undefined
  /** Binds it to this key (RFC 9449 section 5). */
  readonly dpopThumbprint?: string | undefined
}

export interface SignIn {
  /**
   * Serves all provider endpoints except metadata, JWKS and token: authorization, PAR, userinfo, introspection,
   * revocation, end of session, and the pages. Unknown paths return 404.
   *
   * @param ip - client address, for the audit log
   */
  fetch(request: Request, ip?: string): Promise<Response>
  /**
   * Serves the token endpoint (authorization code, refresh token), and writes nothing for tokens that it issues: the
   * caller does, before the response leaves. Revocations of reused codes and tokens are durable.
   */
  fetchTokens(
    request: Request,
    ip?: string,
  ): Promise<{ readonly response: Response; readonly issuance: Issuance }>
  /**
   * Revokes the family of a code or refresh token that was used twice, and what its ID tokens were exchanged for; complete
   * when the promise resolves.
   */
  revokeFamily(family: TokenFamily): Promise<void>
  /** Whether browsers request this path for a user; all other paths are for programs. */
  isPage(path: string): boolean
  /**
   * Finds the session behind the `sid` of an ID token. A session that merely expired is still found while its grant
   * with `offline_access` is active, so that ID tokens from a refresh stay usable.
   *
   * @returns undefined if the user signed out (of the app or altogether), the grant was revoked, it never existed, or
   *   the user is inactive. Does not check whether the user is still assigned to the app
   */
  findSession(sid: string): Promise<SignInSession | undefined>
  /**
   * Judges a refresh token as the subject of a token exchange, without consuming it. A rotated token revokes its
   * family, because it was stolen or is being replayed (RFC 9700 section 4.14.2).
   */
  findRefreshToken(value: string, clientId: string): Promise<Result<RefreshTokenState, RefreshTokenRefusal>>
  /**
   * Creates a refresh token with its own grant; durable when the promise resolves. The caller has decided that the user
   * and the app may have it.
   */
  issueRefreshToken(wanted: NewRefreshToken): Promise<string>
  /** Ends all sessions and grants of a user, including refresh tokens; complete when the promise resolves. */
  endSessionsOfUser(userId: string): Promise<void>
  /**
   * Ends the session of a trial (see `trialRedirectUri`) in the browser of this request, with all its codes and tokens;
   * complete when the promise resolves. Sends no events, because other sessions of the user continue.
   *
   * @param ip - client address, for the audit log
   */
  endTrial(request: Request, ip: string | undefined): Promise<EndedTrial>
  /** The OpenID Connect Discovery members for what `fetch` serves, including `issuer` and `jwks_uri`. */
  metadata(): Promise<Readonly<Record<string, unknown>>>
  /** Number of failed sign-ins with unknown names, which are not stored. */
  unknownUserAttempts(): number
}
