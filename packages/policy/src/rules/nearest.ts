// "Did you mean …?" for names in rules.
import { closest, distance } from 'fastest-levenshtein'

/** Longer names are unlikely to be typos, and take time to compare. */
const LONGEST = 64
/** Comparing with more names takes too long. */
const MAX_COMPARED = 1000

/** @returns the known name that was probably meant; undefined if none is near, or there are more than a thousand */
export function findNearest(given: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || known.length > MAX_COMPARED || given.length > LONGEST) return undefined
  const nearest = closest(given.toLowerCase(), [...known])
  const allowed = Math.max(2, Math.floor(given.length / 3))
  return distance(given.toLowerCase(), nearest.toLowerCase()) <= allowed ? nearest : undefined
}
