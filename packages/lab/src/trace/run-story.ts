// A run as pages and files tell it: its steps, what each left behind, and what came of a fault. The same shape for every step,
// so that every page shows any of them.
import type { DecisionRecord } from '@crosswalk/protocol'

import type { Finding } from '../doctor/finding.ts'
import type { Fault } from '../flow/fault.ts'
import type { Ending, Refusal } from '../flow/flow-run.ts'
import type { ShownRequest, ShownResponse } from '../flow/redact.ts'
import type { Judgement } from '../flow/verdict.ts'
import type { DecodedToken } from '../token/decode-token.ts'

export const STEP_NAMES = [
  'discover',
  'sign-in',
  'id-token',
  'exchange',
  'redemption',
  'call',
  'renew',
  'cut',
  'recorded',
] as const
export type StepName = (typeof STEP_NAMES)[number]

/** One request and its answer, without tokens and secrets. */
export interface ShownExchange {
  readonly request: ShownRequest
  readonly response: ShownResponse
  /** Why nothing was sent, or nothing came back */
  readonly problem?: string
  readonly ms: number
}

/** What stands in a cell: an identifier or a value, unless it says that it is words. */
export type Cell = string | { readonly words: string }

export interface Table {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

export interface StepResult {
  /** `narrowed`: done, with less than was asked for */
  readonly outcome: 'done' | 'narrowed' | 'refused'
  /** What happened, in sentences */
  readonly told: readonly string[]
  readonly tables?: readonly Table[]
  readonly checks?: readonly Finding[]
  /** What was received, where it is a readable JWT */
  readonly token?: DecodedToken | undefined
  readonly refusal?: Refusal | undefined
  readonly decisionId?: string | undefined
  /** Where its record may be read */
  readonly decision?: DecisionRecord | undefined
}

export interface StepRecord extends StepResult {
  readonly ms: number
  readonly sent: readonly ShownExchange[]
}

export function findStepName(text: string): StepName | undefined {
  return STEP_NAMES.find((name) => name === text)
}

export interface ShownTrial {
  readonly fault: Pick<Fault, 'id' | 'leg' | 'changes' | 'gain' | 'errors' | 'codes'>
  readonly judgement: Judgement
  /** Of a run of this process: where the fault ended */
  readonly ended?: Ending | undefined
}

/** What a trace keeps of a run. */
export interface RunStory {
  readonly number: number
  readonly atMs: number
  readonly username?: string | undefined
  /** Who takes part, in words */
  readonly parties: readonly (readonly [name: string, value: string])[]
  readonly steps: Readonly<Partial<Record<StepName, StepRecord>>>
  /** Nothing is left that would be done without being asked for */
  readonly isOver: boolean
  readonly trial?: ShownTrial | undefined
  readonly report?: readonly ShownTrial[] | undefined
}
