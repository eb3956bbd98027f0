// Counts the results of a test run, and decides whether it passed.
import type { TestCase, TestModule } from 'vitest/node'

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /**
   * Files and titles of tests that passed only on the second try, which only CI allows, with the error of the first: each
   * has a race to fix
   */
  readonly flaky: readonly string[]
}

/** More than this cannot be explained by a busy machine. */
const MAX_FLAKY = 3

/** A module that fails without a failed test (it does not load, or a hook throws) counts as one failure. */
export function countTests(modules: readonly TestModule[], unhandledErrors: number): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const states = tests.map((it) => it.result().state)
  const count = (state: string) => states.filter((it) => it === state).length
  const broken = modules.filter(
    (module) => !module.ok() && [...module.children.allTests('failed')].length === 0,
  )
  return {
    passed: count('passed'),
    failed: count('failed') + broken.length + unhandledErrors,
    skipped: count('skipped') + count('pending'),
    flaky: tests.filter((it) => it.diagnostic()?.flaky === true).map(describeFlaky),
  }
}

function describeFlaky(test: TestCase): string {
  const title = `${test.module.relativeModuleId} > ${test.fullName}`
  const [error] = test.result().errors ?? []
  if (error === undefined) return title
  const [frame] = error.stacks ?? []
  const place = frame === undefined ? '' : `\n    at ${frame.file}:${frame.line}`
  return `${title}\n    ${error.message}${place}`
}

export function renderTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

/**
 * @param mayTolerateSkips - false in CI, where everything is installed, so that a skipped test would never run
 * @returns why the run failed; undefined if it passed
 */
export function findProblem(tally: Tally, mayTolerateSkips: boolean): string | undefined {
  if (tally.failed > 0) return `${tally.failed} failed`
  if (tally.flaky.length > MAX_FLAKY) return `${tally.flaky.length} passed only on the second try`
  if (tally.passed + tally.skipped === 0) return 'no test ran'
  if (tally.skipped > 0 && !mayTolerateSkips) return `${tally.skipped} skipped, and CI skips nothing`
  return undefined
}
