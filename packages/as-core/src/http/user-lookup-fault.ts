// Thrown if a function of the embedding service that looks users up fails, for example while its database is down. The
// request itself is not at fault, so callers are told to retry (503).
import { findCause } from '../find-cause.ts'

export class UserLookupFault extends Error {
  override readonly name = 'UserLookupFault'

  constructor(cause: unknown) {
    super(`users cannot be looked up: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** The lookup fault in an error or its causes. */
export function findUserLookupFault(fault: unknown): UserLookupFault | undefined {
  return findCause(fault, UserLookupFault)
}
