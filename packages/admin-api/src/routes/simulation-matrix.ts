// Users by connections: the simulator asked about many at once.
import { zDecisionRecord, zMoment } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zRfc3339OrSeconds } from '../schemas/moments.ts'
import { MAX_DOCUMENT_BYTES, zConfigurationDocument } from './configuration.ts'

export const MAX_MATRIX_USERS = 1000
export const MAX_MATRIX_CONNECTIONS = 100

const zNames = (most: number) => z.array(z.string().min(1).max(512)).max(most).optional()

const zMatrixInput = z
  .strictObject({
    users: zNames(MAX_MATRIX_USERS).describe('Ids or user names.'),
    groups: zNames(100).describe(
      'Whose members are asked about too; without users and groups, everybody is.',
    ),
    connections: zNames(MAX_MATRIX_CONNECTIONS).describe('Ids; all that you may see unless given.'),
    scope: z
      .string()
      .min(1)
      .max(2048)
      .optional()
      .describe('Scopes with spaces between; whatever each connection allows unless given.'),
    at: zMoment.optional().describe('When it would be asked; now unless given. RFC 3339.'),
    acr: z.string().min(1).max(256).optional().describe('How the users signed in.'),
    authTime: zRfc3339OrSeconds.optional().describe('When they signed in; just now unless given.'),
    dpop: z.boolean().optional().describe('Whether the requests would carry a DPoP proof.'),
    ip: z.string().min(1).max(64).optional().describe('The address the requests would come from.'),
    asOf: zMoment.optional().describe('By the definitions of this moment that is over. RFC 3339.'),
    draft: zConfigurationDocument.optional().describe('As if this document were applied.'),
  })
  .meta({ id: 'SimulationMatrix' })
export type MatrixInput = z.output<typeof zMatrixInput>

const zMatrix = z
  .object({
    connections: z.array(
      z.object({
        id: z.string(),
        app: z.string(),
        resourceApp: z.string(),
        audience: z.string(),
        resources: z.array(z.string()).describe('All of which are asked for.'),
      }),
    ),
    rows: z.array(
      z.object({
        user: z.string().describe('Id of the user.'),
        username: z.string(),
        cells: z
          .array(z.object({ outcome: zDecisionRecord.shape.outcome, code: z.string() }))
          .describe('In the order of the connections.'),
      }),
    ),
    allowed: z.int().describe('Cells that are allowed.'),
  })
  .meta({ id: 'Matrix' })
export type MatrixBody = z.output<typeof zMatrix>

export const simulationMatrixRoutes = defineRoutes('decisions', {
  'simulate.matrix': {
    method: 'POST',
    path: '/simulate/matrix',
    summary: 'Decide for many users over many connections at once',
    description: `Each cell by the evaluator and definitions of the token endpoint; issues nothing. At most ${MAX_MATRIX_USERS} users and ${MAX_MATRIX_CONNECTIONS} connections, else a 422 asks for fewer.`,
    roles: ALLOWED.seeDecisions,
    body: zMatrixInput,
    bodyBytes: MAX_DOCUMENT_BYTES,
    replies: { 200: { description: 'The matrix.', body: zMatrix } },
    problems: [403, 404, 409, 422, 503],
  },
})
