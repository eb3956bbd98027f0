// The adapter for Express, Connect and anything else that calls `(req, res, next)`. Typed by shape: needs no package.
import { checkRequirement } from './check-requirement.ts'
import type { Requirement, Resource } from './create-resource.ts'
import { asResource } from './fetch.ts'
import type { ResourceOptions } from './options.ts'
import { hasToken, readNodeHead, type RequestHead } from './read-credentials.ts'
import { challengeWhenWritten, type HeadWriter } from './session-challenge.ts'
import type { RefusalAnswer } from './token-refusal.ts'
import type { Xaa } from './xaa-context.ts'

export { xaaOf } from './xaa-context.ts'

declare global {
  // Express reads extensions of its request type from here.
  namespace Express {
    interface Request {
      /** The verified caller; absent without `protect` or `guard`, or if `otherwise` handled the request */
      xaa?: Xaa
    }
  }
}

/** The parts of a request that are used here. */
export interface ExpressRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Set by Express when a router strips the mount path from `url` */
  readonly originalUrl?: string
  /** The stripped mount path */
  readonly baseUrl?: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** The parts of a response that are used here. */
export interface ExpressResponse {
  statusCode: number
  setHeader(name: string, value: string): unknown
  getHeader?(name: string): unknown
  writeHead?: HeadWriter['writeHead']
  end(body?: string): unknown
}

export type ExpressMiddleware = (
  req: ExpressRequest,
  res: ExpressResponse,
  next: (error?: unknown) => void,
) => void

const guards = new WeakMap<object, { readonly xaa: Xaa; readonly guard: Resource } | 'otherwise'>()

/** Serves the metadata of a resource: use it on the whole app, since the metadata is outside the API's path. */
export function metadata(resource: Resource | ResourceOptions): ExpressMiddleware {
  const guard = asResource(resource)
  return (req, res, next) => {
    const found = guard.findMetadata(readHead(req, guard))
    if (found === undefined) next()
    else answer(res, found)
  }
}

/** For `protect` and `guard`. */
export interface GuardOptions {
  /**
   * Handles requests without an access token instead of a 401: the middleware that signs in your own users, by session
   * or API key. It must refuse unknown users; its 401 gets the challenge for agents. An invalid token is always
   * refused.
   */
  otherwise?(req: ExpressRequest, res: ExpressResponse, next: (error?: unknown) => void): unknown
}

/** Accepts only requests with a valid access token; the caller is available through `xaaOf(req)`. */
export function protect(resource: Resource | ResourceOptions, options: GuardOptions = {}): ExpressMiddleware {
  const guard = asResource(resource)
  return (req, res, next) => {
    const head = readHead(req, guard)
    const found = guard.findMetadata(head)
    if (found !== undefined) {
      answer(res, found)
      return
    }
    if (options.otherwise !== undefined && !hasToken(head)) {
      guards.set(req, 'otherwise')
      challengeWhenWritten(guard, res)
      Promise.resolve(options.otherwise(req, res, next)).catch(next)
      return
    }
    guard.verify(head).then((verified) => {
      if (!verified.accepted) {
        answer(res, guard.renderRefusal(verified.refusal))
        return
      }
      Object.assign(req, { xaa: verified.value })
      guards.set(req, { xaa: verified.value, guard })
      next()
    }, next)
  }
}

/**
 * For the whole app, in one line: serves the metadata, protects requests at or below the path of the resource, and
 * leaves the rest of the app alone.
 */
export function guard(resource: Resource | ResourceOptions, options: GuardOptions = {}): ExpressMiddleware {
  const api = asResource(resource)
  const check = protect(api, options)
  const serve = metadata(api)
  return (req, res, next) => {
    const { url = '/', originalUrl = url, baseUrl = '' } = req
    // Routing follows `url`, which middleware may have rewritten.
    const targets = [originalUrl, `${baseUrl}${url}`]
    if (targets.some((target) => api.covers(target))) check(req, res, next)
    else serve(req, res, next)
  }
}

/** After `protect` or `guard`: accepts only tokens with all of these scopes. Requests that `otherwise` handled pass. */
export function scope(...scopes: readonly string[]): ExpressMiddleware {
  return requires({ scope: scopes })
}

/** Like `scope`, for anything that an operation requires, such as a stronger or more recent sign-in (RFC 9470). */
export function requires(requirement: Requirement): ExpressMiddleware {
  checkRequirement(requirement)
  return (req, res, next) => {
    const known = guards.get(req)
    if (known === undefined) {
      next(new Error('scope() and requires() need protect() or guard() before them'))
      return
    }
    if (known === 'otherwise') {
      next()
      return
    }
    const checked = known.guard.check(known.xaa, requirement)
    if (checked.accepted) next()
    else answer(res, known.guard.renderRefusal(checked.refusal))
  }
}

function readHead(req: ExpressRequest, guard: Resource): RequestHead {
  const { method = 'GET', url = '/', originalUrl = url, headers } = req
  return readNodeHead({ method, url: originalUrl, headers }, guard.resource)
}

function answer(res: ExpressResponse, { status, headers, body }: RefusalAnswer): void {
  res.statusCode = status
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
  res.end(body === '' ? undefined : body)
}
