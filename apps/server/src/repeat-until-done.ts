// Work that a process does once, and that a fault must not prevent: it is repeated until it succeeds.
import { createRounds } from '@crosswalk/as-core'

const INTERVAL_MS = 60_000

/** @returns a function that stops it, and resolves once it is not running */
export function repeatUntilDone(
  work: () => Promise<void>,
  onFault: (fault: unknown) => void,
): () => Promise<void> {
  const rounds = createRounds(
    async () => {
      await work()
      void rounds.close()
    },
    { everyMs: INTERVAL_MS, onFault },
  )
  void rounds.run()
  return rounds.close
}
