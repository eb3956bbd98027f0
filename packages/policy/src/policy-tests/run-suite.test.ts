// Policy tests report what the evaluator decides; a test that covers no request, or too many, never passes.
import { type PolicySuite, zPolicy, zPolicySuite } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import {
  AUDIENCE,
  makeSnapshot,
  NOTES_RESOURCE,
  NOW_SECONDS,
  USERS,
  TODO_RESOURCE,
  withConnection,
} from '../testing/exchange-world.ts'
import { findSurvivors } from './find-survivors.ts'
import { runSuite } from './run-suite.ts'

const policies = [
  zPolicy.parse({ id: 'no-writes', when: { scope: ['todos.write'], 'app.kind': 'agent' }, effect: 'deny' }),
  zPolicy.parse({
    id: 'fresh',
    when: { resourceApp: 'notes0' },
    effect: 'require',
    require: { maxAuthAgeSeconds: 600 },
  }),
  zPolicy.parse({ id: 'unused', when: { group: 'nobody' }, effect: 'deny', state: 'report-only' }),
]
const users = new Map(Object.values(USERS).map((person) => [person.id, person]))
const world = { snapshot: makeSnapshot({ policies }), users, nowMs: NOW_SECONDS * 1000 }

function suiteOf(...tests: readonly object[]): PolicySuite {
  return zPolicySuite.parse({ suite: 'test', tests: tests.map((test) => ({ name: 'it', ...test })) })
}
const run = (test: object) => runSuite(suiteOf(test), world, 1000).tests[0]
const alice = { who: 'user:alice', app: 'agent0', at: 'todo0', ask: ['todos.read'] }

describe('a test', () => {
  it.each([
    ['an allowed request', {}, { outcome: 'allow', code: 'XAA0000', scopes: ['todos.read'] }],
    ['an exact lifetime', {}, { outcome: 'allow', lifetime_max: '5m' }],
    ['a rule', { ask: ['todos.write'] }, { outcome: 'deny', code: 'XAA1701' }],
    ['a user by id', { who: 'user:usr_bob' }, { outcome: 'deny', code: 'XAA1503' }],
    ['a user by name', { who: 'user:alice' }, { outcome: 'allow' }],
    ['a user by verified address', { who: 'user:alice@acme.test' }, { outcome: 'allow' }],
    ['a raw audience', { at: { audience: AUDIENCE, resource: TODO_RESOURCE } }, { outcome: 'allow' }],
    ['an alias', { at: { audience: 'urn:acme:todo0' } }, { outcome: 'allow' }],
    [
      'two resource apps behind one issuer',
      { at: { audience: AUDIENCE } },
      { outcome: 'deny', code: 'XAA1305' },
    ],
    ['an unknown app', { app: 'nobody' }, { outcome: 'deny', code: 'XAA1101' }],
    [
      'a sign-in too long ago',
      { at: 'notes0', ask: ['notes.read'], with: { auth_age: 601 } },
      { outcome: 'step_up', max_age: '10m' },
    ],
    [
      'a sign-in just recent enough',
      { at: 'notes0', ask: ['notes.read'], with: { auth_age: '10m' } },
      { outcome: 'allow' },
    ],
    ['a remedy', { who: 'user:bob' }, { outcome: 'deny', remedy_includes: 'Add bob to the connection' }],
  ])('of %s passes', (_, change, expectation) => {
    expect(run({ ...alice, ...change, expect: expectation })).toMatchObject({ passed: true, failures: [] })
  })

  it.each([
    ['outcome', { outcome: 'deny' }, 'allow XAA0000'],
    ['code', { outcome: 'allow', code: 'XAA0001' }, 'code XAA0000 instead of XAA0001'],
    ['scopes', { outcome: 'allow', scopes: [] }, 'scopes todos.read instead of none'],
    [
      'more scopes than granted',
      { outcome: 'allow', scopes: ['todos.read', 'todos.write'] },
      'scopes todos.read instead of todos.read todos.write',
    ],
    [
      'as many scopes, but different ones',
      { outcome: 'allow', scopes: ['todos.write'] },
      'instead of todos.write',
    ],
    ['lifetime', { outcome: 'allow', lifetime_max: 299 }, 'a lifetime of 5m instead of at most 4m59s'],
    ['age', { outcome: 'allow', max_age: 1 }, 'max_age absent instead of 1'],
    ['two scopes, one of them granted', { outcome: 'allow', scopes: ['todos.read', 'x'] }, 'instead of'],
    ['remedy', { outcome: 'allow', remedy_includes: 'x' }, 'no remedy says "x"'],
  ])('with the wrong %s fails and states the difference', (_, expectation, words) => {
    const result = run({ ...alice, expect: expectation })
    expect(result).toMatchObject({ passed: false, failed: 1 })
    expect(result?.failures[0]?.mismatches).toEqual([expect.stringContaining(words)])
  })

  it('finds no user by an address that is not verified', () => {
    const unverified = { ...USERS.bob, email: 'bob@acme.test', emailVerified: false } as never
    const named = suiteOf({ ...alice, who: 'user:bob@acme.test', expect: { outcome: 'deny' } })
    const result = runSuite(named, { ...world, users: new Map([['usr_bob', unverified]]) }, 9)
    expect(result.tests).toMatchObject([{ passed: false, mistake: 'user:bob@acme.test matches nothing' }])
  })

  it('of a denied request expects no scopes and no lifetime', () => {
    const denied = { ...alice, who: 'user:bob' }
    expect(run({ ...denied, expect: { outcome: 'deny', scopes: [] } })?.passed).toBe(true)
    const wrong = run({ ...denied, expect: { outcome: 'deny', scopes: ['todos.read'], lifetime_max: '5m' } })
    expect(wrong?.failures[0]?.mismatches).toEqual([
      'scopes none instead of todos.read',
      'a lifetime of nothing instead of at most 5m',
    ])
  })

  it('without scopes requests none, and gets all of the connection', () => {
    const { ask: _, ...whole } = alice
    const reading = { ...world, snapshot: makeSnapshot() }
    const test = suiteOf({ ...whole, expect: { outcome: 'allow', scopes: ['todos.read', 'todos.write'] } })
    expect(runSuite(test, reading, 9).tests[0]).toMatchObject({ passed: true, cases: 1 })
  })

  it.each([
    [{ audience: AUDIENCE, resource: TODO_RESOURCE }, 3],
    [{ audience: AUDIENCE, resource: [TODO_RESOURCE, NOTES_RESOURCE] }, 5],
    [{ audience: AUDIENCE }, 5],
    [{ audience: 'https://unknown.test' }, 1],
  ])('at %j requests each scope of the named resources separately', (at, cases) => {
    expect(run({ ...alice, at, ask: 'any', expect: { outcome: 'deny' } })?.cases).toBe(cases)
  })

  it('proves a key only if it states so', () => {
    const bound = { ...world, snapshot: makeSnapshot(withConnection({ conditions: { dpop: 'required' } })) }
    const outcomeOf = (given: object) =>
      runSuite(suiteOf({ ...alice, with: given, expect: { outcome: 'allow' } }), bound, 9).passed
    expect([outcomeOf({}), outcomeOf({ dpop: false }), outcomeOf({ dpop: true })]).toEqual([
      false,
      false,
      true,
    ])
  })

  it('takes what it does not state from its suite', () => {
    const notes = { ...alice, at: 'notes0', ask: ['notes.read'] }
    const tests = [
      { ...notes, name: 'as the suite', expect: { outcome: 'step_up' } },
      { ...notes, name: 'its own', with: { auth_age: 600 }, expect: { outcome: 'allow' } },
    ]
    const suite = zPolicySuite.parse({ suite: 'test', given: { auth_age: 601 }, tests })
    expect(runSuite(suite, world, 9).tests.map(({ passed }) => passed)).toEqual([true, true])
  })

  it('happens now, or at the time it states', () => {
    const until = new Date(NOW_SECONDS * 1000 + 60_000).toISOString()
    const ending = { ...world, snapshot: makeSnapshot(withConnection({ expiresAt: until })) }
    const passes = (given: object) =>
      runSuite(suiteOf({ ...alice, with: given, expect: { outcome: 'allow' } }), ending, 9).passed
    expect([passes({}), passes({ time: until })]).toEqual([true, false])
  })

  it('treats a request that needs approval as denied', () => {
    const draft = { ...world, snapshot: makeSnapshot({ policies, ...withConnection({ status: 'draft' }) }) }
    const outcomes = (['deny', 'allow'] as const).map((outcome) => {
      const test = { ...alice, expect: { outcome, ...(outcome === 'deny' ? { code: 'XAA1402' } : {}) } }
      return runSuite(suiteOf(test), draft, 1000).passed
    })
    expect(outcomes).toEqual([true, false])
  })

  it('does not fail because a user has a pending access request', () => {
    const openRequests = [
      { id: 'req_1', user: 'usr_bob', app: 'agent0', resourceApp: 'todo0', scopes: ['todos.read'] },
    ]
    const asked = { ...world, snapshot: makeSnapshot({ policies, openRequests }) }
    const test = { ...alice, who: 'user:bob', expect: { outcome: 'deny', code: 'XAA1503' } }
    expect(runSuite(suiteOf(test), asked, 1000)).toMatchObject({ passed: true })
  })

  it('of a counting rule may state the count, which is zero by default', () => {
    const busy = zPolicy.parse({ id: 'busy', when: { 'volume.perHour.over': 20 }, effect: 'deny' })
    const counting = { ...world, snapshot: makeSnapshot({ policies: [busy] }) }
    const codeOf = (given: object) => {
      const test = { ...alice, with: given, expect: { outcome: 'step_up' } }
      return runSuite(suiteOf(test), counting, 1000).tests[0]?.failures[0]?.code
    }
    expect(codeOf({})).toBe('XAA0000')
    expect(codeOf({ grants_last_hour: 20 })).toBe('XAA0000')
    expect(codeOf({ grants_last_hour: 21 })).toBe('XAA1701')
  })

  it('of `any` covers every user, and fails if one of them does', () => {
    const all = { who: 'any', app: 'any', at: 'todo0', ask: 'any', expect: { outcome: 'deny' } }
    // Three users, two apps; once without scopes and once for each of two scopes.
    expect(run(all)).toMatchObject({ cases: 18, failed: 1, passed: false })
    expect(run(all)?.failures[0]).toMatchObject({ who: 'alice', app: 'agent0', ask: ['todos.read'] })
    expect(run({ ...all, who: ['group:sales', 'user:dave'] })).toMatchObject({ cases: 12, passed: true })
    expect(run({ ...all, app: 'kind:agent', at: 'any' })?.cases).toBe(36)
  })

  it.each([
    ['a group without members', { who: 'group:nobody' }, 'group:nobody matches nothing'],
    ['an unknown user', { who: 'user:eve' }, 'user:eve matches nothing'],
    ['no app of a kind', { app: 'kind:service' }, 'kind:service matches nothing'],
    ['an unknown place', { at: 'nowhere' }, '"nowhere" matches nothing'],
  ])('of %s is a mistake, whatever the expectation', (_, change, mistake) => {
    for (const outcome of ['allow', 'deny'])
      expect(run({ ...alice, ...change, expect: { outcome } })).toMatchObject({ passed: false, mistake })
  })

  it('may expand to as many requests as the limit, and no more', () => {
    const all = suiteOf({ who: 'any', app: 'any', at: 'todo0', ask: 'any', expect: { outcome: 'deny' } })
    expect(runSuite(all, world, 18).tests[0]).toMatchObject({ cases: 18 })
    expect(runSuite(all, world, 17).tests[0]).toMatchObject({
      passed: false,
      mistake: 'it expands to 18 requests, more than 17',
    })
  })

  it('shows its first three failures', () => {
    const all = { ...alice, app: 'any', ask: 'any', expect: { outcome: 'step_up' } }
    const { failed, failures = [] } = run(all) ?? {}
    expect([failed, failures.length]).toEqual([6, 3])
    expect(failures[0]).toMatchObject({ who: 'alice', app: 'agent0', resource: [TODO_RESOURCE], ask: [] })
  })
})

it('reports what the tests exercised', () => {
  const write = { ...alice, ask: ['todos.write'], expect: { outcome: 'deny' } }
  const alone = { ...alice, app: 'other', expect: { outcome: 'deny' } }
  const report = runSuite(suiteOf(write, alone), world, 9)
  expect(report).toMatchObject({
    passed: true,
    policies: { exercised: ['no-writes'], missed: ['fresh', 'unused'] },
    connections: { exercised: ['agent0-todo0'], missed: ['agent0-notes0'] },
    codes: ['XAA1401', 'XAA1701'],
  })
})

it('finds rules and clauses that no test protects', () => {
  const write = { ...alice, ask: ['todos.write'], expect: { outcome: 'deny', code: 'XAA1701' } }
  const read = { ...alice, expect: { outcome: 'allow' } }
  expect(findSurvivors([suiteOf(write)], world, 9)).toEqual({
    tried: 5,
    survivors: [
      { policy: 'fresh', change: 'without the rule' },
      { policy: 'fresh', change: 'without the clause resourceApp' },
      { policy: 'no-writes', change: 'without the clause scope' },
      { policy: 'no-writes', change: 'without the clause app.kind' },
    ],
  })
  const stale = {
    ...alice,
    at: { audience: AUDIENCE, resource: NOTES_RESOURCE },
    ask: ['notes.read'],
    with: { auth_age: '11m' },
    expect: { outcome: 'step_up' },
  }
  const elsewhere = { ...read, with: { auth_age: '11m' } }
  expect(findSurvivors([suiteOf(write, read), suiteOf(stale, elsewhere)], world, 9).survivors).toEqual([
    { policy: 'no-writes', change: 'without the clause app.kind' },
  ])
})
