// Checks the DPoP proof of a bound token (RFC 9449 sections 4.3 and 7.1; DPOP-11): its form and key, its request, token
// and time, and that it is unused.
import {
  accept,
  findDpopProblem,
  isSignatureAlgorithm,
  JWT_TYP,
  listKeyAlgorithms,
  parsePublicJwk,
  refuse,
  type Result,
} from '@crosswalk/protocol'
import {
  base64url,
  calculateJwkThumbprint,
  decodeProtectedHeader,
  importJWK,
  type JWK,
  jwtVerify,
} from 'jose'

import { ServerUnreachable } from './server-access.ts'
import type { UsedProofs } from './used-proofs.ts'

const WINDOW_SECONDS = 300
const MAX_PROOF_CHARACTERS = 8192

export interface ProofExpectations {
  readonly method: string
  /** From the client's point of view */
  readonly url: string
  readonly accessToken: string
  /** The key that the token is bound to */
  readonly jkt: string
  readonly nowSeconds: number
  readonly algorithms: readonly string[]
}

/**
 * @returns why the proof is refused; `used` is checked last, since a use cannot be undone
 * @throws ServerUnreachable if `used` throws
 */
export async function checkProof(
  proof: string | null,
  expected: ProofExpectations,
  used: UsedProofs,
): Promise<Result<true, string>> {
  if (proof === null) return refuse('no proof')
  if (proof.length > MAX_PROOF_CHARACTERS || proof.split('.').length !== 3) return refuse('not one JWT')
  const read = await verifyProof(proof, expected.algorithms)
  if (!read.accepted) return read
  const { claims, jkt } = read.value
  if (jkt !== expected.jkt) return refuse('not signed by the key that the token is bound to')
  const { method, url, nowSeconds: now, accessToken } = expected
  const ath = await sha256(accessToken)
  const problem = findDpopProblem(claims, { method, url, now, windowSeconds: WINDOW_SECONDS, ath })
  if (problem !== undefined) return refuse(problem)
  const key = await sha256(`${jkt} ${String(claims.jti)}`)
  try {
    const fresh = await used.use(key, Number(claims.iat) + WINDOW_SECONDS, jkt)
    return fresh ? accept(true) : refuse('used before')
  } catch (cause) {
    throw new ServerUnreachable('the store of used DPoP proofs had a fault', { cause })
  }
}

async function verifyProof(proof: string, algorithms: readonly string[]) {
  try {
    const { alg, jwk } = decodeProtectedHeader(proof)
    const key = parsePublicJwk(jwk)
    if (!key.accepted) return refuse(`jwk: ${key.refusal}`)
    if (!isSignatureAlgorithm(alg) || !listKeyAlgorithms(key.value).includes(alg))
      return refuse('alg does not match the key')
    const options = { algorithms: [...algorithms], typ: JWT_TYP.dpopProof }
    const { payload } = await jwtVerify(proof, await importJWK(key.value as JWK, alg), options)
    return accept({ claims: payload, jkt: await calculateJwkThumbprint(key.value as JWK) })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'unreadable')
  }
}

export async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return base64url.encode(new Uint8Array(hash))
}
