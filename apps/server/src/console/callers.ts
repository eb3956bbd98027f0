// Who stands behind a request of the console: a session, the user as they are now, and the role that follows. The
// session at the IdP counts, too: when it ends, by sign-out or by an administrator, so does this one.
import type { Clock, Sealing } from '@crosswalk/as-core'
import {
  type AdminRoles,
  type Caller,
  FILE_TOKEN,
  findRole,
  readCookie,
  SESSION_COOKIE,
} from '@crosswalk/control'
import type { Idp, User } from '@crosswalk/idp'

import { type ConsoleSession, type ConsoleSessions, sessionId } from './sessions.ts'

export interface CallerParts {
  readonly sessions: ConsoleSessions
  /** Undefined where users sign in with the token of the configuration file */
  readonly roles: AdminRoles | undefined
  readonly adminToken: string
  readonly sealing: Pick<Sealing, 'keyedDigest'>
  readonly signIn: Pick<Idp['signIn'], 'findSession'> | undefined
  findUser(id: string): Promise<User | undefined>
  readonly clock: Clock
}

export interface ConsoleCaller {
  readonly caller: Caller
  readonly session: ConsoleSession
  /** Undefined for the token of the configuration file */
  readonly user: User | undefined
}

/** `no-session`: sign in; `no-role`: signed in, and nothing to do here. */
export type NoCaller = 'no-session' | 'no-role'

export async function findCaller(request: Request, parts: CallerParts): Promise<ConsoleCaller | NoCaller> {
  const cookie = readCookie(request, SESSION_COOKIE)
  return findCallerOf(cookie === undefined ? undefined : sessionId(cookie), parts)
}

/** The same for a session that is known by its id. */
export async function findCallerOf(
  id: string | undefined,
  parts: CallerParts,
): Promise<ConsoleCaller | NoCaller> {
  const session = id === undefined ? undefined : await parts.sessions.findById(id)
  if (id === undefined || session === undefined) return 'no-session'
  if (session.kind === 'token') {
    // Another token in the file, or roles given there, end what the old token opened.
    if (parts.roles !== undefined || session.subject !== digestToken(parts.sealing, parts.adminToken))
      return 'no-session'
    return {
      caller: { id: FILE_TOKEN, role: 'owner', hasFileToken: true, session: id },
      session,
      user: undefined,
    }
  }
  if (session.sid === undefined || (await parts.signIn?.findSession(session.sid)) === undefined)
    return 'no-session'
  const user = await parts.findUser(session.subject)
  const found = findRole(parts.roles ?? {}, user)
  return found === undefined
    ? 'no-role'
    : { caller: { id: session.subject, ...found, session: id }, session, user }
}

export function digestToken(sealing: Pick<Sealing, 'keyedDigest'>, token: string): string {
  return sealing.keyedDigest('console-admin-token', token)
}
