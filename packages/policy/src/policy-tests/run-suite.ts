// Runs tests of policy against definitions: the same evaluator, facts and snapshot as the token endpoint and the
// simulator. What is tested is policy; signatures, sessions and credentials are taken as good.
import type { DecisionRecord, PolicySuite, PolicyTest } from '@crosswalk/protocol'

import { expandTest, type TestCase, type TestWorld } from './expand-test.ts'
import { decideCase, findMismatches } from './judge-case.ts'

export interface CaseFailure {
  /** User name */
  readonly who: string
  readonly app: string
  readonly audience: string
  readonly resource: string[]
  readonly ask: string[]
  readonly code: string
  readonly mismatches: string[]
}

export interface TestResult {
  readonly name: string
  readonly passed: boolean
  /** Requests that the test stands for */
  readonly cases: number
  readonly failed: number
  /** The first of them */
  readonly failures: CaseFailure[]
  /** What is wrong with the test itself */
  readonly mistake?: string
}

/** What the tests came across, and what they did not. */
export interface Coverage {
  readonly exercised: string[]
  readonly missed: string[]
}

export interface SuiteReport {
  readonly suite: string
  readonly passed: boolean
  readonly tests: TestResult[]
  /** Ids of rules that applied to some request */
  readonly policies: Coverage
  /** Ids of connections that some request came over */
  readonly connections: Coverage
  /** Decision codes seen */
  readonly codes: string[]
}

const MAX_FAILURES_SHOWN = 3

interface Seen {
  readonly policies: Set<string>
  readonly connections: Set<string>
  readonly codes: Set<string>
}

/** @param mostCases - requests one test may stand for; a test that stands for more fails */
export function runSuite(suite: PolicySuite, world: TestWorld, mostCases: number): SuiteReport {
  const steps = stepSuite(suite, world, mostCases)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** A server that judges as many others have to wait for. */
const CASES_PER_STEP = 250

/** The same in steps of a few milliseconds, so that others can have their turn between two. */
export function* stepSuite(
  suite: PolicySuite,
  given: TestWorld,
  mostCases: number,
): Generator<void, SuiteReport> {
  // Who asked for access meanwhile is no policy, and breaks no promise.
  const world = { ...given, snapshot: { ...given.snapshot, openRequests: new Map<string, never>() } }
  const seen: Seen = { policies: new Set(), connections: new Set(), codes: new Set() }
  const tests: TestResult[] = []
  for (const test of suite.tests) tests.push(yield* stepTest(test, suite.given, { world, mostCases, seen }))
  const { rules, connections } = world.snapshot
  return {
    suite: suite.suite,
    passed: tests.every(({ passed }) => passed),
    tests,
    policies: describeCoverage(
      rules.rules.map(({ id }) => id),
      seen.policies,
    ),
    connections: describeCoverage(
      [...connections.values()].map(({ id }) => id),
      seen.connections,
    ),
    codes: [...seen.codes].sort(),
  }
}

function* stepTest(
  test: PolicyTest,
  given: PolicySuite['given'],
  { world, mostCases, seen }: { world: TestWorld; mostCases: number; seen: Seen },
): Generator<void, TestResult> {
  const { cases, mistake } = expandTest(test, world, mostCases)
  const { name, expect } = test
  if (mistake !== undefined) return { name, passed: false, cases: 0, failed: 0, failures: [], mistake }
  const failures: CaseFailure[] = []
  let failed = 0
  for (const [index, one] of cases.entries()) {
    if (index % CASES_PER_STEP === 0) yield
    const record = decideCase(one, { ...given, ...test.with }, world, expect.remedy_includes !== undefined)
    note(record, seen)
    const mismatches = findMismatches(record, expect)
    if (mismatches.length === 0) continue
    failed += 1
    if (failures.length < MAX_FAILURES_SHOWN) failures.push(describeFailure(one, record, mismatches))
  }
  return { name, passed: failed === 0, cases: cases.length, failed, failures }
}

function note({ policies, resolution, code }: DecisionRecord, seen: Seen): void {
  for (const { id, applies } of policies) if (applies) seen.policies.add(id)
  if (resolution.connection !== undefined) seen.connections.add(resolution.connection)
  seen.codes.add(code)
}

function describeFailure(
  { user, app, audience, resource, scope }: TestCase,
  { code }: DecisionRecord,
  mismatches: readonly string[],
): CaseFailure {
  return {
    who: user.username,
    app,
    audience,
    resource: [...resource],
    ask: [...scope],
    code,
    mismatches: [...mismatches],
  }
}

function describeCoverage(all: readonly string[], seen: ReadonlySet<string>): Coverage {
  const sorted = all.toSorted()
  return { exercised: sorted.filter((id) => seen.has(id)), missed: sorted.filter((id) => !seen.has(id)) }
}
