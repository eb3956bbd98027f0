// Values computed once per key and kept.

/**
 * For small sets of keys, since nothing is ever evicted.
 *
 * @returns a function that calls `make` once for each key, when it is first requested
 */
export function memoize<Key, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const made = new Map<Key, Made>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const fresh = make(key)
    made.set(key, fresh)
    return fresh
  }
}

const MAX_KEPT = 256
const LONGEST_KEPT = 512

/**
 * For unlimited keys, or keys chosen by strangers: results for long texts are not kept, and if there are too many keys,
 * all are evicted.
 *
 * @returns a function whose results are shared, so they must not be modified
 */
export function memoizeBounded<Key extends string | number, Made>(
  make: (key: Key) => Made,
): (key: Key) => Made {
  const made = new Map<Key, Made>()
  // The same key often repeats, and comparing two strings costs a tenth of a lookup.
  let last: { readonly key: Key; readonly made: Made } | undefined
  return (key) => {
    if (last !== undefined && last.key === key) return last.made
    if (typeof key === 'string' && key.length > LONGEST_KEPT) return make(key)
    let found = made.get(key)
    if (found === undefined) {
      found = make(key)
      if (made.size >= MAX_KEPT) made.clear()
      made.set(key, found)
    }
    last = { key, made: found }
    return found
  }
}

/** Deletes the oldest entry if there are more than `most`. Call it after each insertion. */
export function evictOldest<Key>(entries: Map<Key, unknown>, most: number): void {
  if (entries.size <= most) return
  for (const oldest of entries.keys()) {
    entries.delete(oldest)
    return
  }
}
