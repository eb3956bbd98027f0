// Keeps revocations by issuers, from security events or this process, the same in every process of the server.
import { createRounds } from '@crosswalk/as-core'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import { mayRevoke, TAKE_OVER_EVERY_MS } from '@crosswalk/resource-as'

export interface FollowReceivedParts {
  /** By the id of the authorization server */
  redemption(): ReadonlyMap<string, RedemptionSnapshot>
  /** Whether sessions can end in this process or another one of this server */
  readonly endsSessions: boolean
  onFault(fault: unknown, reference: string): void
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
  return createRounds(look, { everyMs: TAKE_OVER_EVERY_MS, onFault }).close
}

function isWorthLooking({
  redemption,
  endsSessions,
}: Pick<FollowReceivedParts, 'redemption' | 'endsSessions'>): boolean {
  return (
    endsSessions ||
    [...redemption().values()].some(({ definition }) => definition.trustedIssuers.some(mayRevoke))
  )
}
