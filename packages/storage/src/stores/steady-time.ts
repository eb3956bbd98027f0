// Whether a clock can be trusted for deleting data: a clock that was set or stood still disagrees with the monotonic
// clock.
import { type EpochMs, HOUR_MS } from '@crosswalk/protocol'

/** Allowed drift between two looks. */
const TOLERANCE_MS = 5_000
/** How long a clock must run steadily after a jump before it is trusted again. */
const SETTLE_MS = HOUR_MS

/**
 * @returns a function that returns the given time, or undefined if the clock jumped since the last look or shortly
 *   before
 */
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
