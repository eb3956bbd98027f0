// What a key provider throws while it cannot make or use a key: it says nothing about the request, so callers are asked to
// come back (503).
import { findCause } from '../find-cause.ts'

export class KeyProviderFault extends Error {
  readonly provider: string

  /** @param what - for operators: `the token crosswalk is not there` */
  constructor(provider: string, what: string, cause?: unknown) {
    super(`${provider}: ${what}`, cause === undefined ? undefined : { cause })
    this.name = 'KeyProviderFault'
    this.provider = provider
  }
}

/** The fault of a key provider in an error or behind it. */
export function findKeyProviderFault(fault: unknown): KeyProviderFault | undefined {
  return findCause(fault, KeyProviderFault)
}
