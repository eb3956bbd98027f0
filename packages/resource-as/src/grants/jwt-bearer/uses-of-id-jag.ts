// How often an ID-JAG is spent: once or, where a server allows it, a few times until it expires. Each use is a replay key that
// the ledger takes only once, so no two requests share one, whatever process they are in.
import { replayKeyDigest, type ReplayKey } from '@crosswalk/as-core'
import { mostUses, type RedemptionSnapshot } from '@crosswalk/policy'

/**
 * Replay keys of its uses, in the order in which they are taken; remembered until the ID-JAG cannot be accepted any more:
 * expiry and skew (RAS-18, SEC-20). The first is the same for both kinds of server, so that one which becomes stricter
 * refuses what was used before.
 */
export function listUses(
  { definition, clockSkewSeconds }: RedemptionSnapshot,
  { iss, jti, exp }: Readonly<Record<string, unknown>>,
): readonly ReplayKey[] {
  const use = (...which: readonly string[]): ReplayKey => ({
    kind: 'id-jag',
    key: replayKeyDigest('id-jag', String(jti), definition.id, String(iss), ...which),
    expiresAt: Math.ceil(Number(exp)) + clockSkewSeconds + 1,
  })
  return [use(), ...Array.from({ length: mostUses(definition) - 1 }, (_, index) => use(String(index + 2)))]
}
