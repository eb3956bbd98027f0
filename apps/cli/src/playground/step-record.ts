// The steps of a run, and what each leaves behind: the same for all of them, so that every page shows any of them.
import type { DecisionRecord } from '@crosswalk/protocol'

import type { Finding } from '../doctor/finding.ts'
import type { Refusal } from '../flow/flow-run.ts'
import type { ShownRequest, ShownResponse } from '../flow/redact.ts'
import type { DecodedToken } from '../token/decode-token.ts'
import type { Table } from './pages/parts.ts'

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
