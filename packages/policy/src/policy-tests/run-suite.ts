// Runs policy tests against definitions, with the same evaluator, facts and snapshot as the token endpoint and the
// simulator. Only policy is tested; signatures, sessions and credentials are assumed valid.
import type { DecisionRecord, PolicySuite, PolicyTest } from '@crosswalk/protocol'

import { finishSteps } from '../finish-steps.ts'
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
  /** Number of requests that the test expands to */
  readonly cases: number
  readonly failed: number
  readonly failures: CaseFailure[]
  /** The error in the test itself */
  readonly mistake?: string
}

/** What the tests exercised, and what they did not. */
export interface Coverage {
  readonly exercised: string[]
  readonly missed: string[]
}

export interface SuiteReport {
  readonly suite: string
  readonly passed: boolean
  readonly tests: TestResult[]
  /** Ids of rules that applied to any request */
  readonly policies: Coverage
  /** Ids of connections that any request used */
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

/** @param mostCases - the maximum number of requests per test; a test that exceeds it fails */
export function runSuite(suite: PolicySuite, world: TestWorld, mostCases: number): SuiteReport {
  return finishSteps(stepSuite(suite, world, mostCases))
}

/** About the number of cases that a server can judge without delaying other requests. */
const CASES_PER_STEP = 250

/** Like `runSuite`, in steps of a few milliseconds, so that other work can run in between. */
export function* stepSuite(
  suite: PolicySuite,
  given: TestWorld,
  mostCases: number,
): Generator<void, SuiteReport> {
  // Pending access requests are not policy, and must not make tests fail.
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
