// Ties a pending request to the browser that sent it. The library does so by signed cookies, but a sibling host can plant
// its own in another browser: a user who signs in there would sign in the host's owner. This cookie cannot be planted.
// Each request has its own, because a browser may restore several tabs at the same time.
import { type BrowserContext, createBrowserCookie } from './browser-cookie.ts'
import { findCurrentRequest } from './current-request.ts'
import { INTERACTION_TTL_SECONDS } from './lifetimes.ts'

const NAME = 'crosswalk_pending.'
/** Abandoned requests must not make the headers of the browser too long. */
const MAX_PENDING = 20

const cookieOf = (id: string) => createBrowserCookie(NAME + id, INTERACTION_TTL_SECONDS)

/** Allows this browser to continue the request, instead of its oldest one if there are too many. */
export function keepPending(ctx: BrowserContext, id: string): void {
  const pending = listPending(ctx.get('cookie'))
  for (const oldest of pending.slice(0, Math.max(0, pending.length + 1 - MAX_PENDING)))
    cookieOf(oldest).clear(ctx)
  cookieOf(id).write(ctx, '1')
}

/** Browsers send older cookies first (RFC 6265 section 5.4). */
function listPending(header: string): readonly string[] {
  return [...header.matchAll(/(?:^|; *)(?:__Host-)?crosswalk_pending\.([\w-]{1,64})=/g)].map(
    ([, id = '']) => id,
  )
}

/** Whether the browser of the current request may continue this one. */
export function mayContinue(id: string): boolean {
  const ctx = findCurrentRequest()
  return ctx !== undefined && cookieOf(id).read(ctx) !== undefined
}

export function forgetPending(id: string): void {
  const ctx = findCurrentRequest()
  if (ctx !== undefined && cookieOf(id).read(ctx) !== undefined) cookieOf(id).clear(ctx)
}
