// What the hot path looked up, kept while nobody changed the file: SQLite says cheaply whether another connection
// committed, and this process says when it wrote itself. A row is then not read and parsed again for each request.
import type { DatabaseSync } from 'node:sqlite'

export interface ReadMemo {
  /** Wraps a look-up; `look` must read nothing but its arguments and the database. */
  remember<Found>(
    look: (values: readonly (string | number)[]) => Found,
  ): (values: readonly (string | number)[]) => Found
  /** This connection wrote something, or took it back. */
  forget(): void
}

/** Bounds the memory; more people than this at once are looked up anew. */
const MOST_KEPT = 10_000

export function createReadMemo(database: DatabaseSync): ReadMemo {
  // Changes when another connection commits, not by what this one does.
  const readVersion = database.prepare('pragma data_version')
  readVersion.setReturnArrays(true)
  const kept = new Map<string, unknown>()
  let lookups = 0
  let version: unknown
  let looked = false

  /** Once per turn of the event loop: what a turn handles had arrived before it began. */
  function lookForChanges(): void {
    if (looked) return
    looked = true
    setImmediate(() => (looked = false))
    const [now] = readVersion.get() as unknown as readonly unknown[]
    if (now !== version || kept.size > MOST_KEPT) kept.clear()
    version = now
  }

  return {
    remember(look) {
      const lookup = (lookups += 1)
      return (values) => {
        lookForChanges()
        const key = `${lookup}${JSON.stringify(values)}`
        if (kept.has(key)) return kept.get(key) as ReturnType<typeof look>
        const found = look(values)
        kept.set(key, found)
        return found
      }
    },
    forget: () => kept.clear(),
  }
}
