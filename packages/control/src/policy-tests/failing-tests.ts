// Runs the policy test suites of a configuration file on that file.
import { runSuite } from '@crosswalk/policy'
import type { KeptSuite, PolicySuite } from '@crosswalk/protocol'

import type { Configuration } from '../config-file/configuration.ts'
import type { FileProblem } from '../config-file/finding.ts'
import { compileConfiguration } from '../definitions/compile-configuration.ts'

/** No other caller waits when a file is checked. */
const MAX_CASES = 1_000_000

/** @returns the suite in the format of a separate file */
export function toSuite({ id, given, tests }: KeptSuite): PolicySuite {
  return { suite: id, tests, ...(given === undefined ? {} : { given }) }
}

/** For checks of a file. A server starts anyway, because a test may fail only because time has passed. */
export async function findFailingTests(
  configuration: Configuration,
  nowMs: number,
): Promise<readonly FileProblem[]> {
  const suites = configuration.idp?.policyTests ?? []
  if (suites.length === 0) return []
  const { snapshot, users } = await compileConfiguration(configuration)
  if (snapshot === undefined) return []
  return suites.flatMap((suite) =>
    runSuite(toSuite(suite), { snapshot, users, nowMs }, MAX_CASES)
      .tests.filter(({ passed }) => !passed)
      .map(({ name, mistake, failures: [first] }) => ({
        severity: 'error',
        file: configuration.origin?.file ?? '',
        line: configuration.origin?.lines[`policy-suites/${suite.id}`] ?? 1,
        what: `policy test "${name}" of ${suite.id} fails: ${mistake ?? `${first?.app} for ${first?.who} is ${first?.mismatches.join('; ')}`}`,
        fix: 'change the definitions or the test; `npx crosswalk policy test --config FILE` shows details',
      })),
  )
}
