// What has to be done again and again while a server runs: key rotation when due, withdrawing what slipped through an act, and forgetting what expired.
import type { SigningKeys } from '@crosswalk/as-core'
import type { ReceivedWithdrawals } from '@crosswalk/resource-as'
import type { Storage } from '@crosswalk/storage'

const INTERVAL_MS = 60_000

export interface HousekeepingParts {
  signingKeys(): readonly SigningKeys[]
  readonly storage: Pick<Storage, 'expiry'>
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
  withdrawHeld,
  receivedWithdrawals,
}: HousekeepingParts): Promise<void> {
  for (const keys of signingKeys()) await keys.rotateIfDue()
  await withdrawHeld()
  await forgetExpired({ storage, receivedWithdrawals })
}

/** One round of forgetting alone; by the time of the database, and not at all where a clock jumped lately. */
export async function forgetExpired({
  storage: { expiry },
  receivedWithdrawals,
}: Pick<HousekeepingParts, 'storage' | 'receivedWithdrawals'>): Promise<void> {
  const cut = await expiry.findCut()
  if (cut === undefined) return
  await expiry.forgetExpired(cut)
  await receivedWithdrawals.forgetExpired(cut)
}
