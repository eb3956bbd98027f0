// What is made for a key, made once and kept.

/**
 * For keys of which there are few, since nothing is ever forgotten.
 *
 * @returns a function that calls `make` for each key the first time it is asked
 */
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

const MOST_KEPT = 256
const LONGEST_KEPT = 512

/**
 * The same for texts that strangers choose: long ones are made anew each time, and where there are too many all are
 * forgotten.
 *
 * @returns a function whose answers are shared, so nobody may change them
 */
export function madeLately<Made>(make: (text: string) => Made): (text: string) => Made {
  const made = new Map<string, Made>()
  return (text) => {
    const known = made.get(text)
    if (known !== undefined || text.length > LONGEST_KEPT) return known ?? make(text)
    const fresh = make(text)
    if (made.size >= MOST_KEPT) made.clear()
    made.set(text, fresh)
    return fresh
  }
}
