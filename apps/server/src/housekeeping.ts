// What has to be done again and again while a server runs: key rotation when due, keys that other processes changed,
// withdrawing what slipped through an act, and forgetting what expired.
import type { Clock, SigningKeys } from '@crosswalk/authorization-server'
import type { ReceivedWithdrawals } from '@crosswalk/resource-as'
import type { Storage } from '@crosswalk/storage'

const INTERVAL_MS = 60_000

export interface HousekeepingParts {
  signingKeys(): readonly SigningKeys[]
  readonly storage: Pick<Storage, 'expiry'>
  readonly clock: Clock
  /** Withdraws again what acts in force have withdrawn */
  withdrawHeld(): Promise<void>
  readonly receivedWithdrawals: Pick<ReceivedWithdrawals, 'forgetExpired'>
  onFault(fault: unknown, reference: string): void
}

/** @returns a function that ends it, resolving when nothing is under way any more */
export function keepHouse(parts: HousekeepingParts): () => Promise<void> {
  let running = Promise.resolve()
  const timer = setInterval(() => {
    running = running.then(() => tidy(parts)).catch((fault: unknown) => parts.onFault(fault, 'housekeeping'))
  }, INTERVAL_MS)
  timer.unref()
  return () => {
    clearInterval(timer)
    return running
  }
}

/** One round. */
export async function tidy({
  signingKeys,
  storage,
  clock,
  withdrawHeld,
  receivedWithdrawals,
}: HousekeepingParts): Promise<void> {
  for (const keys of signingKeys()) {
    if (!(await keys.rotateIfDue())) await keys.reload()
  }
  await withdrawHeld()
  const now = Math.floor(clock.nowMs() / 1000)
  await storage.expiry.forgetExpiredMarks(now)
  await storage.expiry.forgetExpiredAccessTokens(now)
  await storage.expiry.forgetExpiredSignInRecords(now)
  await receivedWithdrawals.forgetExpired(now)
}
