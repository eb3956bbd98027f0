import { timingSafeEqual } from 'node:crypto'

/** Compares two texts, of which one may be a secret, in a time that tells nothing but whether they are equally long. */
export function isSameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
