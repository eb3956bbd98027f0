// Suspicious properties of a token by itself, without knowing its audience. No finding does not mean that it is
// verified.
import { JWT_TYP } from '@crosswalk/protocol'

import type { DecodedToken, TokenKind } from './decode-token.ts'

export interface Lint {
  readonly id: string
  readonly severity: 'error' | 'warning'
  readonly message: string
}

/** A rule for some kinds of token, or for all. */
interface Rule {
  readonly id: string
  readonly severity: 'error' | 'warning'
  readonly kinds?: readonly TokenKind[]
  /** @returns the problem, if any */
  find(token: Token, nowSeconds: number): string | undefined
}

interface Token {
  readonly header: DecodedToken['header']
  readonly claims: Readonly<Record<string, unknown>>
}

const ID_JAG_MOST_SECONDS = 300
const ACCESS_TOKEN_MOST_SECONDS = 3600
/** Larger times are milliseconds: as seconds they would be beyond the year 5000. */
const MILLISECONDS_FROM = 100_000_000_000

/**
 * Required members of each kind: ID-JAG draft section 3, RFC 9068 section 2.2, RFC 7523 section 3, RFC 9449 section
 * 4.2, Back-Channel Logout section 2.4.
 */
const REQUIRED: Readonly<Partial<Record<TokenKind, readonly string[]>>> = {
  'id-jag': ['iss', 'sub', 'aud', 'client_id', 'jti', 'exp', 'iat'],
  'access-token': ['iss', 'sub', 'aud', 'client_id', 'jti', 'exp', 'iat'],
  'id-token': ['iss', 'sub', 'aud', 'exp', 'iat'],
  'client-assertion': ['iss', 'sub', 'aud', 'jti', 'exp'],
  'dpop-proof': ['jti', 'htm', 'htu', 'iat'],
  'logout-token': ['iss', 'aud', 'iat', 'jti', 'events'],
}

const RULES: readonly Rule[] = [
  {
    id: 'unsigned',
    severity: 'error',
    find: ({ header }) => (header['alg'] === 'none' ? 'alg is none: the token is not signed' : undefined),
  },
  {
    id: 'shared-secret',
    severity: 'error',
    kinds: ['id-jag', 'access-token', 'id-token', 'dpop-proof'],
    find: ({ header: { alg } }) =>
      typeof alg === 'string' && /^HS\d+$/.test(alg)
        ? `alg ${alg} is a shared secret; servers here accept public-key signatures only`
        : undefined,
  },
  {
    id: 'wrong-typ',
    severity: 'error',
    kinds: ['jwt', 'id-token'],
    find: ({ header: { typ }, claims }) =>
      ['iss', 'sub', 'aud', 'client_id', 'jti'].every((name) => claims[name] !== undefined)
        ? `typ is ${typ === undefined ? 'missing' : JSON.stringify(typ)}; an ID-JAG has ${JWT_TYP.idJag} and an access token ${JWT_TYP.accessToken}, and neither is accepted without`
        : undefined,
  },
  {
    id: 'embedded-key',
    severity: 'warning',
    kinds: ['id-jag', 'access-token', 'id-token', 'client-assertion', 'logout-token'],
    find: ({ header }) => {
      const member = ['jwk', 'jku', 'x5c', 'x5u'].find((name) => header[name] !== undefined)
      return member === undefined
        ? undefined
        : `the header contains its own key (${member}), which must never be trusted`
    },
  },
  {
    id: 'no-kid',
    severity: 'warning',
    kinds: ['id-jag', 'access-token', 'id-token'],
    find: ({ header }) =>
      header['kid'] === undefined ? 'no kid: verifiers with several keys must guess' : undefined,
  },
  {
    id: 'audience-list',
    severity: 'error',
    kinds: ['id-jag'],
    find: ({ claims }) => {
      if (!Array.isArray(claims['aud'])) return undefined
      return claims['aud'].length === 1
        ? 'aud is a list; a single string is understood everywhere'
        : `aud names ${claims['aud'].length} audiences; an ID-JAG is for exactly one authorization server`
    },
  },
  {
    id: 'several-audiences',
    severity: 'warning',
    kinds: ['access-token', 'id-token'],
    find: ({ claims: { aud } }) =>
      Array.isArray(aud) && aud.length > 1
        ? `aud names ${aud.length} audiences; each of them could use it at the others`
        : undefined,
  },
  {
    id: 'long-life',
    severity: 'warning',
    kinds: ['access-token'],
    find: ({ claims: { iat, exp } }) =>
      typeof iat === 'number' && typeof exp === 'number' && exp - iat > ACCESS_TOKEN_MOST_SECONDS
        ? `it lives ${exp - iat} seconds, and revoked access may continue until it expires`
        : undefined,
  },
  {
    id: 'lifetime',
    severity: 'warning',
    kinds: ['id-jag'],
    find: ({ claims: { iat, exp } }) =>
      typeof iat === 'number' && typeof exp === 'number' && exp - iat > ID_JAG_MOST_SECONDS
        ? `it lives ${exp - iat} seconds; more than ${ID_JAG_MOST_SECONDS} is refused by default`
        : undefined,
  },
  {
    id: 'milliseconds',
    severity: 'error',
    find: ({ claims }) => {
      const name = ['iat', 'exp', 'nbf', 'auth_time'].find((it) => Number(claims[it]) > MILLISECONDS_FROM)
      return name === undefined ? undefined : `${name} is in milliseconds; it must be in seconds`
    },
  },
  {
    id: 'expired',
    severity: 'warning',
    find: ({ claims: { exp } }, now) =>
      typeof exp === 'number' && exp <= now ? 'it has expired' : undefined,
  },
  {
    id: 'not-yet-valid',
    severity: 'warning',
    find: ({ claims }, now) => {
      const from = Math.max(Number(claims['iat'] ?? 0), Number(claims['nbf'] ?? 0))
      return from > now && from <= MILLISECONDS_FROM
        ? `it becomes valid in ${from - now} seconds; compare the clocks`
        : undefined
    },
  },
  {
    id: 'scope-list',
    severity: 'error',
    kinds: ['id-jag', 'access-token'],
    find: ({ claims }) =>
      claims['scope'] !== undefined && typeof claims['scope'] !== 'string'
        ? 'scope is not a string; write the scopes in one string, separated by spaces'
        : undefined,
  },
  {
    id: 'unverified-email',
    severity: 'warning',
    kinds: ['id-jag'],
    find: ({ claims }) =>
      claims['email'] !== undefined && claims['email_verified'] !== true
        ? 'email without email_verified: true does not identify a user'
        : undefined,
  },
  {
    id: 'nonce',
    severity: 'error',
    kinds: ['logout-token'],
    find: ({ claims }) =>
      claims['nonce'] === undefined ? undefined : 'a logout token must not have a nonce',
  },
]

/** @returns the problems, most serious first */
export function lintToken({ kind, header, claims }: DecodedToken, nowSeconds: number): readonly Lint[] {
  if (claims === undefined) return []
  const missing = (REQUIRED[kind] ?? []).filter((name) => claims[name] === undefined)
  const absent = missing.map((name): Lint => ({
    id: `no-${name}`,
    severity: 'error',
    message: `${name} is missing`,
  }))
  const found = RULES.filter(({ kinds }) => kinds?.includes(kind) ?? true).flatMap(
    (rule): readonly Lint[] => {
      const message = rule.find({ header, claims }, nowSeconds)
      return message === undefined ? [] : [{ id: rule.id, severity: rule.severity, message }]
    },
  )
  return [...absent, ...found].toSorted((one, other) => one.severity.localeCompare(other.severity))
}
