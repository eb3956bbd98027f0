// How long to wait before contacting an unresponsive server again.
import { RETRY_AFTER_SECONDS } from '@crosswalk/protocol'

export const LONGEST_PAUSE_MS = RETRY_AFTER_SECONDS * 1000
const FIRST_PAUSE_MS = 1000

/** @param failures - consecutive failures, at least one. @returns 1, 2, 4 … 30 seconds */
export function findRetryPauseMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1))
}
