// The adapter for Fastify: `onRequest` hooks, so that bodies of unknown callers are not parsed.
import type { onRequestAsyncHookHandler, onRequestHookHandler } from 'fastify'

import { checkRequirement } from './check-requirement.ts'
import type { Requirement, Resource } from './create-resource.ts'
import { asResource } from './fetch.ts'
import type { ResourceOptions } from './options.ts'
import { hasToken, readNodeHead } from './read-credentials.ts'
import { challengeWhenWritten, type HeadWriter } from './session-challenge.ts'
import type { RefusalAnswer } from './token-refusal.ts'
import { type Xaa, xaaOf } from './xaa-context.ts'

export { xaaOf } from './xaa-context.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The verified caller; absent without `protect` or `guard`, or if `otherwise` handled the request */
    xaa?: Xaa
  }
}

type Reply = Parameters<onRequestHookHandler>[1]

const guards = new WeakMap<object, Resource | 'otherwise'>()

/** Serves the metadata of a resource: a hook for the whole app, since the metadata is outside the API's path. */
export function metadata(resource: Resource | ResourceOptions): onRequestHookHandler {
  const guard = asResource(resource)
  return (request, reply, done) => {
    const found = guard.findMetadata(readNodeHead(request, guard.resource))
    if (found === undefined) done()
    else answer(reply, found)
  }
}

/** For `protect` and `guard`. */
export interface GuardOptions {
  /**
   * Handles requests without an access token instead of a 401: the hook that signs in your own users, by session or API
   * key. It must refuse unknown users; its 401 gets the challenge for agents. An invalid token is always refused.
   */
  readonly otherwise?: onRequestHookHandler | onRequestAsyncHookHandler
}

/**
 * Accepts only requests with a valid access token, with the caller available through `xaaOf(request)`; also serves the
 * metadata.
 */
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
      // Like Fastify with its hooks: an asynchronous hook does not call `done`.
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
 * For the whole app, in one line: serves the metadata, protects requests at or below the path of the resource, and
 * leaves the rest of the app alone.
 */
export function guard(
  resource: Resource | ResourceOptions,
  options: GuardOptions = {},
): onRequestHookHandler {
  const api = asResource(resource)
  const check = protect(api, options)
  const serve = metadata(api)
  return function decide(request, reply, done) {
    const hook = api.covers(request.url) ? check : serve
    hook.call(this, request, reply, done)
  }
}

/** After `protect` or `guard`: accepts only tokens with all of these scopes. Requests that `otherwise` handled pass. */
export function scope(...scopes: readonly string[]): onRequestHookHandler {
  return requires({ scope: scopes })
}

/** Like `scope`, for anything that an operation requires, such as a stronger or more recent sign-in (RFC 9470). */
export function requires(requirement: Requirement): onRequestHookHandler {
  checkRequirement(requirement)
  return (request, reply, done) => {
    const guard = guards.get(request)
    if (guard === undefined) {
      done(new Error('scope() and requires() need protect() or guard() before them'))
      return
    }
    if (guard === 'otherwise') {
      done()
      return
    }
    const checked = guard.check(xaaOf(request), requirement)
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
