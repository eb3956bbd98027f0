// What doing a step takes, and what comes of it.
import type { Clock } from '@crosswalk/as-core'
import type { GuardedSender, StepResult } from '@crosswalk/lab'

import type { Run } from './run.ts'

export interface Around extends Clock {
  /** What goes through it is shown */
  readonly sender: GuardedSender
  /** What goes through this is not: questions on the side */
  readonly aside: GuardedSender
}

export interface Progress {
  readonly result: StepResult
  /** What the next steps need */
  readonly learned?: Partial<Pick<Run, 'flow' | 'attempt' | 'received'>>
}

export type StepRunner = (run: Run, around: Around) => Promise<Progress>
