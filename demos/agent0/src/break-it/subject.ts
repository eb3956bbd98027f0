// The signed-in user as the subject of requests that are made by hand.
import { Redacted } from '@crosswalk/client'
import type { TokenVault } from '@crosswalk/demo-kit'

import { renderTime } from '../claims.ts'

/** The fault cannot be sent now, for a reason that the user may read. */
export class FaultUnavailable extends Error {
  override readonly name = 'FaultUnavailable'
}

export interface Subject {
  /** Id of the user at the IdP */
  readonly userId: string
  /** An ID token that has not expired */
  readonly fresh: () => Promise<Redacted>
  /** An ID token of theirs that has; @throws FaultUnavailable while there is none */
  readonly expired: () => Redacted
}

/** The clocks of servers may differ by so much, and they let it pass. */
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
        `Nothing has expired yet: the ID token of your sign-in is good until ${renderTime(at)}. Press again then.`,
      )
    },
  }
}
