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

const MOST_FAILURES_SHOWN = 3

interface Seen {
  readonly policies: Set<string>
  readonly connections: Set<string>
  readonly codes: Set<string>
}

/** @param mostCases - requests one test may stand for; a test that stands for more fails */
export function runSuite(suite: PolicySuite, world: TestWorld, mostCases: number): SuiteReport {
  const seen: Seen = { policies: new Set(), connections: new Set(), codes: new Set() }
  const tests = suite.tests.map((test) => runTest(test, suite.given, { world, mostCases, seen }))
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

function runTest(
  test: PolicyTest,
  given: PolicySuite['given'],
  { world, mostCases, seen }: { world: TestWorld; mostCases: number; seen: Seen },
): TestResult {
  const { cases, mistake } = expandTest(test, world, mostCases)
  const { name, expect } = test
  if (mistake !== undefined) return { name, passed: false, cases: 0, failed: 0, failures: [], mistake }
  const failures = cases.flatMap((one) => {
    const record = decideCase(one, { ...given, ...test.with }, world, expect.remedy_includes !== undefined)
    note(record, seen)
    const mismatches = findMismatches(record, expect)
    return mismatches.length === 0 ? [] : [describeFailure(one, record, mismatches)]
  })
  return {
    name,
    passed: failures.length === 0,
    cases: cases.length,
    failed: failures.length,
    failures: failures.slice(0, MOST_FAILURES_SHOWN),
  }
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
