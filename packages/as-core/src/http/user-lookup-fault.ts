// Calls a function of the embedding service that looks users up, and says so if it fails, for example while its database
// is down. The request itself is not at fault, so callers are told to retry (503).
import { findCause } from '../find-cause.ts'

/** While the database of a service hangs, requests would otherwise pile up. */
const TIMEOUT_MS = 10_000

export class UserLookupFault extends Error {
  override readonly name = 'UserLookupFault'

  constructor(cause: unknown) {
    super(`users cannot be looked up: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** @throws UserLookupFault if the function throws, or has returned nothing after 10 seconds */
export async function lookUpUsers<T>(call: () => T | Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no result after ${TIMEOUT_MS / 1000} seconds`)), TIMEOUT_MS)
  })
  try {
    return await Promise.race([call(), late])
  } catch (error) {
    throw new UserLookupFault(error)
  } finally {
    clearTimeout(timer)
  }
}

/** The lookup fault in an error or its causes. */
export function findUserLookupFault(fault: unknown): UserLookupFault | undefined {
  return findCause(fault, UserLookupFault)
}
