// What the checks of an exchange hand to each other, and to the record.
import type { AppDefinition, Granted } from '@crosswalk/protocol'

import type { ExchangeFacts, SignInFact } from '../exchange-facts.ts'
import type { Connection, ExchangeSnapshot } from '../exchange-snapshot.ts'
import type { RuleOutcome } from '../rules/index.ts'
import type { StepUp } from '../record.ts'
import type { Asked } from './request-checks.ts'
import type { Narrowed } from './scope-checks.ts'
import type { Target } from './target.ts'

/** What the checks found on the way; undefined where a check before it failed. */
export interface Findings {
  readonly asked?: Asked | undefined
  readonly signIn?: SignInFact | undefined
  readonly act?: Readonly<Record<string, unknown>> | undefined
  readonly target: Target
  readonly connection?: Connection | undefined
  readonly outcome?: RuleOutcome | undefined
  readonly narrowed: readonly Narrowed[]
  readonly granted: Granted | null
  readonly stepUp?: StepUp | undefined
}

/** What is asked of the checks that need to know who asks for what. */
export interface Question {
  readonly facts: ExchangeFacts
  readonly snapshot: ExchangeSnapshot
  readonly asked: Asked
  readonly signIn: SignInFact | undefined
  /** Who proved to act, by a token of its own */
  readonly actor: AppDefinition | undefined
  readonly act: Readonly<Record<string, unknown>> | undefined
  readonly target: Target
}
