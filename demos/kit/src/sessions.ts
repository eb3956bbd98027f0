// Who sits at which browser: a random id in a cookie, everything else here in memory. Restarting forgets sessions.
import { randomBytes } from 'node:crypto'

import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

export interface Sessions<T> {
  /** Begins a session under a fresh id, so that an id planted before is worth nothing. */
  open(c: Context, value: T): void
  find(c: Context): T | undefined
  close(c: Context): void
}

export interface SessionOptions {
  /** Distinct per app: cookies of one host are shared by all its ports */
  readonly cookieName: string
  /** Ends a session that was not used for so long */
  readonly idleSeconds: number
  /** The longest unused go first */
  readonly maxSessions?: number
  readonly nowMs?: () => number
}

export function createSessions<T>(options: SessionOptions): Sessions<T> {
  const { cookieName, idleSeconds, maxSessions = 1000, nowMs = Date.now } = options
  const sessions = new Map<string, { readonly value: T; readonly usedMs: number }>()

  function find(c: Context): T | undefined {
    const id = getCookie(c, cookieName) ?? ''
    const session = sessions.get(id)
    sessions.delete(id)
    if (session === undefined || nowMs() - session.usedMs > idleSeconds * 1000) return undefined
    // Put back last: the first entries of the map are the longest unused.
    sessions.set(id, { value: session.value, usedMs: nowMs() })
    return session.value
  }

  return {
    find,
    open: (c, value) => {
      sessions.delete(getCookie(c, cookieName) ?? '')
      const id = randomBytes(32).toString('base64url')
      sessions.set(id, { value, usedMs: nowMs() })
      for (const oldest of sessions.keys()) {
        if (sessions.size <= maxSessions) break
        sessions.delete(oldest)
      }
      const secure = new URL(c.req.url).protocol === 'https:'
      setCookie(c, cookieName, id, { httpOnly: true, sameSite: 'Lax', path: '/', secure })
    },
    close: (c) => {
      sessions.delete(getCookie(c, cookieName) ?? '')
      deleteCookie(c, cookieName, { path: '/' })
    },
  }
}
