// What a benchmark is. To add one: write it in a file of its own and list it in `benches.ts`.
import type { Options } from './harness/compare.ts'

export interface BenchOptions extends Options {
  /** Recorded in a database before its lists are measured */
  readonly decisions: number
}

export interface Bench {
  readonly name: string
  /** What is measured, in one line */
  readonly what: string
  /** Too long to run unless it is named */
  readonly onlyNamed?: boolean
  /** @returns what to print: a ratio to a baseline measured in the same run, or a target. @throws when an answer is wrong */
  readonly run: (options: BenchOptions) => Promise<string>
}
