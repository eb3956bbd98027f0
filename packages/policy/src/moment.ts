// Parses and renders RFC 3339 timestamps.
import { type EpochMs, type EpochSeconds, flat, memoizeBounded } from '@crosswalk/protocol'

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/

/** The limit of JavaScript dates around 1970; a claim may contain any number. */
const FARTHEST_MS = 8.64e15

/** @returns epoch seconds without a fraction; undefined if the text is not a valid timestamp */
export function parseMoment(text: string | undefined): number | undefined {
  const ms = parseMomentMs(text)
  return ms === undefined ? undefined : Math.floor(ms / 1000)
}

/** The same, exact to the millisecond. */
export function parseMomentMs(text: string | undefined): EpochMs | undefined {
  if (text === undefined || !MOMENT.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}

/** @returns the epoch milliseconds as RFC 3339 text in UTC */
export const renderTime = memoizeBounded((epochMs: number): string => {
  const withinReach = Math.min(FARTHEST_MS, Math.max(-FARTHEST_MS, epochMs))
  return flat`${new Date(withinReach).toISOString()}`
})

function parseExactly(text: string): EpochSeconds | undefined {
  const ms = parseMomentMs(text)
  return ms === undefined ? undefined : ms / 1000
}

/**
 * Whether the end has been reached. Without an end, or with an unreadable one, it has not. Exact to the millisecond, so that
 * a block never ends early.
 *
 * @param end - RFC 3339, or epoch seconds
 */
export function hasEnded(end: string | number | undefined, now: EpochSeconds): boolean {
  const endsAt = typeof end === 'string' ? parseExactly(end) : end
  return endsAt !== undefined && endsAt <= now
}
