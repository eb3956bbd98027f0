// Help for writing policies: the available clauses, and a check whether a draft is valid and what it means.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zPolicyInput } from '../collections/policies.ts'

const zClause = z
  .object({
    name: z.string().describe('Name in `when`; `NAME` is a placeholder for your own name.'),
    takes: z.string().describe('Type of its value.'),
    meaning: z.string(),
    unknownWhen: z.string().optional().describe('When it cannot be evaluated; absent: never.'),
    example: z.string().describe('Example of a value in a document.'),
  })
  .meta({ id: 'PolicyClause' })

const zLintFinding = z
  .object({
    policy: z.string().describe('Id of the policy.'),
    severity: z
      .enum(['warning', 'info'])
      .describe('`info`: may be intended, such as a policy for later connections.'),
    path: z.string().describe('A JSON Pointer into the policy.'),
    problem: z.string(),
    fix: z.string(),
  })
  .meta({ id: 'PolicyLintFinding' })
export type PolicyLintFinding = z.output<typeof zLintFinding>

const zDraftVerdict = z
  .object({
    sentence: z.string().nullable().describe('The rule as a sentence; null if it has problems.'),
    problems: z.array(
      z.object({
        path: z.string().describe('A JSON Pointer into the policy.'),
        problem: z.string(),
        fix: z.string().optional(),
      }),
    ),
    findings: z
      .array(zLintFinding)
      .describe('What it cannot do as written, among the other policies; not checked while it has problems.'),
  })
  .meta({ id: 'PolicyDraftVerdict' })

export const policyDraftRoutes = defineRoutes('policies', {
  'policies.clauses': {
    method: 'GET',
    path: '/policy-clauses',
    summary: 'List the clauses for `when` of a policy',
    roles: ALLOWED.seeRules,
    replies: { 200: { description: 'The clauses.', body: z.object({ items: z.array(zClause) }) } },
  },
  'policies.check': {
    method: 'POST',
    path: '/policy-check',
    summary: 'Check a policy and describe it in a sentence, without defining it',
    description:
      'The findings are those that `GET /policy-lint` would have of it. Users and groups are not looked up: a directory may provide them later.',
    roles: ALLOWED.seeRules,
    body: zPolicyInput,
    replies: { 200: { description: 'The result.', body: zDraftVerdict } },
  },
  'policies.lint': {
    method: 'GET',
    path: '/policy-lint',
    summary: 'List policies that are valid, but cannot do what their author expects',
    description:
      'Names that do not exist, clauses that are never true together, policies that another policy makes pointless, and pairs that nothing satisfies. Disabled policies are ignored.',
    roles: ALLOWED.seeRules,
    replies: {
      200: {
        description: 'The findings, by policy.',
        body: z.object({ policies: z.number(), items: z.array(zLintFinding) }),
      },
    },
  },
})
