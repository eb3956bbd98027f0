// A grant type of a token endpoint: what it observes, how it is judged, and what an allowed request gets. `runGrant` is the
// only path through it.
import type { ClientFact, DecisionFrame, DecisionRecord, DpopFact } from '@crosswalk/protocol'

import type { IssuedToken } from '../decision-event.ts'
import type { ChainPlace, LedgerEntry, ReplayKey } from '../ports.ts'
import type { TokenAnswer, TokenRequest } from '../token-endpoint.ts'

/** What is known of every token request once its caller was observed. */
export interface CallerFacts extends DecisionFrame {
  readonly client: ClientFact
  readonly dpop: DpopFact
  readonly ip?: string | undefined
  /** Set when the client sent more requests than it may; seconds until it may again */
  readonly retryAfterSeconds?: number | undefined
}

export interface Grant<Facts extends CallerFacts, Snapshot extends { readonly revision: number }> {
  /** The definitions in force */
  snapshot(): Snapshot
  /** Whether `observe` depends on the definitions: if these change meanwhile, the request is observed again. */
  readonly observesDefinitions?: boolean
  /** Looks at the rest of the request; never judges. */
  observe(request: TokenRequest, caller: CallerFacts): Promise<Facts>
  /** What other requests change all the time: looked at last, in the turn of the evaluation, so it waits for nothing. */
  observeNow?(facts: Facts, snapshot: Snapshot): Facts
  /** Pure; the same function the simulator calls. */
  evaluate(facts: Facts, snapshot: Snapshot): DecisionRecord
  /** What is recorded of a refusal beside its record. */
  describeRefusal(record: DecisionRecord, facts: Facts): Refusal
  /** What a refusal takes along, such as the tokens of a code that is used again; durable before the answer leaves. */
  afterRefusal?(record: DecisionRecord, facts: Facts): Promise<void>
  /** What an allowed request would get; nothing is signed or stored yet. */
  draft(record: DecisionRecord, facts: Facts, snapshot: Snapshot): Draft
  /** The same facts, knowing that a replay key of the draft was used before. */
  withUsed(facts: Facts, used: ReplayKey): Facts
}

export interface Refusal {
  /** Type of the audit event */
  readonly type: string
  readonly grantId?: string | undefined
  /** Whether the caller counts as authenticated; as observed unless given */
  readonly authenticated?: boolean
  /** Sent instead of the answer that the record describes */
  readonly response?: Response | undefined
}

export interface Draft extends Pick<LedgerEntry, 'replayKeys' | 'accessToken' | 'account'> {
  /** Type of the audit event */
  readonly type: string
  readonly issued?: IssuedToken | undefined
  readonly grantId?: string | undefined
  /** Uses of one token that may be spent several times: the first that is free is consumed. */
  readonly uses?: readonly ReplayKey[]
  /** Called in the turn of the evaluation, so that concurrent requests count this grant already. */
  reserve?(): Reservation
  /** What may fail without leaving a trace, such as a signature of a key provider; before anything is recorded. */
  prepare?: (() => Promise<void>) | undefined
  /** Signs or stores the token; called once, after the grant is durable. */
  issue(): Promise<TokenAnswer['body'] | Response>
}

/** A grant that is under way; ends by exactly one of both. */
export interface Reservation {
  /** It is in the log at this place. */
  settle(place: ChainPlace): void
  /** It will not be. */
  release(): void
}
