// Nonces for DPoP proofs (RFC 9449 section 8) without memory: each is a keyed digest of a span of time, so every
// process with the same master key knows the nonces of all.
import type { EpochSeconds } from '@crosswalk/protocol'

import type { Clock } from '../ports.ts'
import type { Sealing } from '../sealing/sealing.ts'

export interface DpopNonces {
  /** The nonce to send in `DPoP-Nonce` now */
  current(): string
  /** Whether a nonce is of now, or of the span before or after (clocks of processes differ) */
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
