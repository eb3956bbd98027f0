// Keeps what issuers revoked, by security events or in this process, the same in every process: what another one
// received is in force here within a moment, and tokens that were issued here meanwhile are revoked.
import type { Clock } from '@crosswalk/as-core'
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
  /** Whether sessions may end in this process or another of it */
  readonly endsSessions: boolean
  onFault(fault: unknown, reference: string): void
}

/** @returns a function that ends it, resolving when nothing is under way any more */
export function followReceived(parts: FollowReceivedParts): () => Promise<void> {
  let running: Promise<void> | undefined
  let last: readonly ReceivedRevocation[] = []
  const timer = setInterval(() => {
    if (!isWorthLooking(parts)) return
    running ??= takeOver(parts, last)
      .then((fresh) => {
        last = fresh
      })
      .catch((fault: unknown) => parts.onFault(fault, 'received-security-events'))
      .finally(() => {
        running = undefined
      })
  }, INTERVAL_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}

function isWorthLooking({ redemption, endsSessions }: FollowReceivedParts): boolean {
  return [...redemption().values()].some(
    ({ definition }) =>
      endsSessions || definition.trustedIssuers.some(({ securityEvents }) => securityEvents !== undefined),
  )
}

/**
 * One round, also at start: what was received before is in force again, and revoked where a crash came between.
 *
 * @param again - of the round before: what was decided here before it was heard of may have been written since
 * @returns what was new
 */
export async function takeOver(
  parts: FollowReceivedParts,
  again: readonly ReceivedRevocation[] = [],
): Promise<readonly ReceivedRevocation[]> {
  const { receivedRevocations, clock } = parts
  const fresh = await receivedRevocations.refresh(clock.nowMs() / 1000)
  for (const revocation of [...again, ...fresh]) await revokeReceived(revocation, parts)
  return fresh
}
