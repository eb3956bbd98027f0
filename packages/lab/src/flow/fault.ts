// What a deliberate fault is: what is changed, where it must be refused and for which reason, and what is gained where
// it is not.
import type { CallDraft, TokenDraft } from './drafts.ts'
import type { AdministratorAct, FaultMeans } from './fault-means.ts'
import type { Flow } from './flow-parties.ts'
import type { Leg, LegName, Received } from './flow-run.ts'

interface Expectation {
  /** OAuth errors that fit; `''` for an answer without one */
  readonly errors: readonly string[]
  /** Decision codes of ours that fit */
  readonly codes: readonly string[]
}

interface FaultOf<Name extends LegName, Draft> extends Expectation {
  readonly id: string
  readonly leg: Name
  readonly changes: string
  /** Without it the fault cannot be sent */
  readonly needs?: keyof FaultMeans
  /** In force while the request is sent */
  readonly act?: AdministratorAct
  /** What an attacker has where it is taken */
  readonly gain: string
  /** Its signature is wrong too, so that the wire alone does not show for which of the two it is refused */
  readonly alsoForged?: true
  /** Where taking it need not be wrong, why */
  readonly mayBeTaken?: string
  /** Whether the answer gives what was asked for beyond: servers may leave it out. Undefined where that cannot be seen */
  isGained?(leg: Leg): boolean | undefined
  change(draft: Draft, around: { readonly flow: Flow; readonly received: Received }): Draft | Promise<Draft>
}

export type Fault =
  | FaultOf<'exchange', TokenDraft>
  | FaultOf<'redemption', TokenDraft>
  | FaultOf<'call', CallDraft>
