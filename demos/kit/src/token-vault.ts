// The tokens of one signed-in user, on the server only. Provides subject tokens to the SDK, and renews an expired ID
// token. Browser, planner and model see neither tokens nor secrets, only claims.
import { Redacted, type Session, type SubjectTokenRequest } from '@crosswalk/client'

export interface VaultTokens {
  readonly idToken: string
  readonly refreshToken?: string
}

export interface TokenVault extends Session {
  readonly id: string
  describe(): VaultView
  /** An ID token of this sign-in that expired at least `agoSeconds` ago, if any; to show that it is refused */
  findExpired(agoSeconds: number): Redacted | undefined
}

/** What can be shown of the tokens. */
export interface VaultView {
  /** Claims of the current ID token; empty if it is not a JWT */
  readonly claims: Readonly<Record<string, unknown>>
  /** How often the ID token has been renewed since sign-in */
  readonly renewals: number
  /** Whether there is a refresh token */
  readonly renewable: boolean
}

export interface VaultOptions {
  readonly nowMs?: () => number
}

/** @param refresh - exchanges a refresh token for new tokens; returns undefined if the sign-in has ended */
export function createTokenVault(
  id: string,
  initial: VaultTokens,
  refresh: (refreshToken: string) => Promise<VaultTokens | undefined>,
  { nowMs = Date.now }: VaultOptions = {},
): TokenVault {
  const first = new Redacted(initial.idToken)
  let idToken = first
  let refreshToken = seal(initial.refreshToken)
  let renewal: Promise<string | undefined> | undefined
  let renewals = 0

  async function renew(): Promise<string | undefined> {
    const fresh = refreshToken === undefined ? undefined : await refresh(refreshToken.reveal())
    // A refused refresh token must not be used again: reuse looks like theft.
    refreshToken = fresh === undefined ? undefined : (seal(fresh.refreshToken) ?? refreshToken)
    if (fresh === undefined) return undefined
    idToken = new Redacted(fresh.idToken)
    renewals += 1
    return fresh.idToken
  }

  return {
    id,
    getSubjectToken: ({ reason }: SubjectTokenRequest) => {
      if (reason === 'use') return idToken.reveal()
      // With rotation, a refresh token works once, so all waiting callers share one renewal.
      renewal ??= renew().finally(() => {
        renewal = undefined
      })
      return renewal
    },
    describe: () => ({
      claims: readClaims(idToken.reveal()),
      renewals,
      renewable: refreshToken !== undefined,
    }),
    findExpired: (agoSeconds) => {
      const { exp } = readClaims(first.reveal())
      return typeof exp === 'number' && exp + agoSeconds <= nowMs() / 1000 ? first : undefined
    },
  }
}

function seal(token: string | undefined): Redacted | undefined {
  return token === undefined ? undefined : new Redacted(token)
}

/** Decoded without verification: the OpenID client verified it on receipt. */
function readClaims(token: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
