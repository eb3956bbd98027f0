// Ties a pending request to the browser that sent it. The library does so by cookies with its own names, which a sibling
// host can plant in another browser: a user who signs in there would sign in the host's owner. This cookie cannot be
// planted.
import { randomBytes } from 'node:crypto'

import { digest } from '@crosswalk/as-core'

import { createBrowserCookie } from './browser-cookie.ts'
import { findCurrentRequest } from './current-request.ts'
import { INTERACTION_TTL_SECONDS } from './lifetimes.ts'
import type { Context } from './respond.ts'

const COOKIE = createBrowserCookie('crosswalk_pending', INTERACTION_TTL_SECONDS)

/** Gives the browser a name for the requests that it begins; extends an existing one. */
export function nameBrowser(ctx: Context): void {
  const known = COOKIE.read(ctx) ?? ''
  const name = /^[\w-]{43}$/.test(known) ? known : randomBytes(32).toString('base64url')
  ctx.state['browser'] = name
  COOKIE.write(ctx, name)
}

/** @returns the browser of the current request, as stored; undefined if it has no name */
export function findBrowser(): string | undefined {
  const ctx = findCurrentRequest()
  if (ctx === undefined) return undefined
  const name: unknown = ctx.state['browser'] ?? COOKIE.read(ctx)
  return typeof name === 'string' ? digest(name) : undefined
}
