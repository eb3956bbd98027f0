// Requests the signing keys through HAProxy repeatedly: they are served whatever happens to the database.
import { setTimeout as wait } from 'node:timers/promises'

const PAUSE_MS = 500
const PATIENCE_MS = 5_000

export interface KeyProbe {
  /** @returns the number of requests, and the failures */
  stop(): Promise<{ readonly asked: number; readonly failures: readonly string[] }>
}

export function startKeyProbe(jwksUri: string): KeyProbe {
  const failures: string[] = []
  let asked = 0
  let stopped = false

  async function ask(): Promise<void> {
    asked += 1
    const response = await fetch(jwksUri, { signal: AbortSignal.timeout(PATIENCE_MS) })
    const body = await response.text()
    if (!response.ok) failures.push(`${response.status} ${body.slice(0, 80)}`)
  }

  async function work(): Promise<void> {
    while (!stopped) {
      await ask().catch((error: unknown) => failures.push(String(error)))
      await wait(PAUSE_MS)
    }
  }

  const working = work()
  return {
    async stop() {
      stopped = true
      await working
      return { asked, failures }
    },
  }
}
