// Whether a change breaks kept policy tests: those that pass now and would fail after it. Users who may change the
// tests may override this with a reason, which is recorded. Changes to users and groups are never held up.
import { ALLOWED, type Collection, type Role } from '@crosswalk/admin-api'
import type { AuditEvent, LoggedEvent } from '@crosswalk/as-core'
import type { SuiteReport, TestResult } from '@crosswalk/policy'
import type { KeptSuite } from '@crosswalk/protocol'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import { definitionsOf } from '../definitions/records.ts'
import { toSuite } from './failing-tests.ts'
import type { NextDefinitions } from '../definitions/preview-world.ts'
import { buildAdminEvent, buildObjectEvent, type ObjectDifference } from '../audit/change-event.ts'
import type { AdminContext } from '../http/context.ts'
import type { EvaluationParts } from '../evaluator/parts.ts'
import type { Parts } from '../parts.ts'
import { buildProblem, forbidden, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { runInTurns } from './run-suites.ts'

type Changed = Collection | 'access-grants'

interface Change {
  readonly collections: readonly Changed[]
  /** The result */
  readonly next: NextDefinitions
}

const CHECKED: readonly Changed[] = [
  'apps',
  'resource-apps',
  'connections',
  'policies',
  'policy-suites',
  'access-grants',
]

/** With `Crosswalk-Override: policy-tests` a change is applied although tests fail. */
const OVERRIDE = 'policy-tests'
/** Other roles would override rules that they may not change. */
const OVERRIDING: readonly Role[] = ALLOWED.changeRules

export interface BrokenTest {
  readonly suite: string
  readonly test: string
  readonly why: string
}

export type SuiteVerdict = { readonly refusal: Problem } | { readonly overridden: readonly BrokenTest[] }

/**
 * Call inside `inTurn`, so that no definition changes in the meantime.
 *
 * @returns why the change is refused, or the tests that it breaks with an override
 */
export async function checkPolicyTests(
  parts: Parts<'directory' | 'clock'>,
  context: AdminContext,
  change: Change,
): Promise<SuiteVerdict> {
  const broken = await findBroken(parts, change)
  if (broken.length === 0) return { overridden: [] }
  if (context.stops === true) return { overridden: broken }
  const mayOverride = OVERRIDING.includes(context.caller.role)
  const isAsked = context.overridesTests === true
  if (isAsked && !mayOverride) return { refusal: forbidden(`${countOf(broken)} would fail. ${WHO_MAY}`) }
  if (!isAsked) return { refusal: refuse(broken, mayOverride) }
  if (context.reason !== undefined) return { overridden: broken }
  return {
    refusal: invalidRequest([{ path: '/reason', problem: 'is required to override failing tests' }]),
  }
}

/** @returns the tests that the change breaks, without those that fail already */
export async function findBroken(
  parts: Pick<EvaluationParts, 'directory' | 'clock'>,
  { collections, next }: Change,
): Promise<readonly BrokenTest[]> {
  if (!collections.some((collection) => CHECKED.includes(collection))) return []
  const suites = definitionsOf<KeptSuite>(
    next['policy-suites'] ?? parts.directory.current().world['policy-suites'],
  )
  if (suites.length === 0) return []
  const failing = await runAll(parts, suites, await parts.directory.preview(next))
  if (failing.length === 0) return []
  const known = await findKnown(parts, suites, failing)
  return failing
    .filter((one) => !known.has(nameOf(one)))
    .map(({ suite, result }) => ({ suite, test: result.name, why: describe(result) }))
}

interface Failing {
  readonly suite: string
  /** Position of the test in its suite */
  readonly index: number
  readonly result: TestResult
}

function nameOf({ suite, index }: Pick<Failing, 'suite' | 'index'>): string {
  return JSON.stringify([suite, index])
}

async function runAll(
  { clock }: Parts<'clock'>,
  suites: readonly KeptSuite[],
  { exchange: snapshot, users }: CompiledWorld,
): Promise<readonly Failing[]> {
  if (snapshot === undefined) return []
  const failing: Failing[] = []
  for (const suite of suites) {
    const report = await runInTurns(toSuite(suite), { snapshot, users, nowMs: clock.nowMs() })
    failing.push(...failingOf(report))
  }
  return failing
}

function failingOf({ suite, tests }: SuiteReport): readonly Failing[] {
  return tests.flatMap((result, index) => (result.passed ? [] : [{ suite, index, result }]))
}

/** Tests that fail already, so that this change is not to blame. New or changed tests do not count as known. */
async function findKnown(
  parts: Pick<EvaluationParts, 'directory' | 'clock'>,
  suites: readonly KeptSuite[],
  failing: readonly Failing[],
): Promise<ReadonlySet<string>> {
  const current = parts.directory.current()
  const same = suites.filter((suite) => {
    const now = current.world['policy-suites'].get(suite.id)?.definition
    const isFailing = failing.some((one) => one.suite === suite.id)
    return isFailing && JSON.stringify(now) === JSON.stringify(suite)
  })
  return new Set((await runAll(parts, same, current)).map(nameOf))
}

function describe({ mistake, failures, failed }: TestResult): string {
  if (mistake !== undefined) return mistake
  const [first] = failures
  if (first === undefined) return ''
  const { app, who, audience, resource, ask, mismatches } = first
  const what = `${app} for ${who} at ${resource[0] ?? audience}${ask.length === 0 ? '' : ` · ${ask.join(' ')}`}`
  return `${what}: ${mismatches.join('; ')}${failed > 1 ? `, and ${failed - 1} more` : ''}`
}

const MAX_NAMED = 20

function countOf(broken: readonly BrokenTest[]): string {
  return broken.length === 1 ? '1 policy test' : `${broken.length} policy tests`
}

const WHO_MAY = 'An owner or administrator can save it anyway.'

function refuse(broken: readonly BrokenTest[], mayOverride: boolean): Problem {
  const [first] = broken
  const remedy = mayOverride
    ? `Reduce the change, change the test, or save it anyway with \`Crosswalk-Override: ${OVERRIDE}\` and a reason.`
    : `Reduce the change. ${WHO_MAY}`
  return buildProblem('tests-fail', {
    detail: `${countOf(broken)} would fail, for example ${first?.suite}: ${first?.test} (${first?.why}). ${remedy}`,
    mayOverride,
    failedTests: broken.slice(0, MAX_NAMED).map((one) => ({ ...one })),
  })
}

/** @returns the event of a change, and one that lists the overridden tests */
export function buildObjectEvents(
  context: AdminContext,
  nowMs: number,
  difference: ObjectDifference,
  overridden: readonly BrokenTest[],
): (revision: number) => readonly LoggedEvent[] {
  const build = buildObjectEvent(context, nowMs, difference)
  return (revision) => {
    const changed = build(revision)
    const { target } = changed.event
    return overridden.length === 0
      ? [changed]
      : [changed, buildOverrideEvent(context, nowMs, { target, overridden })]
  }
}

export function buildOverrideEvent(
  context: AdminContext,
  nowMs: number,
  {
    target,
    overridden,
  }: { readonly target: AuditEvent['target']; readonly overridden: readonly BrokenTest[] },
): LoggedEvent {
  return buildAdminEvent(context, nowMs, {
    type: 'test.failed_override',
    category: 'policy',
    severity: 'warning',
    ...(target === undefined ? {} : { target }),
    change: { failed: overridden.length, tests: overridden.slice(0, MAX_NAMED) },
  })
}
