// Results that the checks of an exchange pass to each other and to the record.
import type { AppDefinition, Granted } from '@crosswalk/protocol'

import type { ExchangeFacts, SignInFact } from '../exchange-facts.ts'
import type { Connection, ExchangeSnapshot } from '../exchange-snapshot.ts'
import type { RuleOutcome } from '../rules/index.ts'
import type { StepUp } from '../record.ts'
import type { RequestedAccess } from './request-checks.ts'
import type { Narrowed } from './scope-checks.ts'
import type { Target } from './target.ts'

/** Results of the checks so far; undefined if an earlier check failed. */
export interface Findings {
  readonly asked?: RequestedAccess | undefined
  readonly signIn?: SignInFact | undefined
  readonly act?: Readonly<Record<string, unknown>> | undefined
  readonly target: Target
  readonly connection?: Connection | undefined
  readonly outcome?: RuleOutcome | undefined
  readonly narrowed: readonly Narrowed[]
  readonly granted: Granted | null
  readonly stepUp?: StepUp | undefined
}

/** Input of the checks that need to know who requests what. */
export interface Question {
  readonly facts: ExchangeFacts
  readonly snapshot: ExchangeSnapshot
  readonly asked: RequestedAccess
  readonly signIn: SignInFact | undefined
  /** The actor, proved by its own token */
  readonly actor: AppDefinition | undefined
  readonly act: Readonly<Record<string, unknown>> | undefined
  readonly target: Target
}
