// The SDK's options, set once at start and validated there, with all problems reported together.
import type { ClientAuth } from './client-auth.ts'
import type { LegEvent } from './leg-event.ts'

/** The identity provider: its issuer, or issuer and endpoints if its metadata is incomplete. */
export interface IdpOptions {
  /** Issuer identifier, byte for byte */
  readonly issuer: string
  /** Skips discovery */
  readonly tokenEndpoint?: string
}

/** The app's registration at the authorization server of a resource. */
export interface ResourceRegistration {
  /** The app's client_id there, usually different from the one at the identity provider */
  readonly clientId: string
  readonly auth: ClientAuth
  /** Skips discovery of this server */
  readonly tokenEndpoint?: string
  /** Also sends `scope` in the redemption; default false, since some servers refuse it (CLI-13) */
  readonly sendScope?: boolean
  /** The server accepts an ID-JAG several times until it expires; default false (CLI-16) */
  readonly reusesIdJag?: boolean
}

export interface XaaOptions {
  /** The identity provider: fixed here, never taken from a resource's metadata (CLI-22) */
  readonly idp: string | IdpOptions
  /** The app's registration at the identity provider */
  readonly client: { readonly id: string; readonly auth: ClientAuth }
  /**
   * Registrations by issuer of the resource's authorization server. If set, no other server is used. If not, the
   * client's own id and private key are used at every server, but never a secret.
   */
  readonly resources?: Readonly<Record<string, ResourceRegistration>>
  /**
   * Binds grants and tokens to one key per session (RFC 9449); default false. Responses that drop the binding are
   * refused.
   */
  readonly dpop?: boolean
  /**
   * How long before its expiry a token counts as expired, in seconds, 0 to 300; default 30, at most half its lifetime
   */
  readonly clockSkewSeconds?: number
  /** Timeout of each request to a server except the resource, in milliseconds, 1 to 120 000; default 10 000 */
  readonly timeoutMs?: number
  /**
   * Maximum number of sessions whose tokens are kept in memory, 1 to 1 000 000; default 10 000, least recently used
   * evicted first
   */
  readonly maxSessions?: number
  /** Called after each HTTP exchange, without tokens; its errors are ignored */
  readonly onLeg?: (event: LegEvent) => void
  /** Default: the global `fetch` */
  readonly fetch?: (url: string, init?: RequestInit) => Promise<Response>
  /** The clock, epoch milliseconds; default: `Date.now` */
  readonly nowMs?: () => number
  /** Waits before the single retry after 429 and 5xx; default: a timer */
  readonly sleepMs?: (ms: number) => Promise<void>
}

export interface AccessOptions {
  /** Scopes to request, as text or list; default: what the organisation grants */
  readonly scope?: string | readonly string[]
  /** The resource identifier, if it differs from the base URL of requests */
  readonly resource?: string
  /** The issuer of the resource's authorization server; skips the resource's metadata */
  readonly authorizationServer?: string
}
