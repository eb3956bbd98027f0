// The input and output of a step.
import type { Clock } from '@crosswalk/as-core'
import type { GuardedSender, StepResult } from '@crosswalk/lab'

import type { Run } from './run.ts'

export interface RunContext extends Clock {
  /** Requests through this sender are shown */
  readonly sender: GuardedSender
  /** Requests through this sender are not shown: side queries */
  readonly aside: GuardedSender
}

export interface Progress {
  readonly result: StepResult
  /** Needed by the following steps */
  readonly learned?: Partial<Pick<Run, 'flow' | 'attempt' | 'received'>>
}

export type StepRunner = (run: Run, context: RunContext) => Promise<Progress>
