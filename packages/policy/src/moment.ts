// Moments as RFC 3339 writes them, and back.
import { type EpochSeconds, flat, memoizeBounded } from '@crosswalk/protocol'

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/

/** Farthest from 1970 that the platform's dates reach; a claim may name any number. */
const FARTHEST_MS = 8.64e15

/** @returns epoch seconds without their fraction; undefined for anything but a moment */
export function parseMoment(text: string | undefined): number | undefined {
  if (text === undefined || !MOMENT.test(text)) return undefined
  const seconds = Math.floor(Date.parse(text) / 1000)
  return Number.isNaN(seconds) ? undefined : seconds
}

/** @returns epoch milliseconds as text in UTC */
export const renderMoment = memoizeBounded((epochMs: number): string => {
  const withinReach = Math.min(FARTHEST_MS, Math.max(-FARTHEST_MS, epochMs))
  return flat`${new Date(withinReach).toISOString()}`
})

/**
 * Whether something is over: from its end on. What has no end, or one that cannot be read, is not.
 *
 * @param end - as RFC 3339, or in epoch seconds
 */
export function hasEnded(end: string | number | undefined, now: EpochSeconds): boolean {
  const endsAt = typeof end === 'string' ? parseMoment(end) : end
  return endsAt !== undefined && endsAt <= now
}
