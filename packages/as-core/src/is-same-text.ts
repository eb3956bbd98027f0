// Comparison of secrets in constant time.
import { timingSafeEqual } from 'node:crypto'

/** Compares two texts, one of which may be a secret, in a time that reveals only whether their lengths match. */
export function isSameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
