// How often an ID-JAG is spent: once or, where a server allows it, a few times until it expires. Each use is a replay
// key that the ledger takes only once, so no two requests share one, whatever process they are in.
import { type LedgerOutcome, replayKeyDigest, type ReplayKey } from '@crosswalk/as-core'
import { mostUses, type RedemptionSnapshot } from '@crosswalk/policy'

/**
 * Replay keys of its uses, in the order in which they are taken; remembered until the ID-JAG cannot be accepted
 * any more: expiry and skew (RAS-18, SEC-20). The first is the same for both kinds of server, so that one which becomes stricter
 * refuses what was used before.
 */
export function listUses(
  { definition, clockSkewSeconds }: RedemptionSnapshot,
  { iss, jti, exp }: Readonly<Record<string, unknown>>,
): readonly [ReplayKey, ...ReplayKey[]] {
  const use = (...which: readonly string[]): ReplayKey => ({
    kind: 'id-jag',
    key: replayKeyDigest('id-jag', definition.id, String(iss), String(jti), ...which),
    expiresAt: Math.ceil(Number(exp)) + clockSkewSeconds + 1,
  })
  const most = mostUses(definition)
  if (most === 1) return [use()]
  return [use(), ...Array.from({ length: most - 1 }, (_, index) => use(String(index + 2)))]
}

/** @returns the outcome of the first use that was free, or of the last, which was not; any other refusal ends it */
export async function takeFirstFree(
  [first, ...others]: readonly [ReplayKey, ...ReplayKey[]],
  commit: (use: ReplayKey) => Promise<LedgerOutcome>,
): Promise<LedgerOutcome> {
  let outcome = await commit(first)
  for (const use of others) {
    if (outcome.committed || outcome.used?.kind !== 'id-jag') return outcome
    outcome = await commit(use)
  }
  return outcome
}
