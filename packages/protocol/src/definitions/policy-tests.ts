// Policy tests: the user, app, resource and scopes of a request, and the expected result.
import { z } from 'zod'

import { zId, zTimestamp, zScopeToken } from './scalars.ts'

const zDuration = z
  .union([
    z.int().min(0),
    z
      .string()
      .regex(/^(?=.)(\d{1,9}d)?(\d{1,9}h)?(\d{1,9}m)?(\d{1,9}s)?$/, 'a duration such as 12h, 90m or 1d12h'),
  ])
  .describe('Seconds, or text such as `12h`, `90m`, `1d12h`.')

const zWho = z
  .string()
  .regex(/^(any|(user|group):.+)$/s, 'any, user:ID, user:NAME or group:NAME')
  .describe('`any`, `user:ID` or `user:NAME`, `group:NAME`.')

const zAppName = z
  .string()
  .min(1)
  .max(512)
  .describe('Id of an app, `kind:agent`, `kind:web`, `kind:service`, or `any`.')

/** What a test assumes about the request. */
const zPolicyTestGiven = z.strictObject({
  time: zTimestamp.optional().describe('Time of the request. Default: now.'),
  auth_age: zDuration.optional().describe('Age of the sign-in. Default: zero.'),
  acr: z.string().min(1).max(256).optional().describe('Authentication context class of the sign-in.'),
  dpop: z.boolean().optional().describe('Whether the request has a DPoP proof.'),
  ip: z.string().min(1).max(64).optional().describe('Client address of the request.'),
  grants_last_hour: z
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('Grants of the app for the user in the preceding hour. Default: 0.'),
})
export type PolicyTestGiven = z.output<typeof zPolicyTestGiven>

const zPolicyTestExpectation = z.strictObject({
  outcome: z.enum(['allow', 'deny', 'step_up']),
  code: z
    .string()
    .regex(/^XAA\d{4}$/, 'a code such as XAA1503')
    .optional()
    .describe('The decision code.'),
  scopes: z.array(zScopeToken).optional().describe('Exactly these scopes are granted.'),
  lifetime_max: zDuration.optional().describe('Maximum lifetime of the ID-JAG.'),
  max_age: zDuration.optional().describe('Maximum age of the new sign-in.'),
  remedy_includes: z.string().min(1).optional().describe('Text contained in a remedy.'),
})
export type PolicyTestExpectation = z.output<typeof zPolicyTestExpectation>

const zPolicyTest = z.strictObject({
  name: z.string().min(1).max(256),
  who: z.union([zWho, z.array(zWho).min(1)]).describe('The user the app acts for; several: each of them.'),
  app: z.union([zAppName, z.array(zAppName).min(1)]).describe('The requesting app; several: each of them.'),
  at: z
    .union([
      z.string().min(1).max(256),
      z.strictObject({
        audience: z.string().min(1).max(2048),
        resource: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
      }),
    ])
    .describe(
      'Id of a resource app, for each of its resources; `any`; or `audience` and `resource` as sent.',
    ),
  ask: z
    .union([z.literal('any'), z.array(zScopeToken).min(1)])
    .optional()
    .describe('Scopes; `any`: all together, and each scope separately; absent: whatever is allowed.'),
  with: zPolicyTestGiven.optional(),
  expect: zPolicyTestExpectation,
})
export type PolicyTest = z.output<typeof zPolicyTest>

const suiteMembers = {
  given: zPolicyTestGiven.optional().describe('Applies to every test unless it states otherwise.'),
  tests: z.array(zPolicyTest).min(1).max(1000).describe('The tests.'),
}

export const zPolicySuite = z
  .strictObject({ suite: z.string().min(1).max(256).describe('Name of the suite.'), ...suiteMembers })
  .meta({ id: 'PolicySuite' })
export type PolicySuite = z.output<typeof zPolicySuite>

/** A stored suite that changes to policies must not break. */
export const zKeptSuite = z.strictObject({
  id: zId.describe('Id of the suite.'),
  description: z.string().optional().describe('Who depends on it.'),
  ...suiteMembers,
})
export type KeptSuite = z.output<typeof zKeptSuite>
