// What Stryker's process and the worker with the loaded tests tell each other.
import type { MutantCoverage } from '@stryker-mutator/api/core'

export const CHANNEL = 'crosswalk-mutation'

/** One test as the worker names it: file and name, as Stryker wants ids. */
export interface RanTest {
  readonly id: string
  readonly name: string
  readonly fileName: string
  readonly milliseconds: number
  /** Undefined where it passed */
  readonly failure: string | undefined
  readonly skipped: boolean
}

/** Runs these tests with one mutant switched on. */
export interface RunRequest {
  readonly mutant: string
  /** Undefined: all */
  readonly tests: readonly string[] | undefined
  readonly hitLimit: number | undefined
}

export type FromWorker =
  | { readonly kind: 'loaded'; readonly tests: readonly RanTest[]; readonly coverage: MutantCoverage }
  | {
      readonly kind: 'ran'
      readonly count: number
      /** The first test that failed, with which the run ended */
      readonly failed: { readonly id: string; readonly message: string } | undefined
      readonly hits: number
    }

export type ToWorker = ({ readonly kind: 'run' } & RunRequest) | { readonly kind: 'stop' }
