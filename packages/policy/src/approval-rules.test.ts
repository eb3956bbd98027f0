// Approval rules: both edges of every limit, asking beats approving, and order never matters.
import { type ApprovalRule, zApprovalRule } from '@crosswalk/protocol'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'

import { findAsked, renderApprovalRule, type RequestFacts, routeRequest } from './approval-rules.ts'
import { propertyRuns } from './testing/property-runs.ts'

const facts: RequestFacts = {
  ...{ app: 'agent0', kind: 'agent', hasOwner: true, resourceApp: 'todo0' },
  ...{ risk: 1, unrated: [], guarded: [], days: 30 },
}
const rule = (change: object) => zApprovalRule.parse({ id: 'rule', ...change })
const approving = (when: object = {}) =>
  rule({ effect: 'approve', when: { maxRisk: 3, maxDays: 3650, ...when } })
const asking = (when: object, users = ['ada'], id = 'ask') =>
  rule({ id, effect: 'ask', when, ask: { users } })

describe('a rule matches', () => {
  it.each<[string, object, Partial<RequestFacts>, boolean]>([
    ['its highest risk', { maxRisk: 1 }, { risk: 1 }, true],
    ['no higher risk', { maxRisk: 1 }, { risk: 2 }, false],
    ['its lowest risk', { minRisk: 1 }, { risk: 1 }, true],
    ['no lower risk', { minRisk: 2 }, { risk: 1 }, false],
    ['its longest access', { maxDays: 30 }, { days: 30 }, true],
    ['no longer access', { maxDays: 30 }, { days: 31 }, false],
    ['no access without an end', { maxDays: 3650 }, { days: undefined }, false],
    ['the named app', { apps: ['agent0'] }, {}, true],
    ['no other app', { apps: ['agent1'] }, {}, false],
    ['the named resource app', { resourceApps: ['notes0', 'todo0'] }, {}, true],
    ['no other resource app', { resourceApps: ['notes0'] }, {}, false],
    ['apps of its kind', { kind: 'agent' }, {}, true],
    ['no apps of another kind', { kind: 'web' }, {}, false],
    ['no apps that describe themselves', { kind: 'agent' }, { kind: undefined }, false],
    ['apps with an owner', { hasOwner: true }, {}, true],
    ['no apps without an owner', { hasOwner: true }, { hasOwner: false }, false],
    ['apps without an owner', { hasOwner: false }, { hasOwner: false }, true],
    ['no apps with an owner', { hasOwner: false }, {}, false],
  ])('%s', (_, when, change, matches) => {
    const about = { ...facts, ...change }
    const effect = routeRequest([approving(when)], about).effect
    expect(effect).toBe(matches ? 'approve' : 'none')
    // Conditions without a limit mean the same for both effects.
    expect(routeRequest([asking(when)], about).effect).toBe(matches ? 'ask' : 'none')
  })
})

it('that asks wins over one that approves', () => {
  expect(routeRequest([approving()], facts)).toEqual({ effect: 'approve', rules: [approving()] })
  expect(routeRequest([approving(), asking({})], facts)).toEqual({ effect: 'ask', rules: [asking({})] })
})

it('never approves a scope that needs approval', () => {
  expect(routeRequest([approving()], { ...facts, guarded: ['pay'] })).toMatchObject({
    effect: 'approve',
    obstacle: 'pay needs the approval of a user',
  })
})

describe('says which limit the request exceeds', () => {
  it.each<[string, object, Partial<RequestFacts>, string]>([
    ['of risk', { maxRisk: 1 }, { risk: 2 }, 'the request has risk 2, and the limit is risk 1'],
    [
      'of risk, which is not known',
      { maxRisk: 1 },
      { risk: 3, unrated: ['pay'] },
      'the risk of pay is not known, which counts as risk 3, and the limit is risk 1',
    ],
    ['of days', { maxDays: 1 }, { days: 30 }, 'it is for 30 days, and the limit is 1 day'],
    [
      'of days, without an end',
      { maxDays: 30 },
      { days: undefined },
      'it is for access without an end, and the limit is 30 days',
    ],
    ['of apps with an owner', { hasOwner: true }, { hasOwner: false }, 'the app has no active owner'],
    ['of apps without an owner', { hasOwner: false }, {}, 'the app has an active owner'],
  ])('%s', (_, when, change, obstacle) => {
    const route = routeRequest([asking(when), approving(when)], { ...facts, ...change })
    expect(route).toEqual({ effect: 'none', near: { rule: approving(when), obstacle } })
  })

  it('unless no rule is about such access', () => {
    expect(routeRequest([approving({ apps: ['agent1'] })], facts)).toEqual({ effect: 'none' })
  })
})

describe('the users who are asked', () => {
  const HOUR = 3_600_000
  const first = rule({
    effect: 'ask',
    ask: { users: ['ada'], escalateAfterHours: 24, escalateTo: ['olga', 'ada'] },
  })
  it.each([
    ['before the escalation', 24 * HOUR - 1, ['ada'], { at: 24 * HOUR, to: ['olga'] }],
    ['from the escalation on', 24 * HOUR, ['ada', 'olga'], undefined],
  ])('%s', (_, now, users, escalation) => {
    expect(findAsked([first], 0, now)).toEqual(escalation === undefined ? { users } : { users, escalation })
  })

  it('are those of all rules that ask', () => {
    expect(findAsked([first, asking({}, ['bob'])], 0, 0)).toEqual({
      users: ['ada', 'bob'],
      escalation: { at: 24 * HOUR, to: ['olga'] },
    })
  })

  it('of several escalations are those of the next one', () => {
    const soon = rule({
      ...{ id: 'soon', effect: 'ask' },
      ask: { users: ['bob'], escalateAfterHours: 1, escalateTo: ['zoe'] },
    })
    const rules = [first, soon]
    expect(findAsked(rules, 0, HOUR - 1)).toEqual({
      users: ['ada', 'bob'],
      escalation: { at: HOUR, to: ['zoe'] },
    })
    expect(findAsked(rules, 0, HOUR)).toEqual({
      users: ['ada', 'bob', 'zoe'],
      escalation: { at: 24 * HOUR, to: ['olga'] },
    })
  })
})

const few = fc.constantFrom('a', 'b', 'c')
const names = fc.uniqueArray(few, { minLength: 1, maxLength: 2 })
const risk = fc.integer({ min: 0, max: 3 })
const conditions = fc.record(
  {
    ...{ apps: names, resourceApps: names, minRisk: risk, hasOwner: fc.boolean() },
    kind: fc.constantFrom('agent', 'web'),
  },
  { requiredKeys: [] },
)
const limits = fc.record({ maxRisk: risk, maxDays: fc.integer({ min: 1, max: 3 }) })
const arbitraryRule = fc.oneof(
  fc.record({
    effect: fc.constant('approve'),
    when: fc
      .tuple(conditions, limits)
      .map(([a, b]) => ({ ...a, ...b, maxRisk: Math.max(b.maxRisk, a.minRisk ?? 0) })),
  }),
  fc.record({
    effect: fc.constant('ask'),
    when: conditions,
    ask: fc.record({
      ...{ users: names, escalateTo: names },
      escalateAfterHours: fc.integer({ min: 1, max: 3 }),
    }),
  }),
)
const arbitraryFacts: fc.Arbitrary<RequestFacts> = fc.record({
  ...{ app: few, resourceApp: few, hasOwner: fc.boolean(), risk },
  kind: fc.constantFrom('agent', 'web', undefined),
  guarded: fc.uniqueArray(few, { maxLength: 1 }),
  days: fc.constantFrom(1, 2, 3, undefined),
  unrated: fc.constant([]),
})

test('the order of rules does not matter', () => {
  const rules = fc.array(arbitraryRule, { maxLength: 6 })
  fc.assert(
    fc.property(rules, arbitraryFacts, fc.func(fc.integer()), (drafts, about, rank) => {
      const all = drafts.map((draft, index) => zApprovalRule.parse({ id: `rule-${index}`, ...draft }))
      const shuffled = all.toSorted((one, other) => rank(one.id) - rank(other.id))
      const route = routeRequest(all, about)
      expect(routeRequest(shuffled, about)).toEqual(route)
      if (route.effect !== 'ask') return
      for (const hour of [0, 1, 2, 3])
        expect(findAsked(route.rules.toReversed(), 0, hour * 3_600_000)).toEqual(
          findAsked(route.rules, 0, hour * 3_600_000),
        )
    }),
    propertyRuns(500),
  )
})

test('a rule more that asks never lets a request through', () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryRule, { maxLength: 4 }),
      conditions,
      arbitraryFacts,
      (drafts, when, about) => {
        const all = drafts.map((draft, index) => zApprovalRule.parse({ id: `rule-${index}`, ...draft }))
        const before = routeRequest(all, about).effect
        const after = routeRequest([...all, asking(when)], about).effect
        expect(after === 'ask' || after === before).toBe(true)
      },
    ),
    propertyRuns(500),
  )
})

describe('as a sentence', () => {
  const names = (known: Readonly<Record<string, string>>) => (id: string) => known[id] ?? id
  const NAMES = {
    app: names({ agent0: 'Agent0' }),
    resourceApp: names({ todo0: 'Todo0' }),
    user: names({ usr_ada: 'Ada Lovelace' }),
  }
  it.each<[ApprovalRule, string]>([
    [
      approving({ kind: 'agent', hasOwner: true, resourceApps: ['todo0'], maxRisk: 1, maxDays: 30 }),
      'Approve requests of agents with an active owner at Todo0 with risk 1 or lower for up to 30 days automatically.',
    ],
    [
      rule({
        effect: 'ask',
        when: { resourceApps: ['payroll'], minRisk: 2 },
        ask: { users: ['usr_ada', 'bob'], escalateAfterHours: 1, escalateTo: ['olga'] },
      }),
      'Ask Ada Lovelace or bob to decide requests at payroll with risk 2 or higher; after 1 hour, ask olga too.',
    ],
    [
      asking({ apps: ['agent0'], hasOwner: false, minRisk: 1, maxRisk: 1, maxDays: 1 }),
      'Ask ada to decide requests of apps without an active owner through Agent0 with risk 1 for up to 1 day.',
    ],
    [asking({ minRisk: 1, maxRisk: 2 }), 'Ask ada to decide requests with risk 1 to 2.'],
  ])('%#', (one, sentence) => expect(renderApprovalRule(one, NAMES)).toBe(sentence))
})

describe('is refused', () => {
  it.each([
    ['if it approves without a highest risk', { effect: 'approve', when: { maxDays: 1 } }],
    ['if it approves without a longest access', { effect: 'approve', when: { maxRisk: 1 } }],
    [
      'if no risk is within its limits',
      { effect: 'ask', ask: { users: ['a'] }, when: { minRisk: 2, maxRisk: 1 } },
    ],
    ['if it asks no one', { effect: 'ask' }],
    [
      'if it approves and asks',
      { effect: 'approve', when: { maxRisk: 1, maxDays: 1 }, ask: { users: ['a'] } },
    ],
    ['if it escalates to no one', { effect: 'ask', ask: { users: ['a'], escalateAfterHours: 1 } }],
    ['if it never escalates', { effect: 'ask', ask: { users: ['a'], escalateTo: ['b'] } }],
    [
      'if it escalates after requests expire',
      { effect: 'ask', ask: { users: ['a'], escalateAfterHours: 336, escalateTo: ['b'] } },
    ],
  ])('%s', (_, draft) => {
    expect(zApprovalRule.safeParse({ id: 'rule', ...draft }).success).toBe(false)
  })

  it('but not with all of it', () => {
    const ask = { users: ['a'], escalateAfterHours: 335, escalateTo: ['b'] }
    expect(zApprovalRule.safeParse({ id: 'rule', effect: 'ask', ask }).success).toBe(true)
    const when = { maxRisk: 1, maxDays: 1 }
    expect(zApprovalRule.safeParse({ id: 'rule', effect: 'approve', when }).success).toBe(true)
  })
})
