// Notifies listeners once per revision that objects changed, in this process or another.
import type { Engine } from '../dialects/dialect.ts'

export interface ChangeFeed {
  onChange(listener: (revision: number) => void): Promise<() => void>
  /** Says that this process made `revision`. */
  announce(revision: number): void
  close(): Promise<void>
}

/** Watches the database from the first listener on. */
export function createChangeFeed(engine: Engine, readRevision: () => Promise<number>): ChangeFeed {
  const listeners = new Set<(revision: number) => void>()
  let known = 0
  let looking = false
  let watch: Promise<() => Promise<void>> | undefined

  function announce(revision: number): void {
    if (revision <= known) return
    known = revision
    for (const listener of listeners) listener(revision)
  }

  function look(): void {
    if (looking) return
    looking = true
    readRevision()
      .then(announce)
      // A database that is away says so to every request; the next look tries again.
      .catch(() => undefined)
      .finally(() => {
        looking = false
      })
  }

  return {
    announce,
    async onChange(listener) {
      if (watch === undefined) known = Math.max(known, await readRevision())
      watch ??= engine.watchObjects(look)
      await watch
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      await (
        await watch
      )?.()
    },
  }
}
