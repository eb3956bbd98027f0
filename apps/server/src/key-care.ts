// Looks after signing keys while a server runs: takes rotation steps that are due, and what other processes changed.
import type { SigningKeys } from '@crosswalk/authorization-server'

const INTERVAL_MS = 60_000

/** @returns a function that ends it */
export function careForKeys(keys: readonly SigningKeys[], onFault: (fault: unknown) => void): () => void {
  const timer = setInterval(() => {
    for (const each of keys) {
      each
        .rotateIfDue()
        .then((changed) => (changed ? undefined : each.reload()))
        .catch(onFault)
    }
  }, INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}
