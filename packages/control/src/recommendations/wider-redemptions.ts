// Finds access tokens with more scopes than their ID-JAG, by comparing the logs of IdP and authorization server if both
// run here. Results are remembered.
import type { GrantUse, Redemption, UsagePatterns } from '@crosswalk/storage'
import { DAY_MS } from '@crosswalk/protocol'

import { MAX_GRANTS, OVERLAP_MS } from './recent-grants.ts'

export interface WiderRedemption extends Redemption {
  /** Scopes of the access token that its ID-JAG lacked */
  readonly beyond: readonly string[]
}

export interface WiderRedemptions {
  /** @param grants - the newest ID-JAGs; older ones are unknown. No concurrent calls */
  read(
    nowMs: number,
    grants: readonly Pick<GrantUse, 'grantId' | 'scopes'>[],
  ): Promise<readonly WiderRedemption[]>
}

export function createWiderRedemptions(patterns: Pick<UsagePatterns, 'listRedemptions'>): WiderRedemptions {
  let found: readonly WiderRedemption[] = []
  let reached = 0
  return {
    async read(nowMs, grants) {
      const since = Math.max(reached, nowMs - DAY_MS + 1)
      const read = await patterns.listRedemptions({ since, until: nowMs + 1, most: MAX_GRANTS })
      const carried = new Map(grants.map(({ grantId, scopes }) => [grantId, scopes]))
      const known = new Set(found.map(({ decisionId }) => decisionId))
      const fresh = read.flatMap((one): readonly WiderRedemption[] => {
        const scopes = one.grantId === undefined ? undefined : carried.get(one.grantId)
        if (scopes === undefined || known.has(one.decisionId)) return []
        const beyond = one.scopes.filter((scope) => !scopes.includes(scope))
        return beyond.length === 0 ? [] : [{ ...one, beyond }]
      })
      reached = nowMs - OVERLAP_MS
      found = [...fresh, ...found].filter(({ at }) => at > nowMs - DAY_MS)
      return found
    },
  }
}
