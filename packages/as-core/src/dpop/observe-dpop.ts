// Observes the DPoP proof of a token request as a fact for the evaluator (RFC 9449 section 5).
import type { DpopFact } from '@crosswalk/protocol'

import type { DpopNonces } from './dpop-nonces.ts'
import { readDpopHeader, verifyDpopProof } from './verify-dpop-proof.ts'
import type { ReplayKey } from '../ports.ts'
import type { TokenRequest } from '../token-endpoint.ts'

export interface DpopObservation {
  readonly fact: DpopFact
  /** The replay key of the proof, to be consumed with the grant */
  readonly replayKey?: ReplayKey
  /** To send in `DPoP-Nonce`, if nonces are required */
  readonly nonce?: string
}

export interface DpopObserver {
  observe(request: Pick<TokenRequest, 'headers' | 'receivedAtMs'>): DpopObservation
}

/** @param nonces - if present, every proof must contain one of these nonces */
export function createDpopObserver({
  tokenEndpoint,
  nonces,
}: {
  readonly tokenEndpoint: string
  readonly nonces?: DpopNonces
}): DpopObserver {
  const policy = nonces === undefined ? {} : { nonces: { nonces, required: true } }
  return {
    observe({ headers, receivedAtMs }) {
      const headerValues = readDpopHeader(headers)
      if (headerValues.length === 0) return { fact: { state: 'absent' } }
      const proof = verifyDpopProof({
        headerValues,
        method: 'POST',
        url: tokenEndpoint,
        now: receivedAtMs / 1000,
        ...policy,
      })
      const nonce = nonces === undefined ? {} : { nonce: nonces.current() }
      if (proof.accepted)
        return { fact: { state: 'proved', jkt: proof.value.jkt }, replayKey: proof.value.replayKey, ...nonce }
      const { code, reason } = proof.refusal
      return { fact: { state: 'refused', nonceNeeded: code === 'use_dpop_nonce', detail: reason }, ...nonce }
    },
  }
}
