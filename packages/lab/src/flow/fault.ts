// A deliberate fault: what it changes, where and why it must be refused, and what an attacker gains if it is not.
import type { CallDraft, TokenDraft } from './drafts.ts'
import type { AdministratorAct, FaultRequirements } from './fault-requirements.ts'
import type { Flow } from './flow-parties.ts'
import type { Leg, LegName, Received } from './flow-run.ts'

interface Expectation {
  /** OAuth errors that match; `''` for a response without one */
  readonly errors: readonly string[]
  /** Our decision codes that match */
  readonly codes: readonly string[]
}

interface FaultOf<Name extends LegName, Draft> extends Expectation {
  readonly id: string
  readonly leg: Name
  readonly changes: string
  /** Required for sending the fault */
  readonly needs?: keyof FaultRequirements
  /** Active while the request is sent */
  readonly act?: AdministratorAct
  /** What an attacker gains if it is accepted */
  readonly gain: string
  /** Its signature is also invalid, so the wire alone does not show which of the two it is refused for */
  readonly alsoForged?: true
  /** Why accepting it may be legitimate */
  readonly mayBeTaken?: string
  /** Whether the response grants the excess request, which servers may ignore. Undefined if that is not visible */
  isGained?(leg: Leg): boolean | undefined
  change(draft: Draft, around: { readonly flow: Flow; readonly received: Received }): Draft | Promise<Draft>
}

type ExchangeFault = FaultOf<'exchange', TokenDraft>
type RedemptionFault = FaultOf<'redemption', TokenDraft>
type CallFault = FaultOf<'call', CallDraft>
export type Fault = ExchangeFault | RedemptionFault | CallFault

/** In the lists of one leg */
export type TokenFaultRow = Omit<ExchangeFault | RedemptionFault, 'leg'>
export type CallFaultRow = Omit<CallFault, 'leg'>
