// What a handler knows of a request beyond its validated parameters: who asks, why, and under which condition.
import type { ReplyTo, RequestTo, Role, RouteName } from '@crosswalk/admin-api'

import type { Problem } from './problem.ts'

export interface Caller {
  /** `admin` for the token of the configuration file, else the id of a scoped token */
  readonly id: string
  readonly role: Role
  /** The apps a scoped role is about; undefined: all */
  readonly apps?: readonly string[]
  /** Names the session of the console; undefined for bearer tokens */
  readonly session?: string
  /** Somebody about themselves, on the pages of the IdP */
  readonly self?: true
}

export interface AdminContext {
  readonly caller: Caller
  /** From the body of an act, or from `Crosswalk-Reason` */
  readonly reason: string | undefined
  /** The `If-Match` header, which a route with `conditional: 'change'` always has here */
  readonly ifMatch: string | undefined
  readonly headers: Headers
  readonly ip: string | undefined
}

/** For what happens by itself when its time has come, whatever else depends on it. */
export function systemContext(reason: string): AdminContext {
  return {
    caller: { id: 'system', role: 'owner' },
    reason,
    ifMatch: undefined,
    headers: new Headers({ 'crosswalk-override': 'policy-tests' }),
    ip: undefined,
  }
}

export type Handler<N extends RouteName> = (
  request: RequestTo<N>,
  context: AdminContext,
) => Promise<ReplyTo<N> | Problem | Response>

/** One handler for every route of the table, checked when compiled. */
export type Handlers = { readonly [N in RouteName]: Handler<N> }
