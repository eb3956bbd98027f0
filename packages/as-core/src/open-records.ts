// Where a token server records: decisions, other events, and refusals of callers that never authenticated.
import { createDecisionRecorder, type DecisionRecorder, type OnDecision } from './decision-recorder.ts'
import { createEventRecorder, type EventRecorder } from './event-recorder.ts'
import { createSecretGuesses, type SecretGuesses } from './guessing/secret-guesses.ts'
import type { Ledger } from './ports.ts'
import { createRecentRefusals, type RecentRefusals } from './recent-refusals.ts'

export interface RecordsParts {
  readonly ledger: Ledger
  readonly onDecision?: OnDecision | undefined
  onFault(fault: unknown, reference: string): void
}

export interface Records {
  readonly events: EventRecorder
  readonly recorder: DecisionRecorder
  readonly recentRefusals: RecentRefusals
  /** Shared by the endpoints: a client that is slowed down at one is slowed down at all */
  readonly guesses: SecretGuesses
}

/** @param log - `idp`, or `as:` and the id of the authorization server */
export function openRecords({ ledger, onDecision, onFault }: RecordsParts, log: string): Records {
  const events = createEventRecorder({ ledger }, log)
  const recentRefusals = createRecentRefusals()
  return {
    events,
    recentRefusals,
    recorder: createDecisionRecorder({ ledger, recentRefusals, log, onDecision, onFault }),
    guesses: createSecretGuesses(events, onFault),
  }
}
