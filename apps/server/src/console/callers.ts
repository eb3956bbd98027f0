// Identifies the caller of a console request: its session, the current user, and their role. When the session at the
// IdP ends, by sign-out or by an administrator, the console session ends too.
import type { Clock, Sealing } from '@crosswalk/as-core'
import {
  type AdminRoles,
  type Caller,
  type ConsoleCookies,
  FILE_TOKEN,
  findRole,
  SESSION_COOKIE,
} from '@crosswalk/control'
import type { Idp, User } from '@crosswalk/idp'

import { type ConsoleSession, type ConsoleSessions, type SessionAccess, sessionId } from './sessions.ts'

export interface CallerParts {
  readonly sessions: ConsoleSessions
  readonly cookies: ConsoleCookies
  /** Undefined if users sign in with the token of the configuration file */
  readonly roles: AdminRoles | undefined
  readonly adminToken: string
  readonly sealing: Pick<Sealing, 'keyedDigest'>
  readonly signIn: Pick<Idp['signIn'], 'findSession'> | undefined
  /** @returns undefined for users who are blocked */
  findUser(id: string): Promise<User | undefined>
  readonly clock: Clock
}

export interface ConsoleCaller {
  readonly caller: Caller
  readonly session: ConsoleSession
  /** Undefined for the token of the configuration file */
  readonly user: User | undefined
}

/** `no-session`: must sign in; `no-role`: signed in without a role. */
export type NoCaller = 'no-session' | 'no-role'

/** Sent by pages whose user has not touched them for a while, and which only keep up with changes */
const UNATTENDED_HEADER = 'crosswalk-unattended'

export async function findCaller(
  request: Request,
  parts: CallerParts,
  access: SessionAccess = { isUse: !request.headers.has(UNATTENDED_HEADER) },
): Promise<ConsoleCaller | NoCaller> {
  const cookie = parts.cookies.read(request, SESSION_COOKIE)
  return findCallerOf(cookie === undefined ? undefined : sessionId(cookie), parts, access)
}

/** The same for a session id. */
export async function findCallerOf(
  id: string | undefined,
  parts: CallerParts,
  access?: SessionAccess,
): Promise<ConsoleCaller | NoCaller> {
  const session = id === undefined ? undefined : await parts.sessions.find(id, access)
  if (id === undefined || session === undefined) return 'no-session'
  if (session.kind === 'token') {
    // Changing the token in the file, or defining roles there, ends sessions of the old token.
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
