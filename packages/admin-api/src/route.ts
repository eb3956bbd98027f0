// A route as data: enough to type-check a handler, validate requests, describe the route in OpenAPI, and call it. Does
// not determine what a route does.
import type { z } from 'zod'

import type { Role } from './roles.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Reply {
  readonly description: string
  /** Absent if the response has no body */
  readonly body?: z.ZodType
  /** Of the body; `application/json` by default */
  readonly contentType?: string
}

export interface Route {
  readonly method: Method
  /** Relative to `/admin/api/v1`, with parameters in braces: `/connections/{id}` */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** Roles that may call it; empty if no token is needed */
  readonly roles: readonly Role[]
  readonly params?: z.ZodObject | undefined
  readonly query?: z.ZodObject | undefined
  readonly body?: z.ZodType | undefined
  /** The body is an object as shown: read-only members are ignored, and the id may be omitted */
  readonly object?: { readonly ignored: readonly string[]; readonly idPrefix: string }
  /** Maximum body size; 1 MiB by default */
  readonly bodyBytes?: number
  /** true: a request without a body is treated as `{}` */
  readonly bodyOptional?: boolean
  /**
   * `read`: the response has an `ETag`; `change`: `If-Match` is required too (428 if missing, 412 if stale); `act`:
   * `If-Match` is checked if sent (412 if stale)
   */
  readonly conditional?: 'read' | 'change' | 'act'
  /** true: the response has an `ETag` although nothing is conditional, such as when an object is created */
  readonly etag?: boolean
  /** true: the reason is in `Crosswalk-Reason`; other changes have `reason` in the body */
  readonly reasonHeader?: boolean
  /** true: requests with the same `Idempotency-Key` create one thing */
  readonly idempotent?: boolean
  readonly replies: Readonly<Record<number, Reply>>
  /** Error statuses in addition to those of every route (400, 401, 403, 500) */
  readonly problems?: readonly number[]
}

export type RouteTable = Readonly<Record<string, Route>>

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined
type Sent<S> = S extends z.ZodType ? z.input<S> : undefined

/** A validated request to a route. */
export interface RequestOf<R extends Route> {
  readonly params: Parsed<R['params']>
  readonly query: Parsed<R['query']>
  readonly body: Parsed<R['body']>
}

/** The response of a handler; the schema of its status describes the body. */
export type ReplyOf<R extends Route> = {
  [S in keyof R['replies'] & number]: {
    readonly status: S
    readonly headers?: Readonly<Record<string, string>>
  } & (R['replies'][S] extends { readonly body: infer B extends z.ZodType }
    ? { readonly body: z.output<B> }
    : { readonly body?: undefined })
}[keyof R['replies'] & number]

/** Exactly the members of a call that a route needs. */
export type CallOf<R extends Route> = (R['params'] extends z.ZodType
  ? { readonly params: Sent<R['params']> }
  : unknown) &
  (R['query'] extends z.ZodType ? { readonly query?: Sent<R['query']> } : unknown) &
  (R['body'] extends z.ZodType ? { readonly body: Sent<R['body']> } : unknown) &
  (R['conditional'] extends 'change' ? { readonly ifMatch: string } : unknown) &
  (R['conditional'] extends 'act' ? { readonly ifMatch?: string } : unknown)

/** The body of a successful response. */
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

/** Whether its responses contain the version of what they show. */
export function hasEtag({ conditional, etag }: Route): boolean {
  return conditional === 'read' || conditional === 'change' || etag === true
}
