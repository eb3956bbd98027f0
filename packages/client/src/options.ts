// What an app tells the SDK once, at start; checked there, all problems at once.
import type { ClientAuth } from './client-auth.ts'
import type { LegEvent } from './leg-event.ts'

/** The identity provider: its issuer, or that and endpoints for one whose metadata is poor. */
export interface IdpOptions {
  /** Issuer identifier, byte for byte */
  readonly issuer: string
  /** Skips discovery */
  readonly tokenEndpoint?: string
}

/** The app's registration at the authorization server of a resource. */
export interface ResourceRegistration {
  /** The app's client_id there, usually another than at the identity provider */
  readonly clientId: string
  readonly auth: ClientAuth
  /** Skips discovery of this server */
  readonly tokenEndpoint?: string
  /** Sends `scope` when redeeming as well; default false, since some servers refuse it (CLI-13) */
  readonly sendScope?: boolean
  /** The server takes one ID-JAG several times until it expires; default false (CLI-16) */
  readonly reusesIdJag?: boolean
}

export interface XaaOptions {
  /** The identity provider: fixed here, never taken from what a resource announces (CLI-22) */
  readonly idp: string | IdpOptions
  /** The app's registration at the identity provider */
  readonly client: { readonly id: string; readonly auth: ClientAuth }
  /**
   * Registrations by issuer of the resource's authorization server. Where given, no other server is spoken to.
   * Left out, the client's own id and private key are used at every server; a secret never is.
   */
  readonly resources?: Readonly<Record<string, ResourceRegistration>>
  /** Binds grants and tokens to a key per session (RFC 9449); default false. A server that drops the binding is refused. */
  readonly dpop?: boolean
  /** How long before its expiry a token counts as expired, in seconds, 0 to 300; default 30, at most half its lifetime */
  readonly clockSkewSeconds?: number
  /** For each request to a server except the resource, in milliseconds, 1 to 120 000; default 10 000 */
  readonly timeoutMs?: number
  /** How many sessions keep their tokens in memory, 1 to 1 000 000; default 10 000, the longest unused go first */
  readonly maxSessions?: number
  /** Called after each HTTP exchange, without tokens; what it throws is ignored */
  readonly onLeg?: (event: LegEvent) => void
  /** Default: the global `fetch` */
  readonly fetch?: (url: string, init?: RequestInit) => Promise<Response>
  /** The clock, epoch milliseconds; default: `Date.now` */
  readonly nowMs?: () => number
  /** Waits before the one retry after 429 and 5xx; default: a timer */
  readonly sleepMs?: (ms: number) => Promise<void>
}

export interface AccessOptions {
  /** Scopes to ask for, as text or list; default: what the organisation gives */
  readonly scope?: string | readonly string[]
  /** The resource identifier, where it differs from the URL that requests start with */
  readonly resource?: string
  /** The issuer of the resource's authorization server; skips the resource's metadata */
  readonly authorizationServer?: string
}
