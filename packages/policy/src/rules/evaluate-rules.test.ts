import { describe, expect, it } from 'vitest'

import { compileRules } from './compile-rules.ts'
import { evaluateRules, explainRules } from './evaluate-rules.ts'
import type { RuleFacts } from './facts.ts'
import type { RuleOutcome } from './outcome.ts'
import {
  buildDeny,
  buildFacts,
  buildFactsWithout,
  buildLimit,
  buildRequire,
  MONDAY_1014_BERLIN,
} from './testing/rule-fixtures.ts'

function evaluate(
  policies: Parameters<typeof compileRules>[0],
  facts: RuleFacts = buildFacts(),
): RuleOutcome {
  return evaluateRules(compileRules(policies), facts)
}

function resultsOf(outcome: RuleOutcome): readonly (readonly [string, string])[] {
  return outcome.traces.map(({ id, result }) => [id, result])
}

describe('deny', () => {
  it('wins if every clause matches (XAA1701)', () => {
    const outcome = evaluate([buildDeny('no-writes', { app: 'agent0', scope: 'todos.write' })])
    expect(outcome.deny).toEqual({ id: 'no-writes', code: 'XAA1701' })
    expect(resultsOf(outcome)).toEqual([['no-writes', 'fail']])
  })

  it('does nothing if one clause does not match', () => {
    const outcome = evaluate([buildDeny('no-writes', { app: 'agent0', scope: 'todos.delete' })])
    expect(outcome).toMatchObject({ evaluated: 1, matched: 0, traces: [] })
    expect(outcome.deny).toBeUndefined()
  })

  it('denies if a fact is missing and every known clause matches (XAA1704)', () => {
    const rule = buildDeny('stale', { app: 'agent0', 'authAge.over': '12h' })
    const outcome = evaluate([rule], buildFactsWithout('authTime'))
    expect(outcome.deny).toEqual({ id: 'stale', code: 'XAA1704' })
    expect(resultsOf(outcome)).toEqual([['stale', 'unknown']])
    expect(evaluate([rule]).deny).toBeUndefined()
  })

  it('does not apply if a known clause does not match, despite a missing fact', () => {
    const rule = buildDeny('stale', { 'authAge.over': '12h', app: 'other' })
    expect(evaluate([rule], buildFactsWithout('authTime')).deny).toBeUndefined()
  })

  it('is found even if the fact that indexes it is missing', () => {
    for (const when of [{ acr: 'pwd' }, { 'user.attributes.missing': 'x' }]) {
      expect(evaluate([buildDeny('rule', when)], buildFactsWithout('acr')).deny?.code).toBe('XAA1704')
    }
  })

  it('prefers, of several rules, one that matched, then the lowest id', () => {
    const unknown = buildDeny('a', { acr: 'pwd' })
    const facts = buildFactsWithout('acr')
    expect(evaluate([buildDeny('c'), unknown, buildDeny('b')], facts).deny).toEqual({
      id: 'b',
      code: 'XAA1701',
    })
    expect(evaluate([buildDeny('d', { acr: 'pwd' }), unknown], facts).deny).toEqual({
      id: 'a',
      code: 'XAA1704',
    })
  })

  it('without clauses matches everything', () => {
    expect(evaluate([buildDeny('closed')]).deny?.id).toBe('closed')
  })
})

describe('require', () => {
  it('combines all requirements: context classes intersect, the shortest age applies, DPoP adds up', () => {
    const { requirements } = evaluate([
      buildRequire('c', { dpop: true }),
      buildRequire('a', { acr: ['mfa', 'hwk'], maxAuthAgeSeconds: 43_200 }),
      buildRequire('b', { acr: ['hwk', 'pin'], maxAuthAgeSeconds: 3600 }),
      buildRequire('elsewhere', { acr: ['none'], maxAuthAgeSeconds: 1 }, { app: 'other' }),
    ])
    expect(requirements).toMatchObject({
      acr: ['hwk'],
      maxAuthAgeSeconds: 3600,
      dpop: true,
    })
    expect(requirements.parts.map(({ id, acr }) => [id, acr])).toEqual([
      ['a', ['mfa', 'hwk']],
      ['b', ['hwk', 'pin']],
      ['c', undefined],
    ])
  })

  it('leaves no context class where rules exclude each other', () => {
    const { requirements } = evaluate([buildRequire('a', { acr: ['x'] }), buildRequire('b', { acr: ['y'] })])
    expect(requirements.acr).toEqual([])
  })

  it('applies if a fact is missing', () => {
    const rule = buildRequire('fresh', { acr: ['hwk'] }, { 'network.outside': '10.0.0.0/8' })
    expect(evaluate([rule]).requirements.parts).toEqual([])
    const outcome = evaluate([rule], buildFactsWithout('ip'))
    expect(outcome.requirements).toMatchObject({ acr: ['hwk'], parts: [{ id: 'fresh' }] })
    expect(resultsOf(outcome)).toEqual([['fresh', 'unknown']])
  })

  it.each([
    [buildRequire('r', { acr: ['mfa'] }), buildFacts(), 'pass'],
    [buildRequire('r', { acr: ['mfa'] }), buildFacts({ acr: 'pwd' }), 'fail'],
    [buildRequire('r', { acr: ['mfa'] }), buildFactsWithout('acr'), 'unknown'],
    [buildRequire('r', { maxAuthAgeSeconds: 3600 }), buildFacts(), 'pass'],
    [buildRequire('r', { maxAuthAgeSeconds: 3600 }), buildFacts({ now: MONDAY_1014_BERLIN + 1 }), 'fail'],
    [buildRequire('r', { maxAuthAgeSeconds: 3600 }), buildFactsWithout('authTime'), 'unknown'],
    [buildRequire('r', { dpop: true }), buildFacts(), 'pass'],
    [buildRequire('r', { dpop: true }), buildFacts({ dpop: false }), 'fail'],
    [buildRequire('r', { acr: ['x'], maxAuthAgeSeconds: 60 }), buildFactsWithout('authTime'), 'fail'],
    [buildRequire('r', { dpop: true }, { network: '10.0.0.0/8' }), buildFactsWithout('ip'), 'pass'],
  ])('traces whether it is met %#', (rule, facts, expected) => {
    expect(resultsOf(evaluate([rule], facts))).toEqual([['r', expected]])
  })
})

describe('limit', () => {
  it('intersects every limit', () => {
    const { limits } = evaluate([
      buildLimit('b', { scopes: ['todos.write', 'todos.read'], idJagTtlSeconds: 60, perHour: 100 }),
      buildLimit('a', { scopes: ['todos.read', 'notes.read'], idJagTtlSeconds: 120, perHour: 20 }),
    ])
    expect(limits).toMatchObject({
      scopes: ['todos.read'],
      idJagTtlSeconds: 60,
      perHour: 20,
      parts: [{ id: 'a' }, { id: 'b' }],
    })
  })

  it('may leave no scope', () => {
    expect(evaluate([buildLimit('a', { scopes: [] })]).limits.scopes).toEqual([])
  })

  it('applies if a fact is missing', () => {
    const rule = buildLimit('a', { idJagTtlSeconds: 60 }, { acr: 'pwd' })
    expect(evaluate([rule]).limits.idJagTtlSeconds).toBeUndefined()
    const outcome = evaluate([rule], buildFactsWithout('acr'))
    expect(outcome.limits).toMatchObject({ idJagTtlSeconds: 60, parts: [{ id: 'a' }] })
    expect(resultsOf(outcome)).toEqual([['a', 'unknown']])
  })

  it.each([
    [10, 'fail'],
    [11, 'pass'],
  ])('traces a limit of %d an hour after 10 as %s', (perHour, expected) => {
    expect(resultsOf(evaluate([buildLimit('cap', { perHour })]))).toEqual([['cap', expected]])
  })
})

describe('states', () => {
  it('keeps report-only rules separate', () => {
    const outcome = evaluate([
      buildDeny('would', {}, { state: 'report-only' }),
      buildRequire('does', { dpop: true }),
    ])
    expect(outcome.deny).toBeUndefined()
    expect(outcome.reportOnly.deny).toEqual({ id: 'would', code: 'XAA1701' })
    expect(outcome.reportOnly.requirements).toMatchObject({ dpop: false, parts: [] })
    expect(outcome.traces.map(({ id, state }) => [id, state])).toEqual([
      ['does', 'enforced'],
      ['would', 'report-only'],
    ])
  })

  it('omits rules that are off', () => {
    expect(evaluate([buildDeny('off', {}, { state: 'off' })])).toMatchObject({
      evaluated: 0,
      matched: 0,
      traces: [],
    })
  })
})

describe('traces', () => {
  const rules = [
    buildDeny('hit', { group: 'engineering', scope: ['todos.write', 'todos.read'] }),
    buildDeny('miss', { group: 'sales', 'network.outside': '10.0.0.0/8' }),
  ]

  it('show a rule once even if several values lead to it, each clause with the observed value', () => {
    expect(evaluate(rules)).toMatchObject({ evaluated: 2, matched: 1 })
    expect(evaluate(rules).traces).toEqual([
      {
        id: 'hit',
        effect: 'deny',
        state: 'enforced',
        applies: true,
        result: 'fail',
        clauses: [
          { text: 'group: engineering', value: ['engineering', 'everyone'], result: true },
          { text: 'scope: todos.write, todos.read', value: ['todos.read', 'todos.write'], result: true },
        ],
      },
    ])
  })

  it('of all rules also show which clause did not match', () => {
    const traces = explainRules(compileRules(rules), buildFacts())
    expect(traces.map(({ id }) => id)).toEqual(['hit', 'miss'])
    expect(traces[1]).toMatchObject({
      applies: false,
      result: 'not_applicable',
      clauses: [{ result: false }, { result: false, value: '10.1.2.3' }],
    })
  })
})
