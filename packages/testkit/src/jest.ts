// For a setup file of jest, or of vitest 2 to 4, which supports jest's matchers: `expect.extend(matchers)`, with types.
declare global {
  // jest looks for additional matchers here.
  namespace jest {
    // The parameters must match jest's, or TypeScript would not merge the declarations.
    interface Matchers<R, T = {}> {
      /** An `XaaError`, a response of a token endpoint, or a decision record with this code */
      toBeXaa(code: string): Promise<void>
    }
  }
}

export { matchers } from './matchers.ts'
