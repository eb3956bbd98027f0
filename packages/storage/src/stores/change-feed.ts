// Notifies listeners once per revision of changed objects, whether this or another process changed them.
import { setTimeout as wait } from 'node:timers/promises'

import type { Engine } from '../dialects/dialect.ts'

const RETRY_MS = 1_000

export interface ChangeFeed {
  onChange(listener: (revision: number) => void): Promise<() => void>
  /** Announces that this process created `revision`. */
  announce(revision: number): void
  close(): Promise<void>
}

/** Watches the database once there is a listener. */
export function createChangeFeed(engine: Engine, readRevision: () => Promise<number>): ChangeFeed {
  const listeners = new Set<(revision: number) => void>()
  let known = 0
  let looking = false
  let asked = false
  let closed = false
  let watch: Promise<() => Promise<void>> | undefined

  function announce(revision: number): void {
    if (revision <= known) return
    known = revision
    for (const listener of listeners) listener(revision)
  }

  function look(): void {
    asked = true
    if (!looking) void lookWhileAsked()
  }

  /** Each change is announced only once, so an announcement during a look or a failed read requires another look. */
  async function lookWhileAsked(): Promise<void> {
    looking = true
    while (asked && !closed) {
      asked = false
      try {
        announce(await readRevision())
      } catch {
        asked = true
        await wait(RETRY_MS, undefined, { ref: false })
      }
    }
    looking = false
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
      closed = true
      await (
        await watch
      )?.()
    },
  }
}
