// Who can reach what: the simulator asked backwards.
import { zClientId, zMoment } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zPage } from '../schemas/common.ts'
import { zRfc3339OrSeconds } from '../schemas/moments.ts'

const zScopes = z.array(z.string())

export const zReach = z
  .object({
    app: z.string(),
    user: z.string().describe('Id of the user.'),
    username: z.string(),
    connection: z.string(),
    resourceApp: z.string(),
    audience: z.string(),
    resource: z.string().optional().describe('Absent where the resource app has no identifiers.'),
    scopes: zScopes.describe('Granted as things are.'),
    afterStepUp: z
      .array(
        z.object({
          scopes: zScopes,
          acrValues: z.array(z.string()).optional(),
          maxAgeSeconds: z.number().optional(),
        }),
      )
      .describe('Granted after signing in again, and how.'),
  })
  .meta({ id: 'Reach' })
export type ReachBody = z.output<typeof zReach>

const signInQuery = {
  scope: z.string().min(1).max(256).optional().describe('Only this scope.'),
  acr: z.string().min(1).max(256).optional().describe('How the user signed in.'),
  authTime: zRfc3339OrSeconds
    .optional()
    .describe('When the user signed in; just now unless given. RFC 3339.'),
  asOf: zMoment
    .optional()
    .describe(
      'By the definitions, suspensions and blocks of this moment that is over. What the configuration file defines is as it is now. RFC 3339.',
    ),
}

const zGroupName = z.string().min(1).max(256).optional()

const description =
  'By the evaluator and definitions of the token endpoint; issues nothing. A page may be short; `next` leads on.'
const replies = { 200: { description: 'A page.', body: zPage(zReach) } }

export const reachRoutes = defineRoutes('decisions', {
  'reach.who': {
    method: 'GET',
    path: '/who-can',
    summary: 'Which apps can reach a resource, for whom, and with which scopes',
    description,
    roles: ALLOWED.seeDecisions,
    query: z.strictObject({
      ...pageQuery,
      ...signInQuery,
      resource: z.string().min(1).max(2048).describe('Id of a resource app, or a resource identifier.'),
    }),
    replies,
    problems: [404, 409],
  },
  'reach.what': {
    method: 'GET',
    path: '/what-can',
    summary: 'What an app can reach, or what can be reached for a user; with both, that app for that user',
    description,
    roles: ALLOWED.seeDecisions,
    query: z.strictObject({
      ...pageQuery,
      ...signInQuery,
      app: zClientId.optional().describe('Id of the requesting app.'),
      user: z.string().min(1).max(256).optional().describe('User, by id or user name.'),
      resourceApp: zClientId.optional().describe('Only this resource app, by id.'),
      joining: zGroupName.describe('As if the user were also in this group; goes with user.'),
      leaving: zGroupName.describe('As if the user were not in this group; goes with user.'),
    }),
    replies,
    problems: [404, 409],
  },
})
