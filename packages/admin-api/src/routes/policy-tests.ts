// Policy tests against the current definitions.
import { zPolicySuite } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'

const zCoverage = z.object({ exercised: z.array(z.string()), missed: z.array(z.string()) })

const zSuiteReport = z
  .object({
    schema: z.literal('crosswalk.policy-report/v1'),
    suite: z.string(),
    passed: z.boolean(),
    tests: z.array(
      z.object({
        name: z.string(),
        passed: z.boolean(),
        cases: z.int().describe('Number of requests in the test.'),
        failed: z.int(),
        failures: z
          .array(
            z.object({
              who: z.string(),
              app: z.string(),
              audience: z.string(),
              resource: z.array(z.string()),
              ask: z.array(z.string()),
              code: z.string(),
              mismatches: z.array(z.string()),
            }),
          )
          .describe('The first failures.'),
        mistake: z.string().optional().describe('Mistake in the test itself.'),
      }),
    ),
    policies: zCoverage.describe('Policies that applied to some request, and the others.'),
    connections: zCoverage.describe('Connections that some request used, and the others.'),
    codes: z.array(z.string()).describe('Decision codes seen.'),
  })
  .meta({ id: 'PolicyReport' })

export const policyTestRoutes = defineRoutes('policies', {
  'policies.test': {
    method: 'POST',
    path: '/policy-tests',
    summary:
      'Run a policy test suite against the current definitions, with the evaluator of the token endpoint',
    description: 'Issues nothing. One test may have up to 20,000 requests.',
    roles: ALLOWED.seeRules,
    body: zPolicySuite,
    replies: { 200: { description: 'The results of all tests.', body: zSuiteReport } },
    problems: [409, 422, 503],
  },
  'policies.test-kept': {
    method: 'POST',
    path: '/policy-tests/kept',
    summary: 'Run every stored suite against the current definitions',
    description:
      'Changes that would make one of these tests fail are refused; tests that fail do so because of users, groups or time, or because the change was saved nevertheless.',
    roles: ALLOWED.seeRules,
    replies: {
      200: {
        description: 'The results of all suites.',
        body: z.object({ passed: z.boolean(), items: z.array(zSuiteReport) }),
      },
    },
    problems: [409, 422, 503],
  },
})
