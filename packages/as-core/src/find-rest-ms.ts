// How much of a span of time is left. Spans are measured by clocks that can be set back, and some began in another
// process, whose clock may be ahead: such a span must not last until the clocks agree again.
import type { EpochMs } from '@crosswalk/protocol'

/** @returns 0 if the span is over, or begins further in the future than it is long */
export function findRestMs(startedAt: EpochMs, lengthMs: number, now: EpochMs): number {
  const elapsedMs = now - startedAt
  return Math.abs(elapsedMs) < lengthMs ? lengthMs - elapsedMs : 0
}
