// The facts about a request that evaluators receive: observations made before, never judgements.
import type { XaaCode } from './records/codes.ts'
import type { SamlAssertion } from './tokens/saml-assertion.ts'
import type { EpochMs } from './time.ts'

export interface DecisionFrame {
  readonly decisionId: string
  readonly traceId: string
  readonly nowMs: EpochMs
  readonly mode: 'enforced' | 'simulated' | 'replayed'
  /** Time from the request to its evaluation; undefined if not measured */
  readonly elapsedMs?: number | undefined
}

/** A fault in the form of the request, found while reading it. */
export interface RequestProblem {
  readonly parameter: string
  readonly problem: string
}

export type ClientFact =
  | {
      readonly state: 'authenticated'
      readonly clientId: string
      readonly method: string
      readonly kid?: string | undefined
    }
  | {
      readonly state: 'refused'
      readonly clientId?: string | undefined
      readonly code: XaaCode
      readonly detail: string
      /** What would be accepted, if it is the same for every client; also sent to the caller */
      readonly expected?: string | undefined
    }

export type DpopFact =
  | { readonly state: 'absent' }
  | { readonly state: 'proved'; readonly jkt: string }
  | { readonly state: 'refused'; readonly nonceNeeded: boolean; readonly detail: string }

/** A JWT as observed, before it is judged; `claims` are trusted only if the signature is valid. */
export type JwtFact =
  | { readonly state: 'unreadable'; readonly detail: string }
  | {
      readonly state: 'read'
      readonly typ?: string | undefined
      readonly algorithm: string
      readonly kid?: string | undefined
      readonly claims: Readonly<Record<string, unknown>>
      readonly signature:
        | 'valid'
        | 'invalid'
        | 'unknown-key'
        | 'algorithm-refused'
        /** Temporary: the issuer's keys could not be fetched */
        | 'keys-unreachable'
        /** Permanent: what the issuer publishes is unusable */
        | 'keys-refused'
        | 'not-checked'
      /** Why there was no key to verify it with */
      readonly keyProblem?: string | undefined
      /** Seconds until the keys may be fetched again */
      readonly retryAfterSeconds?: number | undefined
    }

export function isVerified(jwt: JwtFact | undefined): jwt is Extract<JwtFact, { state: 'read' }> {
  return jwt?.state === 'read' && jwt.signature === 'valid'
}

/** A SAML assertion as observed, before it is judged; unverified ones are not kept. */
export type SamlFact =
  | { readonly state: 'unreadable'; readonly detail: string }
  /** No valid signature by a certificate configured for its issuer */
  | { readonly state: 'unverified'; readonly detail: string }
  | { readonly state: 'verified'; readonly assertion: SamlAssertion; readonly algorithm: string }
