// Rotates keys while handling requests, so that no timer has to be stopped when the program ends.
import { findRestMs } from '../find-rest-ms.ts'
import type { Clock } from '../ports.ts'
import type { SigningKeys } from './signing-keys.ts'

const TEND_EVERY_MS = 60_000

interface TendParts {
  readonly clock: Clock
  onFault(fault: unknown, reference: string): void
}

/** @returns a function to call with each request; it acts once a minute */
export function createKeyMaintainer(signingKeys: SigningKeys, { clock, onFault }: TendParts): () => void {
  let tendedAtMs = clock.nowMs()
  return () => {
    const nowMs = clock.nowMs()
    if (findRestMs(tendedAtMs, TEND_EVERY_MS, nowMs) > 0) return
    tendedAtMs = nowMs
    // Also adopts changes by other processes.
    signingKeys.rotateIfDue().catch((fault: unknown) => onFault(fault, 'keys'))
  }
}
