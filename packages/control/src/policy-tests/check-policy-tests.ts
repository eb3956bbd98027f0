// Whether a change breaks a promise: tests of kept suites that pass now and would fail after it. Who may change the tests may
// save it nevertheless, with a reason, which is recorded. Users and groups come and go, so they are never held up.
import { ALLOWED, type Collection, type Role } from '@crosswalk/admin-api'
import type { AuditEvent, LoggedEvent } from '@crosswalk/as-core'
import type { SuiteReport, TestResult } from '@crosswalk/policy'
import type { KeptSuite } from '@crosswalk/protocol'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import { definitionsOf } from '../definitions/records.ts'
import { toSuite } from './failing-tests.ts'
import type { Next } from '../definitions/preview-world.ts'
import { buildAdminEvent, buildObjectEvent, type ObjectDifference } from '../audit/change-event.ts'
import type { AdminContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { buildProblem, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { runInTurns } from './run-suites.ts'

type Changed = Collection | 'access-grants'

const CHECKED: readonly Changed[] = [
  'apps',
  'resource-apps',
  'connections',
  'policies',
  'policy-suites',
  'access-grants',
]

/** With `Crosswalk-Override: policy-tests` a change is made although tests fail. */
const OVERRIDE = 'policy-tests'
/** Others would set aside rules that they may not change. */
const OVERRIDING: readonly Role[] = ALLOWED.changeRules

export interface Broken {
  readonly suite: string
  readonly test: string
  readonly why: string
}

export type SuiteVerdict = { readonly refusal: Problem } | { readonly overridden: readonly Broken[] }

/**
 * Called in turn, so that nothing else is defined meanwhile.
 *
 * @param next - what would be different
 * @returns why the change is refused, or what it breaks nevertheless: nothing unless it is overridden
 */
export async function checkPolicyTests(
  parts: Parts<'directory' | 'clock'>,
  context: AdminContext,
  { collections, next }: { readonly collections: readonly Changed[]; readonly next: Next },
): Promise<SuiteVerdict> {
  const isChecked = collections.some((collection) => CHECKED.includes(collection))
  const broken = isChecked ? await findBroken(parts, next) : []
  if (broken.length === 0) return { overridden: [] }
  if (context.stops === true) return { overridden: broken }
  const mayOverride = OVERRIDING.includes(context.caller.role)
  const isAsked = context.headers.get('crosswalk-override') === OVERRIDE
  if (isAsked && !mayOverride)
    return { refusal: buildProblem('forbidden', { detail: `${countOf(broken)} would fail. ${WHO_MAY}` }) }
  if (!isAsked) return { refusal: refuse(broken, mayOverride) }
  if (context.reason !== undefined) return { overridden: broken }
  return {
    refusal: invalidRequest([{ path: '/reason', problem: 'is needed where failing tests are overridden' }]),
  }
}

async function findBroken(parts: Parts<'directory' | 'clock'>, next: Next): Promise<readonly Broken[]> {
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
  /** Of the test in its suite */
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

/** What fails already, as it stands: another change is not to blame. A test that is new or changed promises again. */
async function findKnown(
  parts: Parts<'directory' | 'clock'>,
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

function countOf(broken: readonly Broken[]): string {
  return broken.length === 1 ? '1 policy test' : `${broken.length} policy tests`
}

const WHO_MAY = 'An owner or administrator can save it nevertheless.'

function refuse(broken: readonly Broken[], mayOverride: boolean): Problem {
  const [first] = broken
  const remedy = mayOverride
    ? `Change less, change the test, or save it nevertheless with \`Crosswalk-Override: ${OVERRIDE}\` and a reason.`
    : `Change less. ${WHO_MAY}`
  return buildProblem('tests-fail', {
    detail: `${countOf(broken)} would fail, as ${first?.suite}: ${first?.test} (${first?.why}). ${remedy}`,
    mayOverride,
    failedTests: broken.slice(0, MAX_NAMED).map((one) => ({ ...one })),
  })
}

/** @returns the event of a change, and the one that says in spite of which tests it was made */
export function buildObjectEvents(
  context: AdminContext,
  nowMs: number,
  difference: ObjectDifference,
  overridden: readonly Broken[],
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
  { target, overridden }: { readonly target: AuditEvent['target']; readonly overridden: readonly Broken[] },
): LoggedEvent {
  return buildAdminEvent(context, nowMs, {
    type: 'test.failed_override',
    category: 'policy',
    severity: 'warning',
    ...(target === undefined ? {} : { target }),
    change: { failed: overridden.length, tests: overridden.slice(0, MAX_NAMED) },
  })
}
