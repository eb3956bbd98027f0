// A grant type of a token endpoint: what it observes, how it is evaluated, and what an allowed request gets. Every
// token request goes through `runGrant`.
import type { ClientFact, DecisionFrame, DecisionRecord, DpopFact } from '@crosswalk/protocol'

import type { GrantParts } from '../decision-recorder.ts'
import type { ChainPlace, ReplayKey } from '../ports.ts'
import type { TokenRequest } from '../token-endpoint.ts'
import type { JsonAnswer } from '../http/json-answer.ts'

/** What is known of every token request after observing its caller. */
export interface CallerFacts extends DecisionFrame {
  readonly client: ClientFact
  readonly dpop: DpopFact
  readonly ip?: string | undefined
  /** Set if the client exceeded its rate limit: seconds until it may retry */
  readonly retryAfterSeconds?: number | undefined
}

export interface Grant<Facts extends CallerFacts, Snapshot extends { readonly revision: number }> {
  /** The current definitions */
  snapshot(): Snapshot
  /** Whether `observe` depends on the definitions; if so, the request is observed again when they change. */
  readonly observesDefinitions?: boolean
  /** Observes the rest of the request; never judges. */
  observe(request: TokenRequest, caller: CallerFacts): Promise<Facts>
  /** Observes state that other requests change, such as counters. Synchronous: it runs right before the evaluation. */
  observeNow?(facts: Facts, snapshot: Snapshot): Facts
  /**
   * Whether nothing has revoked the grant since `observeNow`. Called once the draft is prepared, which may take seconds; if
   * something has, the request is observed again.
   */
  stillHolds?(facts: Facts, snapshot: Snapshot): boolean
  /** Pure; the simulator calls the same function. */
  evaluate(facts: Facts, snapshot: Snapshot): DecisionRecord
  /** What to record of a refusal in addition to its record. */
  describeRefusal(record: DecisionRecord, facts: Facts): Refusal
  /** Side effects of a refusal, such as revoking the tokens of a reused code; durable before the response leaves. */
  afterRefusal?(record: DecisionRecord, facts: Facts): Promise<void>
  /** What an allowed request would get; signs and stores nothing. */
  draft(record: DecisionRecord, facts: Facts, snapshot: Snapshot): Draft
  /** The same facts, plus the fact that a replay key of the draft was already used. */
  withUsed(facts: Facts, used: ReplayKey): Facts
}

export interface Refusal {
  /** Type of the audit event */
  readonly type: string
  readonly grantId?: string | undefined
  /** Whether the caller counts as authenticated; defaults to the observed fact */
  readonly authenticated?: boolean
  /** Sent instead of the response that the record describes */
  readonly response?: Response | undefined
}

export interface Draft extends Omit<GrantParts, 'definedAt'> {
  /** Uses of a token that can be spent several times; consumes the first free one. */
  readonly uses?: readonly ReplayKey[]
  /** Called synchronously after the evaluation, so that concurrent requests already count this grant. */
  reserve?(): Reservation
  /**
   * Work that may fail without leaving a trace, such as signing by a key provider; runs before anything is recorded.
   */
  prepare?: (() => Promise<void>) | undefined
  /** Signs or stores the token; called once, after the grant is durable. */
  issue(): Promise<JsonAnswer['body'] | Response>
}

/** A pending grant; ends with exactly one of the two calls. */
export interface Reservation {
  /** The grant is in the log at this place. */
  settle(place: ChainPlace): void
  /** The grant failed. */
  release(): void
}
