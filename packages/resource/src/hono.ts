// The adapter for Hono.
import type { MiddlewareHandler } from 'hono'

import { checkRequirement } from './check-requirement.ts'
import { type Requirement, type Resource, toResponse } from './create-resource.ts'
import { asResource } from './fetch.ts'
import { holdToToken } from './hold-to-token.ts'
import type { ResourceOptions } from './options.ts'
import { hasToken } from './read-credentials.ts'
import { challengeResponse } from './session-challenge.ts'
import type { Xaa } from './xaa-context.ts'

/** What `protect` adds to the context: `c.get('xaa')`. */
export interface XaaEnv {
  Variables: { xaa: Xaa; xaaResource: Resource | 'otherwise' }
}

/** Serves the metadata of a resource: mount it on the whole app, since the metadata is outside the API's path. */
export function metadata(resource: Resource | ResourceOptions): MiddlewareHandler {
  const guard = asResource(resource)
  return async (c, next) => {
    const found = guard.findMetadata(c.req.raw)
    if (found === undefined) return await next()
    return toResponse(found)
  }
}

/** For `protect` and `guard`. */
export interface GuardOptions {
  /**
   * Handles requests without an access token instead of a 401: the middleware that signs in your own users, by session
   * or API key. It must refuse unknown users; its 401 gets the challenge for agents. An invalid token is always
   * refused.
   */
  readonly otherwise?: MiddlewareHandler
}

/**
 * Accepts only requests with a valid access token; also serves the metadata if mounted above it. An event stream ends
 * with its token.
 */
export function protect(
  resource: Resource | ResourceOptions,
  { otherwise }: GuardOptions = {},
): MiddlewareHandler<XaaEnv> {
  const guard = asResource(resource)
  return async (c, next) => {
    const found = guard.findMetadata(c.req.raw)
    if (found !== undefined) return toResponse(found)
    if (otherwise !== undefined && !hasToken(c.req.raw)) {
      c.set('xaaResource', 'otherwise')
      const response = await otherwise(c, next)
      if (response instanceof Response) return challengeResponse(guard, response)
      const challenged = challengeResponse(guard, c.res)
      if (challenged !== c.res) c.res = challenged
      return
    }
    const verified = await guard.verify(c.req.raw)
    if (!verified.accepted) return guard.challenge(verified.refusal)
    c.set('xaa', verified.value)
    c.set('xaaResource', guard)
    await next()
    const held = holdToToken(c.res, { isLive: () => guard.mayContinue(c.req.raw, verified.value) })
    if (held !== c.res) c.res = held
    return undefined
  }
}

/**
 * For the whole app, in one line: serves the metadata, protects requests at or below the path of the resource, and
 * leaves the rest of the app alone.
 */
export function guard(
  resource: Resource | ResourceOptions,
  options: GuardOptions = {},
): MiddlewareHandler<XaaEnv> {
  const api = asResource(resource)
  const check = protect(api, options)
  const serve = metadata(api)
  return async (c, next) => await (api.covers(c.req.path) ? check(c, next) : serve(c, next))
}

/** After `protect` or `guard`: accepts only tokens with all of these scopes. Requests that `otherwise` handled pass. */
export function scope(...scopes: readonly string[]): MiddlewareHandler<XaaEnv> {
  return requires({ scope: scopes })
}

/** Like `scope`, for anything that an operation requires, such as a stronger or more recent sign-in (RFC 9470). */
export function requires(requirement: Requirement): MiddlewareHandler<XaaEnv> {
  checkRequirement(requirement)
  return async (c, next) => {
    const guard: Resource | 'otherwise' | undefined = c.get('xaaResource')
    if (guard === undefined) throw new Error('scope() and requires() need protect() or guard() before them')
    if (guard === 'otherwise') return await next()
    const checked = guard.check(c.get('xaa'), requirement)
    if (!checked.accepted) return guard.challenge(checked.refusal)
    return await next()
  }
}
