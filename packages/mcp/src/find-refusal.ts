// Finds the refusal of ours inside what the official SDK throws.
import { XaaError } from '@crosswalk/client'

/** The SDK's version negotiation puts what its probe meets into an error of its own, as the cause. */
export function findRefusal(error: unknown): XaaError | undefined {
  const seen = new Set<unknown>()
  for (let at = error; at instanceof Error && !seen.has(at); at = at.cause) {
    if (at instanceof XaaError) return at
    seen.add(at)
  }
  return undefined
}
