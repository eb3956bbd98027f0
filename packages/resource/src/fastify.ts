// The adapter for Fastify: hooks for `onRequest`, so that no body of an unknown caller is parsed.
import { splitUrl } from '@crosswalk/protocol'
import type { onRequestHookHandler } from 'fastify'

import type { Resource } from './create-resource.ts'
import { asResource } from './fetch.ts'
import { isBelow } from './is-below.ts'
import type { ResourceOptions } from './options.ts'
import type { RequestHead } from './read-credentials.ts'
import type { RefusalAnswer } from './token-refusal.ts'
import type { Xaa } from './xaa-context.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The verified caller, behind `protect` */
    xaa: Xaa
  }
}

type Request = Parameters<onRequestHookHandler>[0]
type Reply = Parameters<onRequestHookHandler>[1]

const guards = new WeakMap<object, Resource>()

/** Serves the metadata of a resource: a hook of the whole app, since the metadata lies beside the API's path. */
export function metadata(resource: Resource | ResourceOptions): onRequestHookHandler {
  const guard = asResource(resource)
  return (request, reply, done) => {
    const found = guard.findMetadata(readHead(request, guard))
    if (found === undefined) done()
    else answer(reply, found)
  }
}

/** Lets only requests with a valid access token through, with the caller in `request.xaa`; serves the metadata, too. */
export function protect(resource: Resource | ResourceOptions): onRequestHookHandler {
  const guard = asResource(resource)
  return (request, reply, done) => {
    const head = readHead(request, guard)
    const found = guard.findMetadata(head)
    if (found !== undefined) {
      answer(reply, found)
      return
    }
    guard.verify(head).then((verified) => {
      if (!verified.accepted) {
        answer(reply, guard.renderRefusal(verified.refusal))
        return
      }
      request.xaa = verified.value
      guards.set(request, guard)
      done()
    }, done)
  }
}

/**
 * For the whole app, in one line: serves the metadata, lets requests at or below the path of the resource through with a valid
 * access token only, and leaves the rest of the app alone.
 */
export function guard(resource: Resource | ResourceOptions): onRequestHookHandler {
  const api = asResource(resource)
  const check = protect(api)
  const serve = metadata(api)
  return function decide(request, reply, done) {
    const hook = isBelow(api.resource, request.url) ? check : serve
    hook.call(this, request, reply, done)
  }
}

/** Behind `protect` or `guard`: lets only callers with all these scopes through. */
export function scope(...scopes: readonly string[]): onRequestHookHandler {
  return (request, reply, done) => {
    const guard = guards.get(request)
    if (guard === undefined) {
      done(new Error('scope() needs protect() or guard() in front of it'))
      return
    }
    const checked = guard.check(request.xaa, { scope: scopes })
    if (checked.accepted) done()
    else answer(reply, guard.renderRefusal(checked.refusal))
  }
}

function readHead({ method, url, headers }: Request, guard: Resource): RequestHead {
  const { origin } = splitUrl(guard.resource) ?? { origin: '' }
  return {
    method,
    // The absolute form names an origin already.
    url: url.startsWith('/') ? `${origin}${url}` : url,
    headers: {
      get: (name) => {
        const value = headers[name.toLowerCase()]
        return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
      },
    },
  }
}

function answer(reply: Reply, { status, headers, body }: RefusalAnswer): void {
  void reply
    .code(status)
    .headers(headers)
    .send(body === '' ? undefined : body)
}
