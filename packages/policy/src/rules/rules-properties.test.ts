// Properties of all rules and facts: order never matters, the index changes nothing, more rules never widen access.
import type { PolicyDefinition } from '@crosswalk/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { CLAUSE_NAMES } from './clauses.ts'
import { compileRules } from './compile-rules.ts'
import { evaluateRules, explainRules } from './evaluate-rules.ts'
import type { RuleFacts } from './facts.ts'
import { createLinter } from './lint-rules.ts'
import type { RuleOutcome, RuleVerdict } from './outcome.ts'
import { areRunsReduced, propertyRuns } from '../testing/property-runs.ts'
import { evaluateNaively, type NaiveVerdict } from './testing/naive-rules.ts'

// Few names, so that rules and facts often match.
const few = (...values: string[]): fc.Arbitrary<string> => fc.constantFrom(...values)
const some = (values: fc.Arbitrary<string>): fc.Arbitrary<string[]> =>
  fc.uniqueArray(values, { minLength: 1, maxLength: 3 })
const ids = few('a', 'b', 'c')
const scopes = few('read', 'write', 'delete')
const acrs = few('pwd', 'mfa', 'hwk')
const networks = few('10.0.0.0/8', '10.1.0.0/16', '192.0.2.7', '2001:db8::/32', '::ffff:10.1.0.0/112')
const windows = few('Mon-Fri 07:00-20:00 Europe/Berlin', '22:00-06:00 UTC', 'Sat,Sun 00:00-24:00 Asia/Tokyo')
const start = 1_774_742_400

const arbitraryFacts: fc.Arbitrary<RuleFacts> = fc.record(
  {
    now: fc.integer({ min: start, max: start + 14 * 86_400 }),
    app: fc.record({
      id: ids,
      kind: few('agent', 'web'),
      owners: fc.uniqueArray(ids, { maxLength: 2 }),
      hasActiveOwner: fc.option(fc.boolean(), { nil: undefined }),
    }),
    user: fc.record({
      id: ids,
      username: ids,
      groups: fc.uniqueArray(ids, { maxLength: 3 }),
      attributes: fc.dictionary(few('x', 'y'), fc.constantFrom('1', 1, true)),
    }),
    subjectKind: few('user', 'workload') as fc.Arbitrary<RuleFacts['subjectKind']>,
    resourceApp: fc.record({ id: ids }),
    resource: fc.uniqueArray(few('urn:r:1', 'urn:r:2'), { maxLength: 2 }),
    scope: fc.uniqueArray(scopes, { maxLength: 3 }),
    authTime: fc.integer({ min: start - 7200, max: start + 7200 }),
    acr: acrs,
    ip: few('10.1.2.3', '10.2.0.0', '192.0.2.7', '2001:db8::9', '::ffff:10.1.0.1', 'nonsense'),
    dpop: fc.boolean(),
    volumeLastHour: fc.integer({ min: 0, max: 4 }),
  },
  { requiredKeys: ['now', 'app', 'user', 'subjectKind', 'resourceApp', 'resource', 'scope', 'dpop'] },
)

const arbitraryWhen: fc.Arbitrary<PolicyDefinition['when']> = fc
  .uniqueArray(
    fc.oneof(
      fc.tuple(few('app', 'app.owner', 'user', 'group', 'resourceApp'), some(ids)),
      fc.tuple(few('app.kind'), some(few('agent', 'web', 'service'))),
      fc.tuple(few('subject.kind'), some(few('user', 'workload'))),
      fc.tuple(
        few('user.attributes.x', 'user.attributes.y'),
        fc.constantFrom<string | boolean>('1', true, 'no'),
      ),
      fc.tuple(few('resource'), some(few('urn:r:1', 'urn:r:2'))),
      fc.tuple(few('scope'), some(scopes)),
      fc.tuple(few('acr'), acrs),
      fc.tuple(few('authAge.over', 'authAge.under'), few('0', '30m', '2h', '1d')),
      fc.tuple(few('network', 'network.outside'), some(networks)),
      fc.tuple(few('time.within', 'time.outside'), some(windows)),
      fc.tuple(few('dpop', 'app.activeOwner'), fc.boolean()),
      fc.tuple(few('volume.perHour.over'), fc.integer({ min: 0, max: 4 })),
    ),
    { maxLength: 3, selector: ([name]) => name },
  )
  .map((clauses) => Object.fromEntries(clauses))

const arbitraryRequire: fc.Arbitrary<Pick<PolicyDefinition, 'effect' | 'require'>> = fc.record({
  effect: fc.constant('require'),
  require: fc.oneof(
    fc.record({ acr: some(acrs) }),
    fc.record({ maxAuthAgeSeconds: fc.integer({ min: 1, max: 7200 }), acr: some(acrs) }),
    fc.record({ dpop: fc.constant(true) }),
  ),
})

const arbitraryLimit: fc.Arbitrary<Pick<PolicyDefinition, 'effect' | 'limit'>> = fc.record({
  effect: fc.constant('limit'),
  limit: fc.oneof(
    fc.record({ scopes: fc.uniqueArray(scopes, { maxLength: 3 }) }),
    fc.record({ idJagTtlSeconds: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ perHour: fc.integer({ min: 1, max: 5 }), scopes: some(scopes) }),
  ),
})

const arbitraryDeny: fc.Arbitrary<Pick<PolicyDefinition, 'effect'>> = fc.record({
  effect: fc.constant('deny'),
})

const arbitraryRule: fc.Arbitrary<Omit<PolicyDefinition, 'id' | 'state'>> = fc
  .tuple(arbitraryWhen, fc.oneof(arbitraryDeny, arbitraryRequire, arbitraryLimit))
  .map(([when, effect]) => ({ when, ...effect }))

const arbitraryPolicies: fc.Arbitrary<PolicyDefinition[]> = fc
  .array(fc.tuple(arbitraryRule, few('enforced', 'enforced', 'enforced', 'report-only', 'off')), {
    maxLength: 12,
  })
  .map((rules) =>
    rules.map(([rule, state], place) => ({
      ...rule,
      id: `rule-${place}`,
      state: state as PolicyDefinition['state'],
    })),
  )

const RUNS = propertyRuns(1500)

function evaluate(policies: readonly PolicyDefinition[], facts: RuleFacts): RuleOutcome {
  return evaluateRules(compileRules(policies), facts)
}

function summarise({ deny, requirements, limits }: RuleVerdict): Omit<NaiveVerdict, 'applies'> {
  return {
    deny: deny === undefined ? undefined : `${deny.code} ${deny.id}`,
    acr: requirements.acr === undefined ? undefined : new Set(requirements.acr),
    maxAuthAgeSeconds: requirements.maxAuthAgeSeconds ?? Infinity,
    dpop: requirements.dpop,
    scopes: limits.scopes === undefined ? undefined : new Set(limits.scopes),
    idJagTtlSeconds: limits.idJagTtlSeconds ?? Infinity,
    perHour: limits.perHour ?? Infinity,
  }
}

/** Whether `wide` allows everything that `narrow` allows. */
function isWithin(narrow: RuleVerdict, wide: RuleVerdict): boolean {
  const [small, large] = [summarise(narrow), summarise(wide)]
  return (
    (wide.deny === undefined || narrow.deny !== undefined) &&
    isSubset(small.acr, large.acr) &&
    isSubset(small.scopes, large.scopes) &&
    (small.dpop || !large.dpop) &&
    small.maxAuthAgeSeconds <= large.maxAuthAgeSeconds &&
    small.idJagTtlSeconds <= large.idJagTtlSeconds &&
    small.perHour <= large.perHour
  )
}

/** An absent set contains everything. */
function isSubset(small: ReadonlySet<string> | undefined, large: ReadonlySet<string> | undefined): boolean {
  return large === undefined || (small !== undefined && [...small].every((one) => large.has(one)))
}

const arbitraryShuffle = arbitraryPolicies.chain((policies) =>
  fc.tuple(
    fc.constant(policies),
    fc.shuffledSubarray(policies, { minLength: policies.length, maxLength: policies.length }),
  ),
)

describe('for any rules and facts', () => {
  it('order never matters', () => {
    fc.assert(
      fc.property(arbitraryShuffle, arbitraryFacts, ([policies, shuffled], facts) => {
        expect(evaluate(shuffled, facts)).toEqual(evaluate(policies, facts))
      }),
      RUNS,
    )
  })

  it('the order of clauses never matters', () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryFacts, (policies, facts) => {
        const reversed = policies.map((policy) => ({
          ...policy,
          when: Object.fromEntries(Object.entries(policy.when).toReversed()),
        }))
        const [{ traces: _, ...left }, { traces: __, ...right }] = [
          evaluate(policies, facts),
          evaluate(reversed, facts),
        ]
        expect(right).toEqual(left)
      }),
      RUNS,
    )
  })

  it('the index finds what judging every rule would find', () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryFacts, (policies, facts) => {
        const outcome = evaluate(policies, facts)
        const { applies, ...enforced } = evaluateNaively(policies, facts, 'enforced')
        const { applies: reported, ...reportOnly } = evaluateNaively(policies, facts, 'report-only')
        expect(outcome.traces.map(({ id }) => id)).toEqual([...applies, ...reported].toSorted())
        expect(summarise(outcome)).toEqual(enforced)
        expect(summarise(outcome.reportOnly)).toEqual(reportOnly)
      }),
      RUNS,
    )
  })

  it('explaining every rule agrees with evaluating them', () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryFacts, (policies, facts) => {
        const rules = compileRules(policies)
        const { traces, evaluated } = evaluateRules(rules, facts)
        const all = explainRules(rules, facts)
        expect(all).toHaveLength(evaluated)
        expect(all.filter(({ applies }) => applies)).toEqual(traces)
      }),
      RUNS,
    )
  })

  it('one more deny, requirement or limit never widens access', () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryRule, arbitraryFacts, (policies, added, facts) => {
        const more: PolicyDefinition = { ...added, id: 'added', state: 'enforced' }
        expect(isWithin(evaluate([...policies, more], facts), evaluate(policies, facts))).toBe(true)
      }),
      RUNS,
    )
  })

  it('a rule reported to change nothing changes nothing, and clauses reported as never true never are', () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryFacts, (policies, facts) => {
        const found = createLinter({ known: {}, connections: [] })(policies)
        const named = (part: string) =>
          new Set(found.filter(({ problem }) => problem.includes(part)).map(({ policy }) => policy))
        const idle = named('changes nothing')
        const outcome = evaluate(policies, facts)
        const without = evaluate(
          policies.filter(({ id }) => !idle.has(id)),
          facts,
        )
        const { deny, ...rest } = summarise(outcome)
        const { deny: still, ...same } = summarise(without)
        expect(still?.split(' ')[0]).toBe(deny?.split(' ')[0])
        // Nothing else counts once the request is denied.
        if (deny === undefined) expect(same).toEqual(rest)
        const never = named('never true together')
        const matched = outcome.traces.filter(({ clauses }) => clauses.every(({ result }) => result === true))
        expect(matched.filter(({ id }) => never.has(id))).toEqual([])
      }),
      RUNS,
    )
  })

  it('missing facts never widen access', () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryFacts, (policies, facts) => {
        const { authTime: _, acr: __, ip: ___, volumeLastHour: ____, ...less } = facts
        expect(isWithin(evaluate(policies, less), evaluate(policies, facts))).toBe(true)
      }),
      RUNS,
    )
  })
})

it.skipIf(areRunsReduced())('the generated worlds have every clause and reach every verdict', () => {
  const seen = new Set<string>()
  const clauses = new Set<string>()
  for (const [policies, facts] of fc.sample(fc.tuple(arbitraryPolicies, arbitraryFacts), {
    numRuns: 2000,
    seed: 1,
  })) {
    const { deny, requirements, limits, matched, reportOnly } = evaluate(policies, facts)
    for (const name of policies.flatMap(({ when }) => Object.keys(when)))
      clauses.add(name.replace(/^(user\.attributes\.).*/, '$1NAME'))
    seen.add(deny?.code ?? 'no deny')
    if (requirements.parts.length > 1) seen.add('several requirements')
    if (limits.parts.length > 1) seen.add('several limits')
    if (reportOnly.deny !== undefined) seen.add('report-only deny')
    if (matched === 0 && policies.length > 5) seen.add('many rules, none matched')
  }
  expect(clauses).toEqual(new Set(CLAUSE_NAMES))
  expect([...seen].toSorted()).toEqual([
    'XAA1701',
    'XAA1704',
    'many rules, none matched',
    'no deny',
    'report-only deny',
    'several limits',
    'several requirements',
  ])
})
