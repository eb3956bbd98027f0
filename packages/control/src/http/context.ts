// Who asks for a change and why, and the condition that must hold. Use cases know no more of a request; its handler also
// has the headers.
import type { ReplyTo, RequestTo, Role, RouteName } from '@crosswalk/admin-api'

import type { RoleCeiling } from '../config-file/provider-schema.ts'
import type { Problem } from './problem.ts'

/** The id of callers with the token from the configuration file, and of console sessions started with it. */
export const FILE_TOKEN = 'admin'

export interface Caller {
  /** `FILE_TOKEN`, the id of a scoped token, or the id of a user who signed in */
  readonly id: string
  readonly role: Role
  /** The apps a scoped role covers; undefined means all */
  readonly apps?: readonly string[]
  /**
   * Set for the token from the configuration file and its console sessions. The id is not enough: a user may have the
   * same.
   */
  readonly hasFileToken?: true
  /**
   * The user who created a scoped token, directly or through another token; absent if the caller acts for themselves
   */
  readonly principal?: string
  /** Id of the console session; undefined for bearer tokens */
  readonly session?: string
  /** Highest role of users it may change, if it differs from its own role: for directories that provision users */
  readonly ceiling?: RoleCeiling
  /** A user acting for themselves, on the pages of the IdP */
  readonly self?: true
  /** The server itself, for work that is due */
  readonly system?: true
}

/** The user behind a request: a decision through a token counts as its owner's. */
export function principalOf({ id, principal = id }: Pick<Caller, 'id' | 'principal'>): string {
  return principal
}

/** Who makes a change and why, as stored with the change. */
export function authorOf({ caller, reason }: Pick<AdminContext, 'caller' | 'reason'>) {
  return { by: principalOf(caller), ...(reason === undefined ? {} : { reason }) }
}

export interface AdminContext {
  readonly caller: Caller
  /** From the body of an act, or from `Crosswalk-Reason` */
  readonly reason: string | undefined
  /** The `If-Match` header; always set for routes with `conditional: 'change'` */
  readonly ifMatch: string | undefined
  readonly ip: string | undefined
  readonly userAgent?: string | undefined
  /** Repeating a request with the same key finds what the first one created */
  readonly idempotencyKey?: string | undefined
  /** Asks to save although policy tests would fail */
  readonly overridesTests?: boolean
  /** Set for changes that end access or are due: policy tests do not hold them up */
  readonly stops?: true
  /** Aborted when the client disconnects; absent outside of requests */
  readonly signal?: AbortSignal
}

/** For changes that the system makes when they are due, whatever depends on them. */
export function systemContext(reason: string, id = 'system'): AdminContext {
  return {
    caller: { id, role: 'owner', system: true },
    reason,
    ifMatch: undefined,
    ip: undefined,
    stops: true,
  }
}

/** Of a request over HTTP. */
export interface HandlerContext extends AdminContext {
  readonly headers: Headers
}

export type Handler<N extends RouteName> = (
  request: RequestTo<N>,
  context: HandlerContext,
) => Promise<ReplyTo<N> | Problem | Response>

/** One handler for every route of the table, checked at compile time. */
export type Handlers = { readonly [N in RouteName]: Handler<N> }
