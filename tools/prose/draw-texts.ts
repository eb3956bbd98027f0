// Draws items from a list with a seed: the same seed gives the same items, so that a review can be repeated.

/** @returns `count` different items, or all if there are fewer */
export function drawFrom<T>(items: readonly T[], seed: number, count: number): readonly T[] {
  const left = [...items]
  const next = createRandom(seed)
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const [drawn] = left.splice(Math.floor(next() * left.length), 1)
    return drawn as T
  })
}

/** Mulberry32: small, and the same on all platforms. @returns numbers from 0 to below 1 */
function createRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
