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
  readonly receivedRevocations: Pick<ReceivedRevocations, 'forgetExpired'>
  onFault(fault: unknown, reference: string): void
}

/** @returns a function that stops it, and resolves once no round is running */
export function startHousekeeping(parts: HousekeepingParts): () => Promise<void> {
  const onFault = (fault: unknown) => parts.onFault(fault, 'housekeeping')
  return createRounds(() => tidy(parts), { everyMs: INTERVAL_MS, onFault }).close
}

/** One round. */
export async function tidy({
  signingKeys,
  storage,
  revokeHeld,
  receivedRevocations,
  onForgotten,
}: HousekeepingParts): Promise<void> {
  for (const keys of signingKeys()) await keys.rotateIfDue()
  await revokeHeld()
  await forgetExpired({ storage, receivedRevocations, onForgotten })
}

/** Deletes expired data, by the clock of the database; skipped after a recent clock jump. */
export async function forgetExpired({
  storage: { expiry },
  receivedRevocations,
  onForgotten,
}: Pick<HousekeepingParts, 'storage' | 'receivedRevocations' | 'onForgotten'>): Promise<void> {
  const cut = await expiry.findCut()
  if (cut === undefined) return
  const forgotten = await expiry.forgetExpired(cut)
  if (forgotten !== undefined) onForgotten?.(forgotten)
  await receivedRevocations.forgetExpired(cut)
}
