// A run as pages and files show it: its steps, the result of each, and the result of a fault. All steps have the same
// shape, so that every page can show any of them.
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

/** One request and its response, without tokens and secrets. */
export interface ShownExchange {
  readonly request: ShownRequest
  readonly response: ShownResponse
  /** Why nothing was sent, or nothing received */
  readonly problem?: string
  readonly ms: number
}

/** A table cell: an identifier or value, or words if marked as such. */
export type Cell = string | { readonly words: string }

export interface Table {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

export interface StepResult {
  /** `narrowed`: done, but with less than requested */
  readonly outcome: 'done' | 'narrowed' | 'refused'
  /** What happened, in sentences */
  readonly told: readonly string[]
  readonly tables?: readonly Table[]
  readonly checks?: readonly Finding[]
  /** What was received, if it is a readable JWT */
  readonly token?: DecodedToken | undefined
  readonly refusal?: Refusal | undefined
  readonly decisionId?: string | undefined
  /** If its record is readable */
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
  /** For a run of this process: where the fault ended */
  readonly ended?: Ending | undefined
}

/** The parts of a run that a trace keeps. */
export interface RecordedRun {
  readonly number: number
  readonly atMs: number
  readonly username?: string | undefined
  readonly parties: readonly (readonly [name: string, value: string])[]
  readonly steps: Readonly<Partial<Record<StepName, StepRecord>>>
  /** No further step would run automatically */
  readonly isOver: boolean
  readonly trial?: ShownTrial | undefined
  readonly report?: readonly ShownTrial[] | undefined
}
