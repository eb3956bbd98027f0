// What the views of a step are made of.
import type { Run } from '../run.ts'
import type { StepName, StepRecord } from '../step-record.ts'

export interface TabParts {
  readonly run: Run
  readonly step: StepName
  /** Undefined where the step was not done yet */
  readonly record: StepRecord | undefined
  readonly nowSeconds: number
}
