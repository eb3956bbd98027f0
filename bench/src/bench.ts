// What a benchmark is. To add one: write it in a file of its own and list it in `benches.ts`.
import type { Options } from './harness/compare.ts'

export interface Bench {
  readonly name: string
  /** What is measured, in one line */
  readonly what: string
  /** @returns what to print: a ratio to a baseline measured in the same run. @throws when an answer is wrong */
  readonly run: (options: Options) => Promise<string>
}
