// The interface of a benchmark. To add one, write it in its own file and list it in `benches.ts`.
import type { Options } from './harness/compare.ts'

export interface BenchOptions extends Options {
  /** Number of decisions recorded before lists are measured */
  readonly decisions: number
}

export interface Bench {
  readonly name: string
  /** One line on what it measures */
  readonly what: string
  /** Too slow to run unless named */
  readonly onlyNamed?: boolean
  /** @returns the report: a ratio to a baseline of the same run, or a target. @throws if a response is wrong */
  readonly run: (options: BenchOptions) => Promise<string>
}
