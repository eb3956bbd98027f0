// Who can reach what: reverse queries of the simulator.
import { zClientId, zTimestamp } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zPage } from '../schemas/common.ts'
import { zRfc3339OrSeconds } from '../schemas/timestamps.ts'

const zScopes = z.array(z.string())

const zReach = z
  .object({
    app: z.string(),
    user: z.string().describe('Id of the user.'),
    username: z.string(),
    connection: z.string(),
    resourceApp: z.string(),
    audience: z.string(),
    resource: z.string().optional().describe('Absent if the resource app has no identifiers.'),
    via: z
      .string()
      .optional()
      .describe(
        'What assigns the user to the connection: `everyone`, `user:ID`, `group:NAME` or `access-grant:ID`.',
      ),
    scopes: zScopes.describe('Scopes granted now.'),
    afterStepUp: z
      .array(
        z.object({
          scopes: zScopes,
          acrValues: z.array(z.string()).optional(),
          maxAgeSeconds: z.number().optional(),
        }),
      )
      .describe('Scopes granted after another sign-in, and its requirements.'),
  })
  .meta({ id: 'Reach' })
export type ReachBody = z.output<typeof zReach>

const signInQuery = {
  scope: z.string().min(1).max(256).optional().describe('Only this scope.'),
  acr: z.string().min(1).max(256).optional().describe('`acr` of the sign-in.'),
  authTime: zRfc3339OrSeconds.optional().describe('When the user signed in; default: now. RFC 3339.'),
  asOf: zTimestamp
    .optional()
    .describe(
      'A past time whose definitions, suspensions and blocks are used. Definitions in the configuration file are the current ones. RFC 3339.',
    ),
}

const zGroupName = z.string().min(1).max(256).optional()

const description =
  'Uses the evaluator and definitions of the token endpoint, and assumes that the app sends a DPoP proof; issues nothing. Pages may be short; continue with `next`.'
const replies = { 200: { description: 'A page.', body: zPage(zReach) } }

export const reachRoutes = defineRoutes('decisions', {
  'reach.who': {
    method: 'GET',
    path: '/who-can',
    summary: 'List which apps can reach a resource, for which users, and with which scopes',
    description,
    roles: ALLOWED.seeDecisions,
    query: z.strictObject({
      ...pageQuery,
      ...signInQuery,
      resource: z.string().min(1).max(2048).describe('Id of a resource app, or a resource identifier.'),
    }),
    replies,
    problems: [404, 409, 422, 503],
  },
  'reach.what': {
    method: 'GET',
    path: '/what-can',
    summary: 'List what an app can reach, what can be reached for a user, or both combined',
    description,
    roles: ALLOWED.seeDecisions,
    query: z.strictObject({
      ...pageQuery,
      ...signInQuery,
      app: zClientId.optional().describe('Id of the requesting app.'),
      user: z.string().min(1).max(256).optional().describe('User, by id or user name.'),
      resourceApp: zClientId.optional().describe('Only this resource app, by id.'),
      joining: zGroupName.describe('Evaluates as if the user were also in this group; requires `user`.'),
      leaving: zGroupName.describe('Evaluates as if the user were not in this group; requires `user`.'),
    }),
    replies,
    problems: [404, 409, 422, 503],
  },
})
