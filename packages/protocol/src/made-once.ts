// What is made for a key, made once and kept: for keys of which there are few, since nothing is ever forgotten.

/** @returns a function that calls `make` for each key the first time it is asked */
export function madeOnce<Key, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const made = new Map<Key, Made>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const fresh = make(key)
    made.set(key, fresh)
    return fresh
  }
}
