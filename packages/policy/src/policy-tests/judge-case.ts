// Decides one request of a test with the evaluator of the endpoint, and compares the result with the expectation.
import type { DecisionRecord, PolicyTestExpectation, PolicyTestGiven } from '@crosswalk/protocol'

import { ASSUMED_KEY } from '../assumed-key.ts'
import { evaluateExchange } from '../evaluate-exchange.ts'
import { parseMoment } from '../moment.ts'
import { parseDurationSeconds, renderDuration } from '../rules/duration.ts'
import { assumeExchange } from '../simulation/assume-exchange.ts'
import { addNearestAllow } from '../simulation/find-nearest-allow.ts'
import type { TestCase, TestWorld } from './expand-test.ts'

/** @param withRemedies - whether to compute remedies, which takes longer */
export function decideCase(
  { user, app, audience, resource, scope }: TestCase,
  given: PolicyTestGiven,
  { snapshot, nowMs }: TestWorld,
  withRemedies: boolean,
): DecisionRecord {
  const now = parseMoment(given.time) ?? Math.floor(nowMs / 1000)
  const facts = assumeExchange(
    {
      decisionId: 'dec_test',
      traceId: 'trc_test',
      nowMs: now * 1000,
      mode: 'simulated',
      app,
      userId: user.id,
      user,
      audience,
      resource,
      scope: scope.length === 0 ? undefined : scope.join(' '),
      authTime: now - (readSeconds(given.auth_age) ?? 0),
      acr: given.acr,
      dpopThumbprint: given.dpop === true ? ASSUMED_KEY : undefined,
      ip: given.ip,
      volumeLastHour: given.grants_last_hour ?? 0,
    },
    snapshot,
  )
  const record = evaluateExchange(facts, snapshot)
  return withRemedies ? addNearestAllow(record, facts, snapshot) : record
}

function readSeconds(duration: number | string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDurationSeconds(duration)
}

/** @returns the differences from the expectation; empty if the record matches */
export function findMismatches(record: DecisionRecord, expected: PolicyTestExpectation): readonly string[] {
  return COMPARISONS.map((compare) => compare(record, expected)).filter((text) => text !== undefined)
}

/** @returns the difference; undefined if there is none, or if nothing is expected */
type Comparison = (record: DecisionRecord, expected: PolicyTestExpectation) => string | undefined

const COMPARISONS: readonly Comparison[] = [
  compareOutcome,
  ({ code }, expected) =>
    expected.code === undefined || expected.code === code
      ? undefined
      : `code ${code} instead of ${expected.code}`,
  ({ granted }, { scopes }) =>
    scopes === undefined || isSameSet(granted?.scope ?? [], scopes)
      ? undefined
      : `scopes ${granted?.scope.join(' ') ?? 'none'} instead of ${scopes.join(' ') || 'none'}`,
  compareLifetime,
  ({ wire }, expected) => {
    const maxAge = readSeconds(expected.max_age)
    return maxAge === undefined || wire.max_age === maxAge
      ? undefined
      : `max_age ${wire.max_age ?? 'absent'} instead of ${maxAge}`
  },
  ({ remedies }, { remedy_includes: part }) =>
    part === undefined || remedies.some(({ text }) => text.includes(part))
      ? undefined
      : `no remedy says "${part}"`,
]

/** A pending approval also counts as a denial. */
function compareOutcome(
  { outcome, code, summary }: DecisionRecord,
  expected: PolicyTestExpectation,
): string | undefined {
  const actual = outcome === 'pending' ? 'deny' : outcome
  if (actual === expected.outcome) return undefined
  return `${outcome} ${code} (${summary.admin}) instead of ${expected.outcome}`
}

function compareLifetime({ granted }: DecisionRecord, expected: PolicyTestExpectation): string | undefined {
  const most = readSeconds(expected.lifetime_max)
  if (most === undefined) return undefined
  if (granted !== null && granted.lifetime_seconds <= most) return undefined
  const actual = granted === null ? 'nothing' : renderDuration(granted.lifetime_seconds)
  return `a lifetime of ${actual} instead of at most ${renderDuration(most)}`
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item))
}
