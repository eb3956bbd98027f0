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
  const { outcome, code, granted, wire, remedies } = record
  const mismatches: string[] = []
  // A pending approval also counts as a denial.
  if ((outcome === 'pending' ? 'deny' : outcome) !== expected.outcome)
    mismatches.push(`${outcome} ${code} (${record.summary.admin}) instead of ${expected.outcome}`)
  if (expected.code !== undefined && code !== expected.code)
    mismatches.push(`code ${code} instead of ${expected.code}`)
  if (expected.scopes !== undefined && !isSameSet(granted?.scope ?? [], expected.scopes))
    mismatches.push(
      `scopes ${granted?.scope.join(' ') ?? 'none'} instead of ${expected.scopes.join(' ') || 'none'}`,
    )
  const lifetime = readSeconds(expected.lifetime_max)
  if (lifetime !== undefined && !((granted?.lifetime_seconds ?? Infinity) <= lifetime))
    mismatches.push(
      `a lifetime of ${granted === null ? 'nothing' : renderDuration(granted.lifetime_seconds)} instead of at most ${renderDuration(lifetime)}`,
    )
  const maxAge = readSeconds(expected.max_age)
  if (maxAge !== undefined && wire.max_age !== maxAge)
    mismatches.push(`max_age ${wire.max_age ?? 'absent'} instead of ${maxAge}`)
  const { remedy_includes: text } = expected
  if (text !== undefined && !remedies.some((remedy) => remedy.text.includes(text)))
    mismatches.push(`no remedy says "${text}"`)
  return mismatches
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item))
}
