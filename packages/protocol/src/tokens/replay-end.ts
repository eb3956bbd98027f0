// How long the use of a token is remembered (SEC-20).
import type { EpochSeconds } from '../time.ts'

/**
 * @param acceptedUntil - when the token would be refused without clock skew, such as its `exp`
 * @returns when no server accepts it any longer, in whole seconds
 */
export function findReplayEnd(acceptedUntil: EpochSeconds, clockSkewSeconds: number): EpochSeconds {
  return Math.ceil(acceptedUntil) + clockSkewSeconds + 1
}
