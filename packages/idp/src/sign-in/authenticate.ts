// Verifies the name and password of an active user. To callers, all refusals look alike and take the same time; only
// the audit log has the true reason.
import { digest } from '@crosswalk/as-core'
import { accept, ACR, AMR, refuse, type Result } from '@crosswalk/protocol'

import type { SignInProblem } from '../pages/problem.ts'
import type { User } from '../ports.ts'
import { recordSignIn } from './audit.ts'
import type { SignInPorts } from './contract.ts'
import type { GuessLimits } from './guess-limits.ts'
import type { KnownBrowsers } from './known-browsers.ts'
import { verifyDecoyPassword, verifyPassword } from './passwords.ts'

/** The strength of a sign-in with only a password, for apps and the audit log. */
export const WITH_PASSWORD = { acr: ACR.password, amr: [AMR.password] }

export interface Credentials {
  readonly login: string
  readonly password: string
  /** The app the user is signing in to. */
  readonly clientId: string
  /** Address of the request; undefined if unknown */
  readonly ip: string | undefined
  /** The cookie of a browser with an earlier sign-in */
  readonly browserCookie: string | undefined
}

export interface Authenticated {
  readonly user: User
  /** The new value of the cookie */
  readonly browserCookie: string | undefined
  /** Identifies the verified password */
  readonly passwordName: string
}

export type SignInRefusal =
  | { readonly reason: 'refused' }
  | { readonly reason: 'delayed'; readonly retryAfterSeconds: number }

/** What the page says; it is silent about the reason. */
export function toProblem(refusal: SignInRefusal): SignInProblem {
  return refusal.reason === 'delayed' ? refusal : 'refused'
}

export interface Authenticator {
  authenticate(credentials: Credentials): Promise<Result<Authenticated, SignInRefusal>>
  unknownUserAttempts(): number
}

const MAX_LOGIN_LENGTH = 256
/** Hashing time grows with length, so the limit keeps requests cheap. */
const MAX_PASSWORD_LENGTH = 1024

/** Looked up for unknown names, so that known ones take no longer; not a possible user id. */
const NOBODY = '(nobody)'

export interface AuthenticatorParts {
  readonly ports: SignInPorts
  readonly limits: GuessLimits
  readonly knownBrowsers: KnownBrowsers
}

export function createAuthenticator({ ports, limits, knownBrowsers }: AuthenticatorParts): Authenticator {
  let unknownUsers = 0
  return {
    unknownUserAttempts: () => unknownUsers,
    async authenticate({ login, password, clientId, ip, browserCookie }) {
      if (login.length > MAX_LOGIN_LENGTH || password.length > MAX_PASSWORD_LENGTH)
        return refuse({ reason: 'refused' })
      const user = login === '' ? undefined : await ports.users.findByLogin(login)
      if (user === undefined) unknownUsers += 1
      const passwordHash = await ports.passwordHashes.find(user?.id ?? NOBODY)
      const known = { id: user?.id ?? NOBODY, passwordHash }
      const knownBrowser = knownBrowsers.find(browserCookie, known)
      const guess = await limits.guessPassword({ login, ip, knownBrowser }, ports.clock.nowMs())
      const delayed = guess.waitSeconds > 0
      const reason = delayed ? 'too-many-attempts' : await findFault(user, passwordHash, password)
      if (user !== undefined && passwordHash !== undefined && reason === undefined) {
        await guess.succeed()
        const authentication = WITH_PASSWORD
        await recordSignIn(ports, {
          type: 'signin.succeeded',
          userId: user.id,
          clientId,
          authentication,
          ip,
        })
        return accept({
          user,
          browserCookie: knownBrowsers.add(browserCookie, known),
          passwordName: digest(passwordHash),
        })
      }
      await guess.fail()
      // One event per delay, however many guesses it refuses, so that outsiders cannot grow the log.
      if (user !== undefined && reason !== undefined && (!delayed || guess.firstRefusal))
        recordFailure({ userId: user.id, clientId, reason, ip }, ports)
      return refuse(
        delayed ? { reason: 'delayed', retryAfterSeconds: guess.waitSeconds } : { reason: 'refused' },
      )
    },
  }
}

/** Runs in parallel with the response: waiting for the write would distinguish known users from unknown ones. */
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
  hash: string | undefined,
  password: string,
): Promise<string | undefined> {
  const matches =
    hash === undefined ? await verifyDecoyPassword(password) : await verifyPassword(hash, password)
  if (user === undefined) return 'unknown-user'
  if (hash === undefined) return 'no-password'
  if (!matches) return 'wrong-password'
  // Last, so that an inactive user takes as long as a wrong password.
  return user.active ? undefined : 'inactive'
}
