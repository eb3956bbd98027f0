// What has to be done again and again while a server runs: key rotation when due, revoking what slipped through an act, and forgetting what expired.
import type { SigningKeys } from '@crosswalk/as-core'
import type { ReceivedRevocations } from '@crosswalk/resource-as'
import type { Storage } from '@crosswalk/storage'

const INTERVAL_MS = 60_000

export interface HousekeepingParts {
  /** Told what clean-up has removed */
  readonly onForgotten?: ((forgotten: { readonly replayKeys: number }) => void) | undefined
  signingKeys(): readonly SigningKeys[]
  readonly storage: Pick<Storage, 'expiry'>
  /** Revokes again what acts in force have revoked */
  revokeHeld(): Promise<void>
  readonly receivedRevocations: Pick<ReceivedRevocations, 'forgetExpired'>
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
  revokeHeld,
  receivedRevocations,
  onForgotten,
}: HousekeepingParts): Promise<void> {
  for (const keys of signingKeys()) await keys.rotateIfDue()
  await revokeHeld()
  await forgetExpired({ storage, receivedRevocations, onForgotten })
}

/** One round of forgetting alone; by the time of the database, and not at all where a clock jumped lately. */
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
