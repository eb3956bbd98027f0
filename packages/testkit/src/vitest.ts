// For a setup file of vitest: `expect.extend(matchers)`, with types.
import type {} from 'vitest'

declare module 'vitest' {
  // The parameters must match vitest's, or TypeScript would not merge the declarations.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** An `XaaError`, a response of a token endpoint, or a decision record with this code */
    toBeXaa(code: string): Promise<void>
  }
}

export { matchers } from './matchers.ts'
