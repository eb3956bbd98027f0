// Whether a name and a password are those of an active person. Says the same to the outside for every reason of
// refusal, in the same time, and the true reason to the audit log.
import { accept, ACR, AMR, refuse, type Result } from '@crosswalk/protocol'

import type { User } from '../ports.ts'
import type { Attempts } from './attempts.ts'
import { recordSignIn } from './audit.ts'
import type { SignInPorts } from './contract.ts'
import { verifyAgainstNobody, verifyPassword } from './passwords.ts'

/** How a sign-in with the password alone is told to apps and to the audit log. */
export const WITH_PASSWORD = { acr: ACR.password, amr: [AMR.password] }

export interface Credentials {
  readonly login: string
  readonly password: string
  /** The app the person is on the way to. */
  readonly clientId: string
  /** Where the request came from; undefined where it is not known */
  readonly ip: string | undefined
}

export type SignInRefusal =
  { readonly reason: 'refused' } | { readonly reason: 'delayed'; readonly retryAfterSeconds: number }

export interface Authenticator {
  authenticate(credentials: Credentials): Promise<Result<User, SignInRefusal>>
  /** Attempts with names nobody has. */
  unknownUserAttempts(): number
}

const MAX_LOGIN_LENGTH = 256
/** Hashing takes time by length: a bound keeps one request from being many. */
const MAX_PASSWORD_LENGTH = 1024

export function createAuthenticator(ports: SignInPorts, attempts: Attempts): Authenticator {
  let unknownUsers = 0
  return {
    unknownUserAttempts: () => unknownUsers,
    async authenticate({ login, password, clientId, ip }) {
      if (login.length > MAX_LOGIN_LENGTH || password.length > MAX_PASSWORD_LENGTH)
        return refuse({ reason: 'refused' })
      const user = login === '' ? undefined : await ports.users.findByLogin(login)
      if (user === undefined) unknownUsers += 1
      // A known user counts once under all of their names; an unknown name is delayed alike, so tells nothing.
      const key = user === undefined ? `name:${login.toLowerCase()}` : `user:${user.id}`
      const retryAfterSeconds = attempts.start(key, ports.clock.nowMs())
      const reason = retryAfterSeconds > 0 ? 'too-many-attempts' : await findFault(user, password, ports)
      if (user !== undefined && reason === undefined) {
        attempts.succeed(key)
        const authentication = WITH_PASSWORD
        await recordSignIn(ports, { type: 'signin.succeeded', userId: user.id, clientId, authentication, ip })
        return accept(user)
      }
      if (user !== undefined && reason !== undefined)
        recordFailure({ userId: user.id, clientId, reason, ip }, ports)
      return refuse(retryAfterSeconds > 0 ? { reason: 'delayed', retryAfterSeconds } : { reason: 'refused' })
    },
  }
}

/** Beside the answer, not before it: waiting for the write would tell known users from unknown ones. */
function recordFailure(
  failure: Readonly<Record<'userId' | 'clientId' | 'reason', string>> & Pick<Credentials, 'ip'>,
  ports: SignInPorts,
): void {
  recordSignIn(ports, { type: 'signin.failed', ...failure }).catch((fault: unknown) =>
    ports.reportFault(fault, 'signin.failed'),
  )
}

async function findFault(
  user: User | undefined,
  password: string,
  ports: SignInPorts,
): Promise<string | undefined> {
  const hash = user === undefined ? undefined : await ports.passwordHashes.find(user.id)
  const matches =
    hash === undefined ? await verifyAgainstNobody(password) : await verifyPassword(hash, password)
  if (user === undefined) return 'unknown-user'
  if (hash === undefined) return 'no-password'
  if (!matches) return 'wrong-password'
  // Last, so that an inactive user takes as long as a wrong password.
  return user.active ? undefined : 'inactive'
}
