// Tests of policy as written by hand: who asks, through which app, where, for what, and what must come of it.
import { z } from 'zod'

import { zId, zMoment, zScopeToken } from './scalars.ts'

const zDuration = z
  .union([
    z.int().min(0),
    z.string().regex(/^(?=.)(\d{1,9}d)?(\d{1,9}h)?(\d{1,9}m)?(\d{1,9}s)?$/, 'as 12h, 90m, 1d12h'),
  ])
  .describe('Seconds, or as `12h`, `90m`, `1d12h`.')

const zWho = z
  .string()
  .regex(/^(any|(user|group):.+)$/s, 'any, user:ID, user:NAME or group:NAME')
  .describe('`any`, `user:ID` or `user:NAME`, `group:NAME`.')

const zAppName = z
  .string()
  .min(1)
  .max(512)
  .describe('Id of an app, `kind:agent`, `kind:web`, `kind:service`, or `any`.')

/** What is taken as given of a request. */
export const zPolicyTestGiven = z.strictObject({
  time: zMoment.optional().describe('When it is asked; now unless given.'),
  auth_age: zDuration.optional().describe('How long ago the user signed in; just now unless given.'),
  acr: z.string().min(1).max(256).optional().describe('How the user signed in.'),
  dpop: z.boolean().optional().describe('Whether there is a DPoP proof.'),
  ip: z.string().min(1).max(64).optional().describe('Where the request comes from.'),
  grants_last_hour: z
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('How often the app was granted something for the user in the hour before; never unless given.'),
})
export type PolicyTestGiven = z.output<typeof zPolicyTestGiven>

export const zPolicyTestExpectation = z.strictObject({
  outcome: z.enum(['allow', 'deny', 'step_up']),
  code: z
    .string()
    .regex(/^XAA\d{4}$/, 'a code such as XAA1503')
    .optional()
    .describe('The decision code.'),
  scopes: z.array(zScopeToken).optional().describe('Exactly these are granted.'),
  lifetime_max: zDuration.optional().describe('The ID-JAG lives no longer.'),
  max_age: zDuration.optional().describe('The new sign-in must be no older.'),
  remedy_includes: z.string().min(1).optional().describe('Text of a remedy that is told.'),
})
export type PolicyTestExpectation = z.output<typeof zPolicyTestExpectation>

export const zPolicyTest = z.strictObject({
  name: z.string().min(1).max(256),
  who: z.union([zWho, z.array(zWho).min(1)]).describe('Whom the app acts for; several: each of them.'),
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
      'Id of a resource app, then each of its resources; `any`; or `audience` and `resource` as sent.',
    ),
  ask: z
    .union([z.literal('any'), z.array(zScopeToken).min(1)])
    .optional()
    .describe('Scopes; `any`: everything at once, and each scope by itself; absent: whatever is allowed.'),
  with: zPolicyTestGiven.optional(),
  expect: zPolicyTestExpectation,
})
export type PolicyTest = z.output<typeof zPolicyTest>

const suiteMembers = {
  given: zPolicyTestGiven.optional().describe('For every test that does not say otherwise.'),
  tests: z.array(zPolicyTest).min(1).max(1000).describe('What must hold.'),
}

export const zPolicySuite = z
  .strictObject({ suite: z.string().min(1).max(256).describe('Name of the suite.'), ...suiteMembers })
  .meta({ id: 'PolicySuite' })
export type PolicySuite = z.output<typeof zPolicySuite>

/** A suite that is kept beside what it tests, and that changes must not break. */
export const zKeptSuite = z.strictObject({
  id: zId.describe('Id of the suite.'),
  description: z.string().optional().describe('Whose promise it is.'),
  ...suiteMembers,
})
export type KeptSuite = z.output<typeof zKeptSuite>
