// The tokens of one signed-in person, on the server only. It hands out subject tokens to the SDK and renews the ID
// token when that has expired; browser and planner see neither.
import { Redacted, type Session, type SubjectTokenRequest } from '@crosswalk/client'

export interface VaultTokens {
  readonly idToken: string
  readonly refreshToken?: string
}

export interface TokenVault extends Session {
  readonly id: string
}

/** @param refresh - trades a refresh token for new tokens; gives nothing when the sign-in is over */
export function createTokenVault(
  id: string,
  initial: VaultTokens,
  refresh: (refreshToken: string) => Promise<VaultTokens | undefined>,
): TokenVault {
  let idToken = new Redacted(initial.idToken)
  let refreshToken = seal(initial.refreshToken)
  let renewal: Promise<string | undefined> | undefined

  async function renew(): Promise<string | undefined> {
    const fresh = refreshToken === undefined ? undefined : await refresh(refreshToken.reveal())
    // A refused refresh token is spent: asking again would look like theft.
    refreshToken = fresh === undefined ? undefined : (seal(fresh.refreshToken) ?? refreshToken)
    if (fresh === undefined) return undefined
    idToken = new Redacted(fresh.idToken)
    return fresh.idToken
  }

  return {
    id,
    getSubjectToken: ({ reason }: SubjectTokenRequest) => {
      if (reason === 'use') return idToken.reveal()
      // Rotation makes a refresh token good for one use, so all who wait share one renewal.
      renewal ??= renew().finally(() => {
        renewal = undefined
      })
      return renewal
    },
  }
}

function seal(token: string | undefined): Redacted | undefined {
  return token === undefined ? undefined : new Redacted(token)
}
