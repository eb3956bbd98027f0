// What doing a step takes, and what comes of it.
import type { GuardedSender } from '../http/guarded-sender.ts'
import type { Clock } from '../terminal.ts'
import type { Run } from './run.ts'
import type { StepResult } from './step-record.ts'

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
