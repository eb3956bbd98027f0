// The simulator in the words of the AuthZEN Authorization API 1.0: may a user, through an app, do this at a resource?
import { zClientId, zDecisionRecord, zMoment } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zRfc3339OrSeconds } from '../schemas/moments.ts'

/** Below `baseUrl`, where a decision point is looked for; and the same path of this API. */
export const EVALUATION_PATH = '/access/v1/evaluation'
export const DECISION_POINT_METADATA_PATH = '/.well-known/authzen-configuration'

const properties = z.record(z.string(), z.unknown()).optional().describe('Taken, and not asked about.')

const zEvaluation = z
  .looseObject({
    subject: z.looseObject({
      type: z.literal('user').describe('Only users are acted for.'),
      id: z.string().min(1).max(256).describe('User, by id or user name.'),
      properties,
    }),
    action: z.looseObject({
      name: z.string().min(1).max(2048).describe('A scope; several with spaces between.'),
      properties,
    }),
    resource: z.looseObject({
      type: z.string().min(1).max(256).describe('`resource`, or what the caller calls it.'),
      id: z.string().min(1).max(2048).describe('Resource identifier, or id of a resource app that has none.'),
      properties,
    }),
    context: z.looseObject({
      app: zClientId.describe('Id of the app that would ask.'),
      audience: z
        .string()
        .min(1)
        .max(2048)
        .optional()
        .describe('Issuer of the authorization server; needed where several have such a resource.'),
      at: zMoment.optional().describe('When it would be asked; now unless given. RFC 3339.'),
      acr: z.string().min(1).max(256).optional().describe('How the user signed in.'),
      authTime: zRfc3339OrSeconds.optional().describe('When the user signed in; just now unless given.'),
      dpop: z.boolean().optional().describe('Whether the request would carry a DPoP proof.'),
      ip: z.string().min(1).max(64).optional().describe('The address the request would come from.'),
    }),
  })
  .meta({ id: 'AccessEvaluation' })

const zReason = z.object({ en: z.string() })

const zEvaluated = z
  .object({
    decision: z
      .boolean()
      .describe('Whether all of what was asked would be granted, now and as it was asked.'),
    context: z.object({
      id: z.string().describe('Id of the record: `GET /decisions/{id}`.'),
      outcome: zDecisionRecord.shape.outcome,
      code: z.string(),
      reason_admin: zReason,
      reason_user: zReason,
      granted_scope: z.string().optional().describe('Where anything would be granted.'),
      acr_values: z.string().optional().describe('Where a new sign-in would help: how.'),
      max_age: z
        .number()
        .optional()
        .describe('Where a new sign-in would help: how long ago at most, in seconds.'),
    }),
  })
  .meta({ id: 'AccessEvaluated' })
export type AccessEvaluated = z.output<typeof zEvaluated>

export const accessEvaluationRoutes = defineRoutes('decisions', {
  'access.evaluate': {
    method: 'POST',
    path: EVALUATION_PATH,
    summary: 'Decide a request in the form of the AuthZEN Authorization API 1.0',
    description: `As \`POST /simulate\` decides it, and recorded alike; issues nothing. Also at \`${EVALUATION_PATH}\` of the server itself, which \`${DECISION_POINT_METADATA_PATH}\` names. A refusal is a \`200\` with \`"decision": false\`.`,
    roles: ALLOWED.seeDecisions,
    body: zEvaluation,
    replies: { 200: { description: 'Yes or no, and why.', body: zEvaluated } },
    problems: [403, 409],
  },
})
