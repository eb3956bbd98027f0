// The invariants that hold whatever happened to the cluster, checked against the client's records and the events in
// the database. Pure.
import { digest, grantIdOf } from '@crosswalk/as-core'

export type Leg = 'exchange' | 'redemption'

/**
 * How a request ended: a token, the refusal of a used ID-JAG, 503 with `Retry-After`, a failed connection, a timeout
 * without a response, or anything else.
 */
export type AnswerKind = 'granted' | 'used' | 'unavailable' | 'connection' | 'silence' | 'wrong'

export interface Attempt {
  readonly leg: Leg
  /** Milliseconds of the same clock */
  readonly sentAt: number
  readonly answeredAt: number
  readonly kind: AnswerKind
  /** The response as counted in the report */
  readonly text: string
  readonly idJag?: string
}

/** A token that the client received. */
export interface Acknowledged {
  readonly leg: Leg
  readonly decisionId: string
  readonly jti: string
  /** The `jti` of the ID-JAG: its own at an exchange, the redeemed one at a redemption */
  readonly idJag: string
}

/** The event of an issued token, as stored in the database. */
export interface GrantEvent {
  readonly type: string
  readonly decisionId: string
  readonly jtiHash: string
  readonly grantId: string
}

const TYPES: Readonly<Record<Leg, string>> = { exchange: 'idjag.issued', redemption: 'token.redeemed' }
const EXPECTED = new Set<AnswerKind>(['granted', 'used', 'unavailable', 'connection'])
const FAILED = new Set<AnswerKind>(['unavailable', 'connection', 'silence', 'wrong'])

/** @returns tokens that the client has but the log does not */
export function findLostGrants(
  acknowledged: readonly Acknowledged[],
  events: readonly GrantEvent[],
): readonly Acknowledged[] {
  const recorded = new Set(
    events.map(({ type, decisionId, jtiHash, grantId }) => `${type} ${decisionId} ${jtiHash} ${grantId}`),
  )
  return acknowledged.filter(
    ({ leg, decisionId, jti, idJag }) =>
      !recorded.has(`${TYPES[leg]} ${decisionId} ${digest(jti)} ${grantIdOf(idJag)}`),
  )
}

/** @returns grants that were accepted more than once, according to the client's tokens or the log */
export function findDoubleUses(
  acknowledged: readonly Acknowledged[],
  events: readonly GrantEvent[],
): readonly string[] {
  const received = acknowledged.filter(({ leg }) => leg === 'redemption').map(({ idJag }) => grantIdOf(idJag))
  const logged = events.filter(({ type }) => type === TYPES.redemption).map(({ grantId }) => grantId)
  return [...new Set([...findRepeated(received), ...findRepeated(logged)])]
}

function findRepeated(names: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return names.filter((name) => seen.has(name) || !seen.add(name))
}

/** @returns responses that a client cannot expect, even while the database is unavailable */
export function findUnexpectedAnswers(attempts: readonly Attempt[]): readonly Attempt[] {
  return attempts.filter(({ kind }) => !EXPECTED.has(kind))
}

/** @returns ID-JAGs that were refused as used although no redemption succeeded or has an unknown outcome */
export function findRefusedUnused(attempts: readonly Attempt[]): readonly string[] {
  const excused = new Set(attempts.filter(({ kind }) => kind !== 'used').map(({ idJag }) => idJag))
  return attempts.flatMap(({ kind, idJag }) =>
    kind === 'used' && idJag !== undefined && !excused.has(idJag) ? [idJag] : [],
  )
}

export interface Outage {
  readonly failed: number
  /** From sending the first failed request to the first token after the last failed request, in ms */
  readonly unavailableMs: number
  /** The longest time without a token, in ms */
  readonly longestGapMs: number
}

/** @param attempts - of one round, from stable state to stable state */
export function measureOutage(attempts: readonly Attempt[]): Outage {
  const failed = attempts.filter(({ kind }) => FAILED.has(kind)).map(({ sentAt }) => sentAt)
  const granted = attempts
    .filter(({ kind }) => kind === 'granted')
    .map(({ answeredAt }) => answeredAt)
    .sort((one, other) => one - other)
  const gaps = granted.slice(1).map((at, index) => at - (granted[index] ?? at))
  const longestGapMs = Math.max(0, ...gaps)
  if (failed.length === 0) return { failed: 0, unavailableMs: 0, longestGapMs }
  const last = Math.max(...failed)
  const recovered = granted.find((at) => at > last) ?? Infinity
  return { failed: failed.length, unavailableMs: recovered - Math.min(...failed), longestGapMs }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
