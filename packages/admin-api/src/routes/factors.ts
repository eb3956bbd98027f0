// Second factors of users: taken away by an administrator, never given and never shown.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zIdParam, zReason } from '../schemas/common.ts'

export const zFactorReset = z
  .object({
    id: z.string(),
    removed: z.object({
      authenticatorApp: z.boolean(),
      passkeys: z.int().describe('How many.'),
    }),
    keptOfFile: z
      .boolean()
      .describe(
        'Whether a secret stays that stands in the configuration file: it can only be changed there.',
      ),
    endedSessions: z.boolean().describe('Whether the sessions of the user were ended.'),
    effectiveAt: z.string().describe('RFC 3339: nothing removed signs anyone in after this moment.'),
  })
  .meta({ id: 'FactorReset' })
export type FactorReset = z.output<typeof zFactorReset>

export const factorRoutes = defineRoutes('users', {
  'users.resetFactors': {
    method: 'POST',
    path: '/users/{id}/reset-factors',
    summary: 'Take away every second factor that one user enrolled',
    description:
      'For a user who lost theirs. Sessions and refresh tokens end, since they may rest on what is gone; live access tokens stay. At the next sign-in that needs one, the user enrols again, beginning with the password.',
    roles: ALLOWED.changePeople,
    params: zIdParam,
    body: z.strictObject({ reason: zReason }).meta({ id: 'FactorResetInput' }),
    replies: { 200: { description: 'What was taken away.', body: zFactorReset } },
    problems: [404, 409],
  },
})
