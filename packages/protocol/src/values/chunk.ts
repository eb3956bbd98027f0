/** Yields the items in their order, at most `size` at a time. */
export function* chunk<T>(all: readonly T[], size: number): Iterable<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size)
}
