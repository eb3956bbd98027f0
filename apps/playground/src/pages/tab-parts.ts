// What the views of a step are made of.
import type { StepName, StepRecord } from '@crosswalk/lab'

import type { ShownRun } from '../shown-run.ts'

export interface TabParts {
  readonly run: ShownRun
  readonly step: StepName
  /** Undefined where the step was not done yet */
  readonly record: StepRecord | undefined
  readonly nowSeconds: number
}
