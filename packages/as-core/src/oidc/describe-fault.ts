// Faults of the OpenID Connect library, as text that is safe to log.
import { cleanForeignText } from '../records/clean-foreign-text.ts'

const DEEPEST_CAUSE = 4

/** Describes a fault by its messages and codes only: errors of the library contain responses, which may hold tokens. */
export function describeFault(error: unknown): string {
  const words: string[] = []
  let at = error
  while (at instanceof Error && words.length < DEEPEST_CAUSE) {
    const code = 'error' in at && typeof at.error === 'string' ? ` (${at.error})` : ''
    const status = at.cause instanceof Response ? ` (HTTP ${at.cause.status})` : ''
    words.push(`${at.message}${code}${status}`)
    at = at.cause
  }
  return cleanForeignText(words.join(': '))
}
