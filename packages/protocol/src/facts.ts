// What evaluators are told of a request: observations only, made before, never judgements.
import type { XaaCode } from './codes.ts'
import type { SamlAssertion } from './saml-assertion.ts'
import type { EpochMs } from './time.ts'

export interface DecisionFrame {
  readonly decisionId: string
  readonly traceId: string
  readonly nowMs: EpochMs
  readonly mode: 'enforced' | 'simulated' | 'replayed'
  /** How long the request took until it was judged; undefined where nothing was measured */
  readonly elapsedMs?: number | undefined
}

/** Something wrong with the form of the request, found while it was read. */
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
    }

export type DpopFact =
  | { readonly state: 'absent' }
  | { readonly state: 'proved'; readonly jkt: string }
  | { readonly state: 'refused'; readonly nonceNeeded: boolean; readonly detail: string }

/** A JWT as observed before its judgement; nothing of `claims` is believed unless the signature is valid. */
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
        /** Lasting: what the issuer publishes cannot be used */
        | 'keys-refused'
        | 'not-checked'
      /** Why there was no key to check it with */
      readonly keyProblem?: string | undefined
      /** Until the keys may be fetched again */
      readonly retryAfterSeconds?: number | undefined
    }

export function isVerified(jwt: JwtFact | undefined): jwt is Extract<JwtFact, { state: 'read' }> {
  return jwt?.state === 'read' && jwt.signature === 'valid'
}

/** A SAML assertion as observed before its judgement; nothing of an unverified one is kept. */
export type SamlFact =
  | { readonly state: 'unreadable'; readonly detail: string }
  /** No valid signature by a certificate configured for its issuer */
  | { readonly state: 'unverified'; readonly detail: string }
  | { readonly state: 'verified'; readonly assertion: SamlAssertion; readonly algorithm: string }
