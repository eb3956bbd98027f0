// What the views of a step receive.
import type { StepName, StepRecord } from '@crosswalk/lab'

import type { ShownRun } from '../shown-run.ts'

export interface TabParts {
  readonly run: ShownRun
  readonly step: StepName
  /** Undefined if the step has not run yet */
  readonly record: StepRecord | undefined
  readonly nowSeconds: number
}
