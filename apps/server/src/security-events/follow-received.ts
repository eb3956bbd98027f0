// Keeps what issuers took back, by security events or in this process, the same in every process: what another one
// received is in force here within a moment, and tokens that were issued here meanwhile are taken back.
import type { Clock } from '@crosswalk/authorization-server'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import { type AccessTokens, type ReceivedWithdrawals, takeBackTokens } from '@crosswalk/resource-as'

const INTERVAL_MS = 250

export interface FollowReceivedParts {
  readonly receivedWithdrawals: ReceivedWithdrawals
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
  const timer = setInterval(() => {
    if (!isWorthLooking(parts)) return
    running ??= takeOver(parts)
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

/** One round, also at start: what was received before is in force again. */
export async function takeOver(parts: FollowReceivedParts): Promise<void> {
  const { receivedWithdrawals, accessTokens, clock } = parts
  for (const withdrawal of await receivedWithdrawals.refresh()) {
    const snapshot = parts.redemption().get(withdrawal.authorizationServer)
    if (snapshot === undefined) continue
    const { definition, clockSkewSeconds } = snapshot
    const { maxIdJagLifetimeSeconds } = definition
    await takeBackTokens(withdrawal, { accessTokens, clock, maxIdJagLifetimeSeconds, clockSkewSeconds })
  }
}
