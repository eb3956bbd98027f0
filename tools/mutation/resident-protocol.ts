// The messages between Stryker's process and the worker with the loaded tests.
import type { MutantCoverage } from '@stryker-mutator/api/core'

export const CHANNEL = 'crosswalk-mutation'

/** One test as identified by the worker: file and name, which Stryker uses as ids. */
export interface RanTest {
  readonly id: string
  readonly name: string
  readonly fileName: string
  readonly milliseconds: number
  /** Undefined if it passed */
  readonly failure: string | undefined
  readonly skipped: boolean
}

/** Runs these tests with one mutant active. */
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
      /** The first failed test, which ended the run */
      readonly failed: { readonly id: string; readonly message: string } | undefined
      readonly hits: number
    }

export type ToWorker = ({ readonly kind: 'run' } & RunRequest) | { readonly kind: 'stop' }
