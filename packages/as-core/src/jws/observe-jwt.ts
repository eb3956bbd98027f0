// Observes a JWT: parses it strictly, lets the caller choose a key based on the claims, and checks the signature.
// Reports facts; the evaluator judges them.
import { type MaybePromise, type JwtFact, type Result, mapMaybe } from '@crosswalk/protocol'

import { type DecodedJws, decodeCompactJws } from './compact-jws.ts'
import { type VerificationKey, verifySignature } from './verification-key.ts'
import type { KnownJwts } from './known-jwts.ts'
import { digest } from '../sealing/digest.ts'

/** Why there is no verification key. */
export interface KeyMiss {
  readonly kind: 'unknown-kid' | 'unreachable' | 'refused'
  /** For the decision record */
  readonly detail: string
  readonly retryAfterSeconds?: number | undefined
}

type KeyAnswer = Result<VerificationKey, KeyMiss>

export interface KeyChoice {
  readonly algorithms: readonly string[]
  /** Called only for an allowed algorithm, so that other tokens cause no traffic. */
  find(): MaybePromise<KeyAnswer>
}

const MISS = {
  'unknown-kid': 'unknown-key',
  unreachable: 'keys-unreachable',
  refused: 'keys-refused',
} as const

/**
 * @param choose - finds the possible signer; undefined if unknown, in which case the signature stays unchecked
 * @param known - caches verified tokens
 * @returns the observed fact; a promise only if a key must be fetched. Faults of the key store are thrown
 */
export function observeJwt(
  token: string,
  choose: (decoded: DecodedJws) => KeyChoice | undefined,
  known?: KnownJwts,
): MaybePromise<JwtFact> {
  const decoded = decodeCompactJws(token)
  if (!decoded.accepted) return { state: 'unreadable', detail: decoded.refusal }
  const { header, claims } = decoded.value
  const fact = {
    state: 'read',
    algorithm: header.alg,
    claims,
    typ: header.typ,
    kid: header.kid,
  } as const
  const choice = choose(decoded.value)
  if (choice === undefined) return { ...fact, signature: 'not-checked' }
  const { algorithms } = choice
  if (!algorithms.includes(header.alg)) return { ...fact, signature: 'algorithm-refused' }
  return mapMaybe(choice.find(), (key): JwtFact => {
    if (!key.accepted) {
      const { kind, detail, retryAfterSeconds } = key.refusal
      return { ...fact, signature: MISS[kind], keyProblem: detail, retryAfterSeconds }
    }
    const name = known === undefined ? '' : digest(token)
    if (known?.find(name) === key.value) return { ...fact, signature: 'valid' }
    const verified = verifySignature({ decoded: decoded.value, key: key.value, algorithms })
    if (verified.accepted) known?.add(name, key.value)
    return {
      ...fact,
      signature: verified.accepted
        ? 'valid'
        : verified.refusal === 'algorithm-refused'
          ? 'algorithm-refused'
          : 'invalid',
    }
  })
}
