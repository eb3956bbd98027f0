// What a handler knows of a request beyond its validated parameters: who asks, why, and under which condition.
import type { ReplyTo, RequestTo, Role, RouteName } from '@crosswalk/admin-api'

import type { Problem } from './problem.ts'

/** The id of callers with the token of the configuration file, and of console sessions begun with it. */
export const FILE_TOKEN = 'admin'

export interface Caller {
  /** `FILE_TOKEN`, the id of a scoped token, or the id of a user who signed in */
  readonly id: string
  readonly role: Role
  /** The apps a scoped role is about; undefined: all */
  readonly apps?: readonly string[]
  /** By the token of the configuration file, or a session begun with it. The id does not tell: a user may have the same. */
  readonly hasFileToken?: true
  /** Who made a scoped token, or made the token that made it; absent where the caller stands for themselves */
  readonly principal?: string
  /** Names the session of the console; undefined for bearer tokens */
  readonly session?: string
  /** Highest role of users it may change, where that is not its own role: of a directory that provisions users */
  readonly ceiling?: Role | 'none'
  /** A user about themselves, on the pages of the IdP */
  readonly self?: true
}

/** Who is behind a request: a decision through a token counts as made by its owner. */
export function principalOf({ id, principal = id }: Pick<Caller, 'id' | 'principal'>): string {
  return principal
}

/** By whom a change is made, and why, as it is kept with the change. */
export function byWhom({ caller, reason }: Pick<AdminContext, 'caller' | 'reason'>) {
  return { by: principalOf(caller), ...(reason === undefined ? {} : { reason }) }
}

export interface AdminContext {
  readonly caller: Caller
  /** From the body of an act, or from `Crosswalk-Reason` */
  readonly reason: string | undefined
  /** The `If-Match` header, which a route with `conditional: 'change'` always has here */
  readonly ifMatch: string | undefined
  readonly headers: Headers
  readonly ip: string | undefined
  /** It takes access away, or its time has come: no policy test holds it up */
  readonly stops?: true
  /** Aborted when no one waits for the answer any more; absent where it is no answer to a request */
  readonly signal?: AbortSignal
}

/** For what happens by itself when its time has come, whatever else depends on it. */
export function systemContext(reason: string): AdminContext {
  return {
    caller: { id: 'system', role: 'owner' },
    reason,
    ifMatch: undefined,
    headers: new Headers(),
    ip: undefined,
    stops: true,
  }
}

export type Handler<N extends RouteName> = (
  request: RequestTo<N>,
  context: AdminContext,
) => Promise<ReplyTo<N> | Problem | Response>

/** One handler for every route of the table, checked when compiled. */
export type Handlers = { readonly [N in RouteName]: Handler<N> }
