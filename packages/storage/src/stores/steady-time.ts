// Whether a clock can be trusted for deleting: one that was set, or stood still, disagrees with the monotonic clock.
import type { EpochMs } from '@crosswalk/protocol'

/** Between two looks clocks may drift apart by this much. */
const TOLERANCE_MS = 5_000
/** How long a clock has to run evenly after it jumped, before it is believed. */
const SETTLE_MS = 3_600_000

/** @returns what passes on the time it is told, or undefined where it jumped since the last look or not long before */
export function createSteadyTime(
  readElapsedMs: () => number = () => performance.now(),
): (nowMs: EpochMs) => EpochMs | undefined {
  let offset: number | undefined
  let believedFrom = -Infinity
  return (nowMs) => {
    const elapsedMs = readElapsedMs()
    const jump = nowMs - elapsedMs - (offset ?? nowMs - elapsedMs)
    offset = nowMs - elapsedMs
    if (Math.abs(jump) > TOLERANCE_MS) believedFrom = elapsedMs + SETTLE_MS
    return elapsedMs >= believedFrom ? nowMs : undefined
  }
}
