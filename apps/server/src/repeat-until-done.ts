// Work that a process does once, and that a fault must not prevent: it is repeated until it succeeds.
import { createRounds } from '@crosswalk/as-core'

const INTERVAL_MS = 60_000

export interface Repeated {
  /** Resolves after the first attempt, also if it failed */
  readonly tried: Promise<void>
  /** Stops it, and resolves once it is not running */
  stop(): Promise<void>
}

export function repeatUntilDone(work: () => Promise<void>, onFault: (fault: unknown) => void): Repeated {
  const rounds = createRounds(
    async () => {
      await work()
      void rounds.close()
    },
    { everyMs: INTERVAL_MS, onFault },
  )
  return { tried: rounds.run(), stop: rounds.close }
}
