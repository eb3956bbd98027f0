// Without `onRefused`, writes why the API cannot verify tokens. Its callers get 503 without a reason, and the cause is often a wrong
// option, such as an issuer with a slash at the end.
import type { RefusalReport } from './options.ts'
import { findAgeMs } from './server-access.ts'

/** So that an outage does not flood the log with the same line */
const INTERVAL_MS = 60_000

/** @returns a listener that ignores refused tokens, which any caller can send */
export function writeFaults(nowMs: () => number): (report: RefusalReport) => void {
  let writtenAtMs = Number.NEGATIVE_INFINITY
  return ({ code, status, detail }) => {
    if (status < 500 || findAgeMs(writtenAtMs, nowMs()) < INTERVAL_MS) return
    writtenAtMs = nowMs()
    // oxlint-disable-next-line no-console -- an API without onRefused has no other log
    console.error(`crosswalk resource: ${status} ${code}: ${detail}`)
  }
}
