// For a set-up file of jest, or of vitest 2 to 4, which takes over the matchers of jest: `expect.extend(matchers)`, with types.
declare global {
  // Where jest looks for what others add to its matchers.
  namespace jest {
    // The parameters are those of jest, or the declarations would not be one.
    interface Matchers<R, T = {}> {
      /** An `XaaError`, a response of a token endpoint, or a decision record with this code */
      toBeXaa(code: string): Promise<void>
    }
  }
}

export { matchers } from './matchers.ts'
