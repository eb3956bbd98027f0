// What the pages of the playground are about: who takes part, and the runs so far.
import type { Fault } from '../flow/fault.ts'
import type { Flow } from '../flow/flow-parties.ts'
import type { FlowRun, Leg } from '../flow/flow-run.ts'
import type { Judgement } from '../flow/verdict.ts'
import type { DecodedToken } from '../token/decode-token.ts'

export interface Parties extends Pick<Flow, 'idp' | 'as' | 'resource' | 'scope' | 'call'> {
  /** Of the demo world, who signs in */
  readonly person: string | undefined
}

export interface PlaygroundRun {
  readonly number: number
  readonly atMs: number
  readonly idToken: DecodedToken | undefined
  readonly legs: readonly Leg[]
  /** Absent for a run without a fault */
  readonly trial?: { readonly fault: Fault; readonly judgement: Judgement }
}

export interface PlaygroundParts {
  /** Where it is served; requests for any other host are refused */
  readonly origin: string
  /** Goes with every form */
  readonly formKey: string
  readonly parties: Parties
  /** Whether faults may be sent to these parties */
  readonly mayBreak: boolean
  nowMs(): number
  idToken(): Promise<string>
  run(idToken: string): Promise<FlowRun>
  tryFault(
    idToken: string,
    fault: Fault,
  ): Promise<{ readonly judgement: Judgement; readonly legs: readonly Leg[] }>
}
