// Keeps revocations by issuers, from security events or this process, the same in every process: those that another
// process received take effect here within moments, and tokens issued here in the meantime are revoked.
import { type Clock, createRounds } from '@crosswalk/as-core'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import {
  type AccessTokens,
  type ReceivedRevocation,
  type ReceivedRevocations,
  revokeReceived,
} from '@crosswalk/resource-as'

const INTERVAL_MS = 250

export interface FollowReceivedParts {
  readonly receivedRevocations: ReceivedRevocations
  readonly accessTokens: AccessTokens
  readonly clock: Clock
  /** By the id of the authorization server */
  redemption(): ReadonlyMap<string, RedemptionSnapshot>
  /** Whether sessions can end in this process or another one of this server */
  readonly endsSessions: boolean
  onFault(fault: unknown, reference: string): void
}

type TakeOverParts = Pick<FollowReceivedParts, 'accessTokens' | 'clock'> & {
  readonly receivedRevocations: Pick<ReceivedRevocations, 'refresh'>
}

/**
 * Runs one round per call. The first one reactivates earlier revocations, and repeats those that a crash may have
 * interrupted. Rounds must run one after another.
 */
export function createTakeOver(parts: TakeOverParts): () => Promise<void> {
  const { receivedRevocations, clock } = parts
  let due: readonly ReceivedRevocation[] = []
  return async () => {
    const fresh = await receivedRevocations.refresh(clock.nowMs() / 1000)
    // Later rounds do not return them again, so they stay due if the database fails now.
    due = [...due, ...fresh]
    for (const revocation of due) await revokeReceived(revocation, parts)
    // Repeat once: tokens decided here before may be stored only now.
    due = fresh
  }
}

/** @param takeOver - one round. @returns a function that stops the rounds, and resolves once none is running */
export function followReceived(
  parts: FollowReceivedParts,
  takeOver: () => Promise<void>,
): () => Promise<void> {
  async function look(): Promise<void> {
    if (isWorthLooking(parts)) await takeOver()
  }
  const onFault = (fault: unknown) => parts.onFault(fault, 'received-security-events')
  return createRounds(look, { everyMs: INTERVAL_MS, onFault }).close
}

function isWorthLooking({
  redemption,
  endsSessions,
}: Pick<FollowReceivedParts, 'redemption' | 'endsSessions'>): boolean {
  return [...redemption().values()].some(
    ({ definition }) =>
      endsSessions ||
      definition.trustedIssuers.some(
        ({ securityEvents, globalTokenRevocation }) =>
          securityEvents !== undefined || globalTokenRevocation === true,
      ),
  )
}
