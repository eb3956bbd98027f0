// Decodes a JSON Web Token without a key: its kind, content and times.
import { JWT_TYP } from '@crosswalk/protocol'
import { decodeProtectedHeader } from 'jose/decode/protected_header'
import { decodeJwt } from 'jose/jwt/decode'

export type TokenKind =
  | 'id-jag'
  | 'access-token'
  | 'id-token'
  | 'client-assertion'
  | 'dpop-proof'
  | 'logout-token'
  | 'security-event'
  | 'jwt'
  | 'encrypted'

export interface DecodedToken {
  readonly kind: TokenKind
  readonly header: Readonly<Record<string, unknown>>
  /** Undefined if the token is encrypted */
  readonly claims: Readonly<Record<string, unknown>> | undefined
}

/** Display names, without articles. */
export const KIND_NAMES: Readonly<Record<TokenKind, string>> = {
  'id-jag': 'ID-JAG',
  'access-token': 'access token',
  'id-token': 'ID token (apparently)',
  'client-assertion': 'client assertion',
  'dpop-proof': 'DPoP proof',
  'logout-token': 'logout token',
  'security-event': 'security event token',
  jwt: 'JWT of unknown kind',
  encrypted: 'encrypted token',
}

const KIND_OF_TYP: Readonly<Record<string, TokenKind>> = {
  [JWT_TYP.idJag]: 'id-jag',
  [JWT_TYP.accessToken]: 'access-token',
  [JWT_TYP.clientAssertion]: 'client-assertion',
  [JWT_TYP.dpopProof]: 'dpop-proof',
  [JWT_TYP.logoutToken]: 'logout-token',
  [JWT_TYP.securityEvent]: 'security-event',
}

const ENCRYPTED_PARTS = 5

/**
 * @param text - the token as copied: with surrounding white space, or a `Bearer` prefix
 * @returns undefined if the text is not a JWT
 */
export function decodeToken(text: string): DecodedToken | undefined {
  const token = stripToken(text)
  try {
    const header = decodeProtectedHeader(token) as Readonly<Record<string, unknown>>
    if (token.split('.').length === ENCRYPTED_PARTS) return { kind: 'encrypted', header, claims: undefined }
    const claims = decodeJwt(token)
    return { kind: findKind(header, claims), header, claims }
  } catch {
    return undefined
  }
}

export function stripToken(text: string): string {
  return text.trim().replace(/^(bearer|dpop)\s+/i, '')
}

/**
 * By `typ`; ID tokens have no distinct one and are recognized by members that only they have (OpenID Connect Core
 * section 2).
 */
function findKind(header: DecodedToken['header'], claims: Readonly<Record<string, unknown>>): TokenKind {
  const typ =
    typeof header['typ'] === 'string' ? header['typ'].toLowerCase().replace(/^application\//, '') : 'jwt'
  if (typ !== 'jwt') return KIND_OF_TYP[typ] ?? 'jwt'
  const ofIdTokens = ['nonce', 'at_hash', 'c_hash', 'auth_time', 'sid', 'azp']
  const hasParties = ['iss', 'sub', 'aud'].every((name) => claims[name] !== undefined)
  return hasParties && ofIdTokens.some((name) => claims[name] !== undefined) ? 'id-token' : 'jwt'
}
