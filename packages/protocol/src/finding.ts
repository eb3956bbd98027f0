// The result of checking one property of a token: the expected and the actual value.
import type { CheckName } from './records/check-names.ts'
import type { XaaCode } from './records/codes.ts'
import type { EpochSeconds } from './time.ts'

/** What a JWT that a client presents to us is judged against. */
export interface JwtExpectations {
  /** Our issuer identifier */
  readonly issuer: string
  /** The authenticated client */
  readonly clientId: string
  readonly now: EpochSeconds
  readonly clockSkewSeconds: number
}

export interface TokenFinding {
  readonly id: CheckName
  /** Absent if it passed */
  readonly code?: XaaCode
  readonly expected?: unknown
  readonly actual?: unknown
}

/** A plausible NumericDate (RFC 7519 section 2): a finite, non-negative number of seconds, not milliseconds. */
export function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 100_000_000_000
}

/**
 * The same in whole seconds, as required of tokens that grant access (SEC-06): readers round differently, and a token
 * must not be valid for one and expired for another.
 */
export function isWholeNumericDate(value: unknown): value is number {
  return isNumericDate(value) && Number.isInteger(value)
}

export function isText(value: unknown, maximumLength = 2048): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maximumLength
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/** Reports each unknown member of an object, which is more often a typo than an extension. */
export function findUnknownMembers(value: object, known: readonly string[], path = ''): readonly string[] {
  const unknown = Object.keys(value).filter((key) => !known.includes(key))
  return unknown.map((key) => `${path}${key}: unknown; use one of ${known.join(', ')}`)
}

/** Compares `typ` as in RFC 7515 section 4.1.9: case-insensitively, with optional `application/` prefix. */
export function isTyp(value: unknown, typ: string): boolean {
  return typeof value === 'string' && value.toLowerCase().replace(/^application\//, '') === typ
}

/** Includes all inputs of the comparison: a wrong time is more often the fault of a clock than of the token. */
export function describeEarliestExp(now: EpochSeconds, clockSkewSeconds: number): string {
  const seconds = Math.floor(now)
  return `exp after ${seconds - clockSkewSeconds}: now ${seconds} by the clock of this server, less ${clockSkewSeconds} s of skew`
}

export function describeLatestStart(now: EpochSeconds, clockSkewSeconds: number): string {
  const seconds = Math.floor(now)
  return `iat, nbf and auth_time up to ${seconds + clockSkewSeconds}: now ${seconds} by the clock of this server, plus ${clockSkewSeconds} s of skew`
}
