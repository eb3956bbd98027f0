// What a route is, as data: enough to check a handler at compile time, to validate requests, to describe the route in
// OpenAPI, and to call it. Decides nothing about what a route does.
import type { z } from 'zod'

import type { Role } from './roles.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Reply {
  readonly description: string
  /** Absent: the answer has no body */
  readonly body?: z.ZodType
  /** Of the body; `application/json` unless given */
  readonly contentType?: string
}

export interface Route {
  readonly method: Method
  /** Below `/admin/api/v1`, parameters in braces: `/connections/{id}` */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** Who may call it; empty: anyone, without a token */
  readonly roles: readonly Role[]
  readonly params?: z.ZodObject | undefined
  readonly query?: z.ZodObject | undefined
  readonly body?: z.ZodType | undefined
  /** The body is an object as it is shown: what is only shown is ignored, and the id may be left out */
  readonly object?: { readonly ignored: readonly string[]; readonly idPrefix: string }
  /** Longest body taken; 1 MiB unless given */
  readonly bodyBytes?: number
  /** true: a request without body is taken as `{}` */
  readonly bodyOptional?: boolean
  /**
   * `read`: the answer has an `ETag`; `change`: `If-Match` is needed too (428 without, 412 when stale); `act`: `If-Match`
   * is heeded where it is sent (412 when stale)
   */
  readonly conditional?: 'read' | 'change' | 'act'
  /** true: the answer has an `ETag` although nothing is conditional, as when an object is created */
  readonly etag?: boolean
  /** true: `Crosswalk-Reason` says why; other changes take `reason` in the body */
  readonly reasonHeader?: boolean
  readonly replies: Readonly<Record<number, Reply>>
  /** Statuses of refusals beyond those every route has (400, 401, 403, 500) */
  readonly problems?: readonly number[]
}

export type RouteTable = Readonly<Record<string, Route>>

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined
type Sent<S> = S extends z.ZodType ? z.input<S> : undefined

/** A request to a route after validation. */
export interface RequestOf<R extends Route> {
  readonly params: Parsed<R['params']>
  readonly query: Parsed<R['query']>
  readonly body: Parsed<R['body']>
}

/** What a handler answers; the body is what the schema of that status describes. */
export type ReplyOf<R extends Route> = {
  [S in keyof R['replies'] & number]: {
    readonly status: S
    readonly headers?: Readonly<Record<string, string>>
  } & (R['replies'][S] extends { readonly body: infer B extends z.ZodType }
    ? { readonly body: z.output<B> }
    : { readonly body?: undefined })
}[keyof R['replies'] & number]

/** The members of a call that a route needs, and no others. */
export type CallOf<R extends Route> = (R['params'] extends z.ZodType
  ? { readonly params: Sent<R['params']> }
  : unknown) &
  (R['query'] extends z.ZodType ? { readonly query?: Sent<R['query']> } : unknown) &
  (R['body'] extends z.ZodType ? { readonly body: Sent<R['body']> } : unknown) &
  (R['conditional'] extends 'change' ? { readonly ifMatch: string } : unknown) &
  (R['conditional'] extends 'act' ? { readonly ifMatch?: string } : unknown)

/** The body of a successful answer. */
export type AnswerOf<R extends Route> = {
  [S in keyof R['replies'] & number]: R['replies'][S] extends { readonly body: infer B extends z.ZodType }
    ? z.output<B>
    : undefined
}[keyof R['replies'] & number]

type Untagged = Omit<Route, 'tag'> & { readonly tag?: string }

/**
 * @param tag - of routes that have none of their own
 * @returns the table with its literal types: `defineRoutes('keys', { 'keys.list': { … } })`
 */
export function defineRoutes<const T extends Readonly<Record<string, Untagged>>>(
  tag: string,
  table: T,
): { readonly [N in keyof T]: T[N] & { readonly tag: string } } {
  const entries = Object.entries(table).map(([name, route]) => [name, { tag, ...route }])
  return Object.fromEntries(entries) as { readonly [N in keyof T]: T[N] & { readonly tag: string } }
}

/** Whether its answers name the version of what they show. */
export function hasEtag({ conditional, etag }: Route): boolean {
  return conditional === 'read' || conditional === 'change' || etag === true
}
