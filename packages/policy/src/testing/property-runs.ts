// How many cases a property generates: as many as its test wants, or as few as a run over thousands of mutants can
// afford, which says so through fast-check's global settings.
import fc from 'fast-check'

/** @param usual - cases in an ordinary test run */
export function propertyRuns(usual: number): { readonly numRuns: number } {
  return { numRuns: fc.readConfigureGlobal().numRuns ?? usual }
}

/** Whether few cases are generated, so that nothing may be said about what all of them together reach. */
export function areRunsCut(): boolean {
  return fc.readConfigureGlobal().numRuns !== undefined
}
