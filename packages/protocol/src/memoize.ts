// What is made for a key, made once and kept.

/**
 * For keys of which there are few, since nothing is ever forgotten.
 *
 * @returns a function that calls `make` for each key the first time it is asked
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
 * The same for keys of which there is no end, or that strangers choose: long texts are made again each time, and where
 * there are too many keys all are forgotten.
 *
 * @returns a function whose answers are shared, so no one may change them
 */
export function memoizeBounded<Key extends string | number, Made>(
  make: (key: Key) => Made,
): (key: Key) => Made {
  const made = new Map<Key, Made>()
  // The same key often comes many times in a row, and comparing two texts costs a tenth of looking one up.
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
