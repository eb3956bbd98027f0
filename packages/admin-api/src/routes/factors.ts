// Second factors of users: administrators can remove them, but never set or see them.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zIdParam, zReason } from '../schemas/common.ts'

const zFactorReset = z
  .object({
    id: z.string(),
    removed: z.object({
      authenticatorApp: z.boolean(),
      passkeys: z.int().describe('Number of removed passkeys.'),
    }),
    keptOfFile: z
      .boolean()
      .describe('Whether a secret in the configuration file remains, which can only be changed there.'),
    endedSessions: z.boolean().describe('Whether the sessions of the user were ended.'),
    effectiveAt: z.string().describe('RFC 3339: removed factors cannot be used after this time.'),
  })
  .meta({ id: 'FactorReset' })
export type FactorReset = z.output<typeof zFactorReset>

export const factorRoutes = defineRoutes('users', {
  'users.resetFactors': {
    method: 'POST',
    path: '/users/{id}/reset-factors',
    summary: 'Remove all second factors that a user enrolled',
    description:
      'For users who lost theirs. Sessions, refresh tokens, ID-JAGs and active access tokens end, since they may depend on the removed factors. The user enrolls again at the next sign-in that needs a factor, starting with the password.',
    roles: ALLOWED.changePeople,
    params: zIdParam,
    body: z.strictObject({ reason: zReason }).meta({ id: 'FactorResetInput' }),
    replies: { 200: { description: 'What was removed.', body: zFactorReset } },
    problems: [404, 409],
  },
})
