// What helps to write a policy: the clauses there are, and whether a draft can be taken and what it would say.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zPolicyInput } from '../collections/policies.ts'

const zClause = z
  .object({
    name: z.string().describe('As written in `when`; `NAME` in it stands for a name of yours.'),
    takes: z.string().describe('What its value is.'),
    meaning: z.string(),
    unknownWhen: z.string().optional().describe('When it can be judged neither way; absent: never.'),
    example: z.string().describe('A value as it is written in a document.'),
  })
  .meta({ id: 'PolicyClause' })

const zDraftVerdict = z
  .object({
    sentence: z.string().nullable().describe('What the rule says, in words; null where it has problems.'),
    problems: z.array(
      z.object({
        path: z.string().describe('A JSON Pointer into the policy.'),
        problem: z.string(),
        fix: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'PolicyDraftVerdict' })
export type PolicyDraftVerdict = z.output<typeof zDraftVerdict>

export const policyDraftRoutes = defineRoutes('policies', {
  'policies.clauses': {
    method: 'GET',
    path: '/policy-clauses',
    summary: 'Every clause that can stand in `when` of a policy',
    roles: ALLOWED.seeRules,
    replies: { 200: { description: 'The clauses.', body: z.object({ items: z.array(zClause) }) } },
  },
  'policies.check': {
    method: 'POST',
    path: '/policy-check',
    summary: 'Whether a policy could be taken, and what it would say, without defining it',
    description: 'Whether the apps, users and resources it names exist is checked when it is defined.',
    roles: ALLOWED.seeRules,
    body: zPolicyInput,
    replies: { 200: { description: 'The verdict.', body: zDraftVerdict } },
  },
})
