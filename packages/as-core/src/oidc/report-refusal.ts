// What the audit log says about a refused response of another provider. Anyone can begin a sign-in and make up a
// response, so the number of reports is limited.
import { cleanForeignText } from '../records/clean-foreign-text.ts'
import type { Clock } from '../ports.ts'
import { createRateLimit } from '../rate-limit.ts'
import type { UpstreamRefusal } from './upstream-client.ts'

const REPORTS_PER_MINUTE = 10

export interface RefusalReport {
  readonly reason: string
  /** What was wrong with the response, in one line */
  readonly detail: string | undefined
}

/** @returns undefined if the provider has enough reports in this minute */
export type ReportRefusal = (provider: string, refusal: UpstreamRefusal) => RefusalReport | undefined

export function createRefusalReports(clock: Clock): ReportRefusal {
  const limit = createRateLimit(REPORTS_PER_MINUTE, { clock, scope: 'upstream' })
  return (provider, refusal) => {
    if (limit?.count(provider) !== undefined) return undefined
    const text = refusal.reason === 'declined' ? refusal.error : refusal.detail
    return { reason: `upstream-${refusal.reason}`, detail: cleanForeignText(text) }
  }
}
