// Thrown by a key provider that cannot create or use a key at the moment. The request itself is not at fault, so
// callers are told to retry (503).
import { findCause } from '../find-cause.ts'

export class KeyProviderFault extends Error {
  readonly provider: string

  /** @param what - for operators, such as `token crosswalk not found` */
  constructor(provider: string, what: string, cause?: unknown) {
    super(`${provider}: ${what}`, cause === undefined ? undefined : { cause })
    this.name = 'KeyProviderFault'
    this.provider = provider
  }
}

/** The key provider fault in an error or its causes. */
export function findKeyProviderFault(fault: unknown): KeyProviderFault | undefined {
  return findCause(fault, KeyProviderFault)
}
