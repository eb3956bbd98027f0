// Tests of policy against what is in force.
import { zPolicySuite } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'

const zCoverage = z.object({ exercised: z.array(z.string()), missed: z.array(z.string()) })

export const zSuiteReport = z
  .object({
    schema: z.literal('crosswalk.policy-report/v1'),
    suite: z.string(),
    passed: z.boolean(),
    tests: z.array(
      z.object({
        name: z.string(),
        passed: z.boolean(),
        cases: z.int().describe('Requests that the test stands for.'),
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
          .describe('The first of them.'),
        mistake: z.string().optional().describe('What is wrong with the test itself.'),
      }),
    ),
    policies: zCoverage.describe('Policies that applied to some request, and the others.'),
    connections: zCoverage.describe('Connections that some request came over, and the others.'),
    codes: z.array(z.string()).describe('Decision codes seen.'),
  })
  .meta({ id: 'PolicyReport' })
export type SuiteReportBody = z.output<typeof zSuiteReport>

export const policyTestRoutes = defineRoutes('policies', {
  'policies.test': {
    method: 'POST',
    path: '/policy-tests',
    summary: 'Run a suite of policy tests against what is in force, with the evaluator of the token endpoint',
    description: 'Issues nothing. One test may stand for 20,000 requests.',
    roles: ALLOWED.seeRules,
    body: zPolicySuite,
    replies: { 200: { description: 'What came of each test.', body: zSuiteReport } },
    problems: [409, 422, 503],
  },
  'policies.test-kept': {
    method: 'POST',
    path: '/policy-tests/kept',
    summary: 'Run every suite that is kept here, against what is in force',
    description:
      'What would make a test of these fail is refused when it is saved; what fails is there because of users, groups or time, or was saved nevertheless.',
    roles: ALLOWED.seeRules,
    replies: {
      200: {
        description: 'What came of each suite.',
        body: z.object({ passed: z.boolean(), items: z.array(zSuiteReport) }),
      },
    },
    problems: [409, 422, 503],
  },
})
