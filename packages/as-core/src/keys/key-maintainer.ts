// Rotates keys while handling requests, so that no timer has to be stopped when the program ends.
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
    // A clock that was set back must not suspend rotation until it has caught up.
    if (Math.abs(nowMs - tendedAtMs) < TEND_EVERY_MS) return
    tendedAtMs = nowMs
    // Also adopts changes by other processes.
    signingKeys.rotateIfDue().catch((fault: unknown) => onFault(fault, 'keys'))
  }
}
