// How many cases a property test generates: as many as the test wants, or fewer in mutation testing, which sets
// fast-check's global option.
import fc from 'fast-check'

/** @param usual - number of cases in an ordinary test run */
export function propertyRuns(usual: number): { readonly numRuns: number } {
  return { numRuns: fc.readConfigureGlobal().numRuns ?? usual }
}

/** Whether so few cases are generated that their coverage must not be asserted. */
export function areRunsReduced(): boolean {
  return fc.readConfigureGlobal().numRuns !== undefined
}
