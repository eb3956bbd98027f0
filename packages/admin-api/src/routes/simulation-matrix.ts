// Many users over many connections: bulk queries of the simulator.
import { zDecisionRecord, zTimestamp } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zRfc3339OrSeconds } from '../schemas/timestamps.ts'
import { MAX_DOCUMENT_BYTES, zConfigurationDocument } from './configuration.ts'

export const MAX_MATRIX_USERS = 1000
export const MAX_MATRIX_CONNECTIONS = 100

const zNames = (most: number) => z.array(z.string().min(1).max(512)).max(most).optional()

const zMatrixInput = z
  .strictObject({
    users: zNames(MAX_MATRIX_USERS).describe('Ids or user names.'),
    groups: zNames(100).describe(
      'Groups whose members are included too; default without users and groups: all users.',
    ),
    connections: zNames(MAX_MATRIX_CONNECTIONS).describe('Ids; default: all that you may see.'),
    scope: z
      .string()
      .min(1)
      .max(2048)
      .optional()
      .describe('Scopes, separated by spaces; default: all that each connection allows.'),
    at: zTimestamp.optional().describe('Time of the requests; default: now. RFC 3339.'),
    acr: z.string().min(1).max(256).optional().describe('`acr` of the sign-ins.'),
    authTime: zRfc3339OrSeconds.optional().describe('When they signed in; default: now.'),
    dpop: z.boolean().optional().describe('Whether the requests have a DPoP proof.'),
    ip: z.string().min(1).max(64).optional().describe('IP address that sends the requests.'),
    asOf: zTimestamp.optional().describe('A past time whose definitions are used. RFC 3339.'),
    draft: zConfigurationDocument.optional().describe('Evaluates as if this document were applied.'),
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
        resources: z.array(z.string()).describe('Requested resources.'),
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
    allowed: z.int().describe('Number of allowed cells.'),
  })
  .meta({ id: 'Matrix' })
export type MatrixBody = z.output<typeof zMatrix>

export const simulationMatrixRoutes = defineRoutes('decisions', {
  'simulate.matrix': {
    method: 'POST',
    path: '/simulate/matrix',
    summary: 'Decide for many users over many connections in one request',
    description: `Uses the evaluator and definitions of the token endpoint; issues nothing. At most ${MAX_MATRIX_USERS} users and ${MAX_MATRIX_CONNECTIONS} connections; more are refused with 422.`,
    roles: ALLOWED.seeDecisions,
    body: zMatrixInput,
    bodyBytes: MAX_DOCUMENT_BYTES,
    replies: { 200: { description: 'The matrix.', body: zMatrix } },
    problems: [403, 404, 409, 422, 503],
  },
})
