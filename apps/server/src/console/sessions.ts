// Sessions of the console: kept on the server, named by a random cookie of which only a digest is stored. Decides
// whether a session is over; what its user may do is decided again at each request.
import { type Clock, digest, randomToken } from '@crosswalk/as-core'
import type { SignInStore } from '@crosswalk/idp'
import { z } from 'zod'

export const SESSION_SECONDS = 8 * 3600
export const IDLE_SECONDS = 3600
/** A session that is used is saved at most this often. */
const TOUCH_SECONDS = 60
const MODEL = 'ConsoleSession'

const zSession = z.object({
  /** `user`: signed in at the IdP; `token`: with the token of the configuration file, where no roles are given */
  kind: z.enum(['user', 'token']),
  /** Id of the user, or a digest of the token */
  subject: z.string(),
  /** Of the session at the IdP; when that ends, so does this one */
  sid: z.string().optional(),
  startedAt: z.number(),
  seenAt: z.number(),
})
export type ConsoleSession = z.output<typeof zSession>

export interface ConsoleSessions {
  /** @returns the value of the cookie */
  start(session: Pick<ConsoleSession, 'kind' | 'subject' | 'sid'>): Promise<string>
  /** @returns undefined where there is none, or it is over */
  find(cookie: string | undefined): Promise<ConsoleSession | undefined>
  /** The same by its id, for anyone who comes back without the cookie */
  findById(id: string): Promise<ConsoleSession | undefined>
  end(cookie: string | undefined): Promise<void>
}

export function createConsoleSessions(store: SignInStore, clock: Clock): ConsoleSessions {
  const nowSeconds = () => Math.floor(clock.nowMs() / 1000)
  const findLifetime = ({ startedAt }: ConsoleSession) => startedAt + SESSION_SECONDS - nowSeconds()
  async function findById(id: string): Promise<ConsoleSession | undefined> {
    const { data: session } = zSession.safeParse(await store.find(MODEL, id))
    if (session === undefined) return undefined
    const at = nowSeconds()
    if (at >= session.startedAt + SESSION_SECONDS || at >= session.seenAt + IDLE_SECONDS) {
      await store.destroy(MODEL, id)
      return undefined
    }
    // In place: one that ends meanwhile stays ended.
    if (at >= session.seenAt + TOUCH_SECONDS)
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
    find: async (cookie) => (cookie === undefined || cookie === '' ? undefined : findById(sessionId(cookie))),
    findById,
    async end(cookie) {
      if (cookie !== undefined) await store.destroy(MODEL, sessionId(cookie))
    },
  }
}

/** @returns what names it on the server, and tells nothing of the cookie */
export function sessionId(cookie: string): string {
  return digest(cookie)
}

/** @returns when it ends at the latest, in epoch seconds */
export function endOfSession({ startedAt }: ConsoleSession): number {
  return startedAt + SESSION_SECONDS
}
