// Stateless nonces for DPoP proofs (RFC 9449 section 8): each is a keyed digest of a time span, so all processes with
// the same master key accept each other's nonces.
import type { EpochSeconds } from '@crosswalk/protocol'

import type { Clock } from '../ports.ts'
import type { Sealing } from '../sealing/sealing.ts'

export interface DpopNonces {
  /** The nonce to send in `DPoP-Nonce` now */
  current(): string
  /** Whether a nonce belongs to the current span or an adjacent one (clocks of processes differ) */
  isFresh(nonce: string): boolean
}

const SPAN_SECONDS: EpochSeconds = 150

/** A nonce is accepted for 150 to 300 seconds. */
export function createDpopNonces(sealing: Sealing, clock: Clock): DpopNonces {
  const nonceOf = (span: number): string => sealing.keyedDigest('dpop-nonce', String(span)).slice(0, 22)
  const spanOfNow = (): number => Math.floor(clock.nowMs() / 1000 / SPAN_SECONDS)
  return {
    current: () => nonceOf(spanOfNow()),
    isFresh(nonce) {
      const now = spanOfNow()
      return [now, now - 1, now + 1].some((span) => nonceOf(span) === nonce)
    },
  }
}
