// Verifies the DPoP proof of a request (RFC 9449 section 4.3). The caller matches the thumbprint against the grant or
// token and consumes the replay key.
import {
  accept,
  ASYMMETRIC_ALGORITHMS,
  type EpochSeconds,
  findDpopProblem,
  isTyp,
  JWT_TYP,
  refuse,
  type Result,
} from '@crosswalk/protocol'

import { type DecodedJws, decodeCompactJws } from '../jws/compact-jws.ts'
import { importVerificationKey, type VerificationKey, verifySignature } from '../jws/verification-key.ts'
import type { ReplayKey } from '../ports.ts'
import { digest, replayKeyDigest } from '../sealing/digest.ts'
import type { DpopNonces } from './dpop-nonces.ts'

/** How far `iat` of a proof may be from now, either way (DPOP-11). */
const DPOP_WINDOW_SECONDS = 300

export interface DpopCheck {
  /** Every value of the `DPoP` header (see `readDpopHeader`) */
  readonly headerValues: readonly string[]
  readonly method: string
  /** URL of the request as seen by the client; query and fragment are ignored */
  readonly url: string
  readonly now: EpochSeconds
  readonly algorithms?: readonly string[]
  /** If absent, nonces are neither requested nor checked */
  readonly nonces?: { readonly nonces: DpopNonces; readonly required: boolean }
  /** If present, `ath` must be its digest */
  readonly accessToken?: string
}

export interface DpopProof {
  /** RFC 7638 thumbprint of the signing key */
  readonly jkt: string
  readonly replayKey: ReplayKey
}

export interface DpopRefusal {
  readonly code: 'invalid_dpop_proof' | 'use_dpop_nonce'
  /** For the audit log */
  readonly reason: string
}

/** @returns the values of the `DPoP` header; `Headers` joins repeated values by comma, which no JWS contains */
export function readDpopHeader(headers: { get(name: string): string | null }): readonly string[] {
  const value = headers.get('dpop')
  return value === null ? [] : value.split(',').map((one) => one.trim())
}

/** @returns the key thumbprint and replay key, or the reason for refusing the proof; DPOP-11 lists every check */
export function verifyDpopProof(check: DpopCheck): Result<DpopProof, DpopRefusal> {
  const signed = verifyProofSignature(check)
  if (!signed.accepted) return refuse({ code: 'invalid_dpop_proof', reason: signed.refusal })
  const { claims } = signed.value.decoded
  const problem = findDpopProblem(claims, {
    method: check.method,
    url: check.url,
    now: check.now,
    windowSeconds: DPOP_WINDOW_SECONDS,
    ...(check.accessToken === undefined ? {} : { ath: digest(check.accessToken) }),
  })
  if (problem !== undefined) return refuse({ code: 'invalid_dpop_proof', reason: problem })
  const nonceProblem = findNonceProblem(claims.nonce, check.nonces)
  if (nonceProblem !== undefined) return refuse({ code: 'use_dpop_nonce', reason: nonceProblem })

  const { thumbprint } = signed.value.key
  return accept({ jkt: thumbprint, replayKey: dpopReplayKey(claims, thumbprint) })
}

/** @returns the replay key of a proof whose claims are valid */
export function dpopReplayKey(claims: Readonly<Record<string, unknown>>, jkt: string): ReplayKey {
  const expiresAt = Math.ceil(claims.iat as number) + DPOP_WINDOW_SECONDS + 1
  return { kind: 'dpop', key: replayKeyDigest('dpop', claims.jti as string, jkt), expiresAt }
}

function verifyProofSignature({
  headerValues,
  algorithms = ASYMMETRIC_ALGORITHMS,
}: DpopCheck): Result<{ readonly decoded: DecodedJws; readonly key: VerificationKey }, string> {
  const [proof] = headerValues
  if (proof === undefined || headerValues.length !== 1) return refuse('not-exactly-one-proof')
  const decoded = decodeCompactJws(proof)
  if (!decoded.accepted) return refuse(decoded.refusal)
  const { header } = decoded.value
  if (!isTyp(header.typ, JWT_TYP.dpopProof)) return refuse('wrong-typ')
  // The only header whose embedded key is used: it identifies the sender and carries no other trust.
  const key = importVerificationKey(header.jwk)
  if (!key.accepted) return refuse(`jwk-${key.refusal}`)
  const verified = verifySignature({ decoded: decoded.value, key: key.value, algorithms })
  return verified.accepted ? accept({ decoded: decoded.value, key: key.value }) : refuse(verified.refusal)
}

function findNonceProblem(nonce: unknown, policy: DpopCheck['nonces']): string | undefined {
  if (policy === undefined) return undefined
  if (nonce === undefined) return policy.required ? 'nonce-missing' : undefined
  return typeof nonce === 'string' && policy.nonces.isFresh(nonce) ? undefined : 'nonce-stale'
}
