// Works through long lists without keeping other requests waiting.
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Entries before other work gets its turn: a few milliseconds, even if each is parsed */
const PORTION = 250

/** Yields these entries in portions, with a turn for other work between them. */
export async function* inPortions<T>(all: readonly T[], size: number = PORTION): AsyncIterable<readonly T[]> {
  for (let start = 0; start < all.length; start += size) {
    if (start > 0) await nextTurn()
    yield all.slice(start, start + size)
  }
}

/** Yields these entries one by one, with a turn for other work after each portion. */
export async function* inTurns<T>(all: readonly T[]): AsyncIterable<T> {
  for await (const some of inPortions(all)) yield* some
}

/** Like `all.map(make)`, with a turn for other work after each portion. */
export async function mapInTurns<T, U>(all: readonly T[], make: (entry: T) => U): Promise<readonly U[]> {
  const made: U[] = []
  for await (const entry of inTurns(all)) made.push(make(entry))
  return made
}
