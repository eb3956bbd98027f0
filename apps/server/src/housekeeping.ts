// Periodic work of a running server: rotates keys when due, revokes tokens that escaped a revocation, and deletes
// expired data.
import { createRounds, type SigningKeys } from '@crosswalk/as-core'
import type { ReceivedRevocations } from '@crosswalk/resource-as'
import type { Storage } from '@crosswalk/storage'

const INTERVAL_MS = 60_000

export interface HousekeepingParts {
  /** Called with the counts of deleted entries */
  readonly onForgotten?: ((forgotten: { readonly replayKeys: number }) => void) | undefined
  signingKeys(): readonly SigningKeys[]
  readonly storage: Pick<Storage, 'expiry'>
  /** Repeats the revocations of active suspensions and blocks */
  revokeHeld(): Promise<void>
  /** Repeats the revocations of changes that were interrupted */
  completeChanges(): Promise<void>
  readonly receivedRevocations: Pick<ReceivedRevocations, 'forgetExpired'>
  onFault(fault: unknown, reference: string): void
}

/** @returns a function that stops it, and resolves once no round is running */
export function startHousekeeping(parts: HousekeepingParts): () => Promise<void> {
  const onFault = (fault: unknown) => parts.onFault(fault, 'housekeeping')
  return createRounds(() => tidy(parts), { everyMs: INTERVAL_MS, onFault }).close
}

/**
 * One round. A task that fails, such as a rotation while the key provider is unreachable, does not stop the others.
 *
 * @throws the first fault, once all tasks have run
 */
export async function tidy(parts: HousekeepingParts): Promise<void> {
  const { signingKeys, storage, revokeHeld, completeChanges } = parts
  // By the clock of the database; undefined if it jumped recently. A key must not be promoted or dropped by it then.
  const cut = await storage.expiry.findCut()
  const tasks = [
    ...signingKeys().map((keys) => () => (cut === undefined ? keys.reload() : keys.rotateIfDue())),
    revokeHeld,
    completeChanges,
    () => forgetBefore(cut, parts),
  ]
  const faults: unknown[] = []
  for (const task of tasks)
    try {
      await task()
    } catch (fault) {
      faults.push(fault)
    }
  if (faults.length > 0) throw faults[0]
}

type ForgetParts = Pick<HousekeepingParts, 'storage' | 'receivedRevocations' | 'onForgotten'>

/** Deletes expired data, by the clock of the database; skipped after a recent clock jump. */
export async function forgetExpired(parts: ForgetParts): Promise<void> {
  await forgetBefore(await parts.storage.expiry.findCut(), parts)
}

async function forgetBefore(
  cut: number | undefined,
  { storage: { expiry }, receivedRevocations, onForgotten }: ForgetParts,
): Promise<void> {
  if (cut === undefined) return
  const forgotten = await expiry.forgetExpired(cut)
  if (forgotten !== undefined) onForgotten?.(forgotten)
  await receivedRevocations.forgetExpired(cut)
}
