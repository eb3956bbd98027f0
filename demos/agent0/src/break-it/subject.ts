// The signed-in user as the subject of requests that the break buttons send.
import { Redacted } from '@crosswalk/client'
import type { TokenVault } from '@crosswalk/demo-kit'

import { renderTime } from '../claims.ts'

/** The fault cannot be sent now; the message is shown to the user. */
export class FaultUnavailable extends Error {
  override readonly name = 'FaultUnavailable'
}

export interface Subject {
  /** Id of the user at the IdP */
  readonly userId: string
  /** Returns an ID token that has not expired */
  readonly fresh: () => Promise<Redacted>
  /** Returns an expired ID token of the user; @throws FaultUnavailable if there is none yet */
  readonly expired: () => Redacted
}

/** The clock skew that servers tolerate. */
const CLOCK_ALLOWANCE_SECONDS = 6
const NEARLY_EXPIRED_SECONDS = 5

export function createSubject(userId: string, vault: TokenVault): Subject {
  return {
    userId,
    fresh: async () => {
      const { exp } = vault.describe().claims
      const usable = typeof exp !== 'number' || exp > Date.now() / 1000 + NEARLY_EXPIRED_SECONDS
      const token = await vault.getSubjectToken({ reason: usable ? 'use' : 'expired' })
      if (typeof token !== 'string')
        throw new FaultUnavailable('Your sign-in has ended. Please sign in again.')
      return new Redacted(token)
    },
    expired: () => {
      const expired = vault.findExpired(CLOCK_ALLOWANCE_SECONDS)
      if (expired !== undefined) return expired
      const { exp } = vault.describe().claims
      const at = typeof exp === 'number' ? exp + CLOCK_ALLOWANCE_SECONDS : Number.NaN
      throw new FaultUnavailable(
        `No ID token has expired yet: that of your sign-in is accepted until ${renderTime(at)}. Try again then.`,
      )
    },
  }
}
