// Which public key may verify which algorithm (RFC 7517, 7518, 8037, 9864), as data. It decides from the JWK alone;
// keys are imported and signatures verified elsewhere. Symmetric and private keys never pass.
import { isObject } from '../finding.ts'
import { accept, refuse, type Result } from '../result.ts'
import { isRocaModulus } from './roca.ts'

/** The algorithms accepted for signatures; none is symmetric. */
export const ASYMMETRIC_ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
] as const

export type SignatureAlgorithm = (typeof ASYMMETRIC_ALGORITHMS)[number]

export interface PublicJwk {
  readonly kty: 'EC' | 'RSA' | 'OKP'
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
  readonly kid?: string
  readonly use?: string
  readonly alg?: string
  readonly key_ops?: readonly string[]
}

export type JwkProblem =
  | 'not-an-object'
  | 'private-or-symmetric'
  | 'unsupported-key-type'
  | 'malformed-member'
  | 'rsa-too-small'
  | 'rsa-too-large'
  | 'rsa-weak-exponent'
  | 'rsa-roca'

interface KeyKind {
  readonly kty: PublicJwk['kty']
  readonly crv?: string
  /** The required members, in the order of RFC 7638, and the number of characters that each must have */
  readonly members: Readonly<Record<string, number | undefined>>
  readonly algorithms: readonly SignatureAlgorithm[]
}

const KEY_KINDS: readonly KeyKind[] = [
  { kty: 'EC', crv: 'P-256', members: { x: 43, y: 43 }, algorithms: ['ES256'] },
  { kty: 'EC', crv: 'P-384', members: { x: 64, y: 64 }, algorithms: ['ES384'] },
  { kty: 'EC', crv: 'P-521', members: { x: 88, y: 88 }, algorithms: ['ES512'] },
  { kty: 'OKP', crv: 'Ed25519', members: { x: 43 }, algorithms: ['EdDSA', 'Ed25519'] },
  {
    kty: 'RSA',
    members: { e: undefined, n: undefined },
    algorithms: ['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'],
  },
]

/** Members that only private and symmetric keys have (RFC 7518 section 6; `priv` has those of ML-DSA). */
const PRIVATE_MEMBERS: ReadonlySet<string> = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])
/** Unused bits must be zero, or one key would have several thumbprints. */
const BASE64URL = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$/
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** RFC 7518 section 3.3 requires at least 2048 bits; the upper bound keeps verification cheap. */
const RSA_BITS = { minimum: 2048, maximum: 8192 } as const

/**
 * Checks that a JWK is a complete public signature key of a supported kind and sufficient size.
 *
 * @returns only its public members, or the problem. Does not check that the point is on its curve.
 */
export function parsePublicJwk(jwk: unknown): Result<PublicJwk, JwkProblem> {
  if (!isObject(jwk)) return refuse('not-an-object')
  if (isPrivateOrSymmetric(jwk)) return refuse('private-or-symmetric')
  const kind = KEY_KINDS.find(({ kty, crv }) => kty === jwk.kty && (crv === undefined || crv === jwk.crv))
  if (kind === undefined) return refuse('unsupported-key-type')
  for (const [name, length] of Object.entries(kind.members)) {
    const value = jwk[name]
    if (typeof value !== 'string' || value === '' || !BASE64URL.test(value)) return refuse('malformed-member')
    if (length !== undefined && value.length !== length) return refuse('malformed-member')
  }
  const problem = kind.kty === 'RSA' ? findRsaProblem(jwk.n as string, jwk.e as string) : undefined
  if (problem !== undefined) return refuse(problem)
  return hasWellFormedUse(jwk) ? accept(pickPublicMembers(jwk, kind)) : refuse('malformed-member')
}

export function isPrivateOrSymmetric(jwk: Readonly<Record<string, unknown>>): boolean {
  return jwk.kty === 'oct' || Object.keys(jwk).some(isPrivateJwkMember)
}

export function isPrivateJwkMember(name: string): boolean {
  return PRIVATE_MEMBERS.has(name)
}

/** @returns the key as it may be shown: a private key that was registered by mistake must not spread (RFC 7517 section 9.3) */
export function omitPrivateJwkMembers(jwk: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !isPrivateJwkMember(name)))
}

function findRsaProblem(modulus: string, exponent: string): JwkProblem | undefined {
  const bits = countBits(modulus)
  if (bits < RSA_BITS.minimum) return 'rsa-too-small'
  if (bits > RSA_BITS.maximum) return 'rsa-too-large'
  // 65537 is the minimum of NIST SP 800-56B; exponents above 2^32 would only slow down verification.
  const exponentBits = countBits(exponent)
  if (exponentBits < 17 || exponentBits > 32) return 'rsa-weak-exponent'
  return isRocaModulus(modulus) ? 'rsa-roca' : undefined
}

/** Significant bits of a Base64urlUInt, without leading zeros. */
function countBits(base64url: string): number {
  const significant = base64url.replace(/^A+/, '')
  if (significant === '') return 0
  const dropped = base64url.length - significant.length
  const bytes = Math.floor((base64url.length * 6) / 8)
  const leadingZeros = dropped * 6 + (Math.clz32(ALPHABET.indexOf(significant[0] ?? 'A')) - 26)
  return bytes * 8 - leadingZeros
}

function hasWellFormedUse(jwk: Readonly<Record<string, unknown>>): boolean {
  const texts = [jwk.kid, jwk.use, jwk.alg].every(
    (value) => value === undefined || (typeof value === 'string' && value.length <= 512),
  )
  const { key_ops: operations } = jwk
  return (
    texts &&
    (operations === undefined ||
      (Array.isArray(operations) && operations.every((operation) => typeof operation === 'string')))
  )
}

function pickPublicMembers(jwk: Readonly<Record<string, unknown>>, kind: KeyKind): PublicJwk {
  const names = ['kty', ...(kind.crv === undefined ? [] : ['crv']), ...Object.keys(kind.members)]
  const members = [...names, 'kid', 'use', 'alg', 'key_ops'].filter((name) => jwk[name] !== undefined)
  return Object.fromEntries(members.map((name) => [name, jwk[name]])) as unknown as PublicJwk
}

/** `use` of the keys of a SPIFFE trust domain that sign JWT-SVIDs, and nothing else (SPIFFE bundles, section 4). */
export const JWT_SVID_USE = 'jwt-svid'

/**
 * The algorithms a key may verify: those of its kind, minus what its `alg`, `use` and `key_ops` exclude.
 *
 * @returns an empty list if the key may not verify signatures
 * @see RFC 8725 section 3.1
 */
export function listKeyAlgorithms(jwk: PublicJwk): readonly SignatureAlgorithm[] {
  if (jwk.use !== undefined && jwk.use !== 'sig' && jwk.use !== JWT_SVID_USE) return []
  if (jwk.key_ops !== undefined && !jwk.key_ops.includes('verify')) return []
  const kind = KEY_KINDS.find(({ kty, crv }) => kty === jwk.kty && crv === jwk.crv)
  const algorithms = kind?.algorithms ?? []
  // RFC 9864 renames EdDSA with Ed25519 to Ed25519; a key with either label is the same key.
  if (jwk.crv === 'Ed25519')
    return jwk.alg === undefined || algorithms.some((one) => one === jwk.alg) ? algorithms : []
  return jwk.alg === undefined ? algorithms : algorithms.filter((algorithm) => algorithm === jwk.alg)
}

export function isSignatureAlgorithm(name: unknown): name is SignatureAlgorithm {
  return ASYMMETRIC_ALGORITHMS.some((algorithm) => algorithm === name)
}

/** The text whose SHA-256 is the thumbprint of a key (RFC 7638 section 3). */
export function renderThumbprintInput(jwk: PublicJwk): string {
  const required: Readonly<Record<string, string | undefined>> =
    jwk.kty === 'RSA'
      ? { e: jwk.e, kty: jwk.kty, n: jwk.n }
      : { crv: jwk.crv, kty: jwk.kty, x: jwk.x, ...(jwk.kty === 'EC' ? { y: jwk.y } : {}) }
  return JSON.stringify(required)
}
