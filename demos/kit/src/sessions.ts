// Browser sessions: a random id in a cookie, and everything else in memory. A restart ends all sessions.
import { randomBytes } from 'node:crypto'

import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

export interface Sessions<T> {
  /** Starts a session with a new id, against session fixation. */
  open(c: Context, value: T): void
  find(c: Context): T | undefined
  close(c: Context): void
}

export interface SessionOptions {
  /** Distinct per app: all ports of a host share its cookies */
  readonly cookieName: string
  /** Ends a session after this long without use */
  readonly idleSeconds: number
  /** The least recently used are dropped first */
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
    // Re-inserted last: the first entries of the map are the least recently used.
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
