// Tests that run a program which CI cannot install from Debian or npm. Without the program, they are skipped; in CI
// they are left out, because CI treats a skipped test as one that never runs.
import { describe, it } from 'vitest'

const isCi = process.env['CI'] !== undefined
const leaveOut = () => undefined

/** @param isThere - whether the program was found */
export function describeWith(isThere: boolean) {
  if (isThere) return describe
  return isCi ? leaveOut : describe.skip
}

/** @param isThere - whether the program was found */
export function itWith(isThere: boolean) {
  if (isThere) return it
  return isCi ? leaveOut : it.skip
}
