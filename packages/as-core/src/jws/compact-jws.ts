// Decodes a compact JWS (RFC 7515 section 7.1) and refuses every form that two parsers could read differently. Trusts
// nothing: the claims are attacker-controlled until `verifySignature` accepts them. Keys and URLs in the header (jwk,
// x5c, jku, x5u) are ignored (SEC-05, RAS-06).
import { accept, memoizeBounded, refuse, type Result } from '@crosswalk/protocol'

import { type JsonObject, parseStrictJsonObject } from './strict-json.ts'

export interface JwsHeader {
  readonly alg: string
  readonly typ?: string
  readonly kid?: string
  readonly [name: string]: unknown
}

export interface DecodedJws {
  readonly header: JwsHeader
  readonly claims: JsonObject
  readonly signingInput: string
  readonly signature: Uint8Array
}

export const MAX_JWS_LENGTH = 16 * 1024

const THREE_SEGMENTS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/
/** Last characters whose unused bits are zero, by length modulo four; a segment cannot have length 1 modulo 4. */
const LAST_CHARACTERS = [undefined, '', 'AQgw', 'AEIMQUYcgkosw048'] as const
const UNSUPPORTED = ['crit', 'b64', 'zip'] as const
const MAX_KID_LENGTH = 512

/**
 * Decodes a compact JWS without judging it.
 *
 * @param longest - in characters; the default is that of tokens in requests
 * @returns header, claims and signed input; or the first reason why the token is not strict, for the audit log: it
 *   contains nothing of the token, such as `payload: repeated-member` or `header: crit-unsupported`
 * @see RFC 7515 section 5.2 steps 1 to 7; RFC 8725 section 3
 */
export function decodeCompactJws(token: string, longest = MAX_JWS_LENGTH): Result<DecodedJws, string> {
  if (token.length > longest) return refuse('too-long')
  const firstDot = token.indexOf('.')
  const lastDot = token.lastIndexOf('.')
  if (!THREE_SEGMENTS.test(token)) {
    const three = firstDot !== lastDot && token.indexOf('.', firstDot + 1) === lastDot
    return refuse(three ? 'not-base64url' : 'not-three-segments')
  }
  const head = readHeader(token.slice(0, firstDot))
  if (!head.accepted) return head
  const payload = decodeSegment(token.slice(firstDot + 1, lastDot))
  const signature = decodeSegment(token.slice(lastDot + 1))
  if (payload === undefined || signature === undefined) return refuse('not-base64url')
  const claims = parseStrictJsonObject(payload)
  if (!claims.accepted) return refuse(`payload: ${claims.refusal}`)
  return accept({
    header: head.value,
    claims: claims.value,
    signingInput: token.slice(0, lastDot),
    signature,
  })
}

/** All tokens signed with one key have the same header. */
const readHeader = memoizeBounded((segment: string): Result<JwsHeader, string> => {
  const bytes = decodeSegment(segment)
  if (bytes === undefined) return refuse('not-base64url')
  const parsed = parseStrictJsonObject(bytes)
  if (!parsed.accepted) return refuse(`header: ${parsed.refusal}`)
  const problem = findHeaderProblem(parsed.value)
  return problem === undefined ? accept(Object.freeze(parsed.value) as JwsHeader) : refuse(problem)
})

function decodeSegment(segment: string): Buffer | undefined {
  const allowed = LAST_CHARACTERS[segment.length % 4]
  if (allowed !== undefined && !allowed.includes(segment.charAt(segment.length - 1))) return undefined
  return Buffer.from(segment, 'base64url')
}

function findHeaderProblem(header: JsonObject): string | undefined {
  for (const name of UNSUPPORTED) if (header[name] !== undefined) return `header: ${name}-unsupported`
  if (typeof header.alg !== 'string') return 'header: alg-malformed'
  if (header.typ !== undefined && typeof header.typ !== 'string') return 'header: typ-malformed'
  if (header.kid !== undefined && (typeof header.kid !== 'string' || header.kid.length > MAX_KID_LENGTH))
    return 'header: kid-malformed'
  return undefined
}
