// Parses and renders RFC 3339 timestamps.
import { type EpochSeconds, flat, memoizeBounded } from '@crosswalk/protocol'

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/

/** The limit of JavaScript dates around 1970; a claim may contain any number. */
const FARTHEST_MS = 8.64e15

/** @returns epoch seconds without a fraction; undefined if the text is not a valid timestamp */
export function parseMoment(text: string | undefined): number | undefined {
  const seconds = parseExactly(text)
  return seconds === undefined ? undefined : Math.floor(seconds)
}

function parseExactly(text: string | undefined): number | undefined {
  if (text === undefined || !MOMENT.test(text)) return undefined
  const seconds = Date.parse(text) / 1000
  return Number.isNaN(seconds) ? undefined : seconds
}

/** @returns the epoch milliseconds as RFC 3339 text in UTC */
export const renderTime = memoizeBounded((epochMs: number): string => {
  const withinReach = Math.min(FARTHEST_MS, Math.max(-FARTHEST_MS, epochMs))
  return flat`${new Date(withinReach).toISOString()}`
})

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
