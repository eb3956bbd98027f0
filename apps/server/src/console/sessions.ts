// Sessions of the console: stored on the server under a digest of a random cookie. Decides whether a session has
// ended; the user's role is checked at each request.
import { type Clock, digest, randomToken } from '@crosswalk/as-core'
import type { SignInStore } from '@crosswalk/idp'
import { z } from 'zod'

export const SESSION_SECONDS = 8 * 3600
export const IDLE_SECONDS = 3600
/** A session in use is saved at most this often. */
const TOUCH_SECONDS = 60
const MODEL = 'ConsoleSession'

const zSession = z.object({
  /** `user`: signed in at the IdP; `token`: with the token of the configuration file, if no roles are defined */
  kind: z.enum(['user', 'token']),
  /** Id of the user, or a digest of the token */
  subject: z.string(),
  /** Id of the IdP session; when it ends, so does this session */
  sid: z.string().optional(),
  startedAt: z.number(),
  seenAt: z.number(),
})
export type ConsoleSession = z.output<typeof zSession>

export interface SessionAccess {
  /** Whether a user acted; anything else does not postpone the end of the session. Default: true */
  readonly isUse?: boolean
}

export interface ConsoleSessions {
  /** @returns the value of the cookie */
  start(session: Pick<ConsoleSession, 'kind' | 'subject' | 'sid'>): Promise<string>
  /** @param id - see {@link sessionId} @returns undefined if there is no session, or it has ended */
  find(id: string, access?: SessionAccess): Promise<ConsoleSession | undefined>
  end(cookie: string | undefined): Promise<void>
}

export function createConsoleSessions(store: SignInStore, clock: Clock): ConsoleSessions {
  const nowSeconds = () => Math.floor(clock.nowMs() / 1000)
  const findLifetime = (session: ConsoleSession) => endOfSession(session) - nowSeconds()
  async function find(id: string, { isUse = true }: SessionAccess = {}): Promise<ConsoleSession | undefined> {
    const { data: session } = zSession.safeParse(await store.find(MODEL, id))
    if (session === undefined) return undefined
    const at = nowSeconds()
    if (at >= endOfSession(session) || at >= session.seenAt + IDLE_SECONDS) {
      await store.destroy(MODEL, id)
      return undefined
    }
    // `update` never re-creates a session that ended in the meantime.
    if (isUse && at >= session.seenAt + TOUCH_SECONDS)
      await store.update(MODEL, id, {
        id,
        payload: { ...session, seenAt: at },
        expiresInSeconds: findLifetime(session),
      })
    return session
  }
  return {
    async start(session) {
      const cookie = randomToken() + randomToken()
      const at = nowSeconds()
      const begun = { ...session, startedAt: at, seenAt: at }
      await store.upsert(MODEL, sessionId(cookie), begun, findLifetime(begun))
      return cookie
    },
    find,
    async end(cookie) {
      if (cookie !== undefined) await store.destroy(MODEL, sessionId(cookie))
    },
  }
}

/** @returns the session's id, which does not reveal the cookie */
export function sessionId(cookie: string): string {
  return digest(cookie)
}

/** @returns its latest end, in epoch seconds */
export function endOfSession({ startedAt }: ConsoleSession): number {
  return startedAt + SESSION_SECONDS
}
