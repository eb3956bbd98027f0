// The result of a flow: each leg in displayable form, the tokens received, and where it ended.
import type { Finding } from '../doctor/finding.ts'
import type { DecodedToken } from '../token/decode-token.ts'
import type { ShownRequest, ShownResponse } from './redact.ts'

export type LegName = 'exchange' | 'redemption' | 'call'

export interface Refusal {
  readonly status: number | undefined
  /** OAuth error */
  readonly error: string | undefined
  /** Our code, as far as the response reveals it */
  readonly code: string
  readonly confidence: string
  readonly hint?: string
}

export interface Leg {
  readonly leg: LegName
  readonly outcome: 'done' | 'refused'
  readonly request: ShownRequest
  readonly response: ShownResponse
  readonly ms: number
  readonly decisionId?: string
  readonly token?: DecodedToken
  readonly checks: readonly Finding[]
  readonly refusal?: Refusal
}

/** The tokens received; never shown. */
export interface Received {
  readonly idToken: string
  readonly idJag?: string
  readonly accessToken?: string
}

export interface FlowRun {
  readonly legs: readonly Leg[]
  readonly received: Received
}

/** Refused at a leg, or accepted by all. */
export const ENDINGS = ['exchange', 'redemption', 'call', 'taken'] as const satisfies readonly (
  | LegName
  | 'taken'
)[]
export type Ending = (typeof ENDINGS)[number]

/** @param legs - with a fault in one of them */
export function findEnding(legs: readonly Leg[]): Ending | undefined {
  const last = legs.at(-1)
  if (last === undefined) return undefined
  return last.outcome === 'refused' ? last.leg : 'taken'
}
