// The adapter for Fastify: hooks for `onRequest`, so that no body of an unknown caller is parsed.
import type { onRequestAsyncHookHandler, onRequestHookHandler } from 'fastify'

import type { Resource } from './create-resource.ts'
import { asResource } from './fetch.ts'
import { isBelow } from './is-below.ts'
import type { ResourceOptions } from './options.ts'
import { hasToken, readNodeHead } from './read-credentials.ts'
import { challengeWhenWritten, type HeadWriter } from './session-challenge.ts'
import type { RefusalAnswer } from './token-refusal.ts'
import { type Xaa, xaaOf } from './xaa-context.ts'

export { xaaOf } from './xaa-context.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The verified caller; absent where no `protect` or `guard` was passed, or `otherwise` let the request through */
    xaa?: Xaa
  }
}

type Reply = Parameters<onRequestHookHandler>[1]

const guards = new WeakMap<object, Resource | 'otherwise'>()

/** Serves the metadata of a resource: a hook of the whole app, since the metadata lies beside the API's path. */
export function metadata(resource: Resource | ResourceOptions): onRequestHookHandler {
  const guard = asResource(resource)
  return (request, reply, done) => {
    const found = guard.findMetadata(readNodeHead(request, guard.resource))
    if (found === undefined) done()
    else answer(reply, found)
  }
}

/** Of `protect` and `guard`. */
export interface GuardOptions {
  /**
   * Handles requests without an access token in place of a 401: the hook that signs users of your own in, by session or API
   * key. It must refuse those it does not know; its 401 gets the challenge for agents. A token that is wrong is always refused.
   */
  readonly otherwise?: onRequestHookHandler | onRequestAsyncHookHandler
}

/** Lets only requests with a valid access token through, with the caller for `xaaOf(request)`; serves the metadata, too. */
export function protect(
  resource: Resource | ResourceOptions,
  { otherwise }: GuardOptions = {},
): onRequestHookHandler {
  const guard = asResource(resource)
  return function check(request, reply, done) {
    const head = readNodeHead(request, guard.resource)
    const found = guard.findMetadata(head)
    if (found !== undefined) {
      answer(reply, found)
      return
    }
    if (otherwise !== undefined && !hasToken(head)) {
      guards.set(request, 'otherwise')
      challengeWhenWritten(guard, reply.raw as HeadWriter)
      const hook = otherwise as (this: typeof this, ...args: Parameters<onRequestHookHandler>) => unknown
      const handled = hook.call(this, request, reply, done)
      // As Fastify does for its hooks: an asynchronous one calls nothing when it is done.
      if (handled instanceof Promise) handled.then(() => (reply.sent ? undefined : done()), done)
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
export function guard(
  resource: Resource | ResourceOptions,
  options: GuardOptions = {},
): onRequestHookHandler {
  const api = asResource(resource)
  const check = protect(api, options)
  const serve = metadata(api)
  return function decide(request, reply, done) {
    const hook = isBelow(api.resource, request.url) ? check : serve
    hook.call(this, request, reply, done)
  }
}

/** Behind `protect` or `guard`: lets only tokens with all these scopes through. What `otherwise` let through has no token. */
export function scope(...scopes: readonly string[]): onRequestHookHandler {
  return (request, reply, done) => {
    const guard = guards.get(request)
    if (guard === undefined) {
      done(new Error('scope() needs protect() or guard() in front of it'))
      return
    }
    if (guard === 'otherwise') {
      done()
      return
    }
    const checked = guard.check(xaaOf(request), { scope: scopes })
    if (checked.accepted) done()
    else answer(reply, guard.renderRefusal(checked.refusal))
  }
}

function answer(reply: Reply, { status, headers, body }: RefusalAnswer): void {
  void reply
    .code(status)
    .headers(headers)
    .send(body === '' ? undefined : body)
}
