// Finds our refusal inside an error of the official SDK.
import { XaaError } from '@crosswalk/client'

/** The SDK's version negotiation wraps the error of its probe as the cause of its own error. */
export function findRefusal(error: unknown): XaaError | undefined {
  const seen = new Set<unknown>()
  for (let at = error; at instanceof Error && !seen.has(at); at = at.cause) {
    if (at instanceof XaaError) return at
    seen.add(at)
  }
  return undefined
}
