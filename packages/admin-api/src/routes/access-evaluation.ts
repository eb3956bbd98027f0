// The simulator as an AuthZEN Authorization API 1.0: may a user, through an app, do this at a resource?
import { zClientId, zDecisionRecord, zTimestamp } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zRfc3339OrSeconds } from '../schemas/timestamps.ts'

/** Relative to `baseUrl`, where clients look for a decision point; also the path in this API. */
export const EVALUATION_PATH = '/access/v1/evaluation'
export const DECISION_POINT_METADATA_PATH = '/.well-known/authzen-configuration'

const properties = z.record(z.string(), z.unknown()).optional().describe('Accepted, but ignored.')

const zEvaluation = z
  .looseObject({
    subject: z.looseObject({
      type: z.literal('user').describe('Only users are supported.'),
      id: z.string().min(1).max(256).describe('User, by id or user name.'),
      properties,
    }),
    action: z.looseObject({
      name: z.string().min(1).max(2048).describe('Scopes, separated by spaces.'),
      properties,
    }),
    resource: z.looseObject({
      type: z.string().min(1).max(256).describe('`resource`, or any other name.'),
      id: z.string().min(1).max(2048).describe('Resource identifier, or id of a resource app without one.'),
      properties,
    }),
    context: z.looseObject({
      app: zClientId.describe('Id of the app that would send the request.'),
      audience: z
        .string()
        .min(1)
        .max(2048)
        .optional()
        .describe('Issuer of the authorization server; required if several have the resource.'),
      at: zTimestamp.optional().describe('Time of the request; default: now. RFC 3339.'),
      acr: z.string().min(1).max(256).optional().describe('`acr` of the sign-in.'),
      authTime: zRfc3339OrSeconds.optional().describe('When the user signed in; default: now.'),
      dpop: z.boolean().optional().describe('Whether the request would carry a DPoP proof.'),
      ip: z.string().min(1).max(64).optional().describe('IP address that sends the request.'),
    }),
  })
  .meta({ id: 'AccessEvaluation' })

const zReason = z.object({ en: z.string() })

const zEvaluated = z
  .object({
    decision: z
      .boolean()
      .describe('Whether everything requested would be granted now, without another sign-in.'),
    context: z.object({
      id: z.string().describe('Id of the record: `GET /decisions/{id}`.'),
      outcome: zDecisionRecord.shape.outcome,
      code: z.string(),
      reason_admin: zReason,
      reason_user: zReason,
      granted_scope: z.string().optional().describe('Granted scopes, if any.'),
      acr_values: z.string().optional().describe('Required `acr` values, if a new sign-in would help.'),
      max_age: z
        .number()
        .optional()
        .describe('Maximum age of the sign-in in seconds, if a new sign-in would help.'),
    }),
  })
  .meta({ id: 'AccessEvaluated' })
export type AccessEvaluated = z.output<typeof zEvaluated>

export const accessEvaluationRoutes = defineRoutes('decisions', {
  'access.evaluate': {
    method: 'POST',
    path: EVALUATION_PATH,
    summary: 'Decide a request in the form of the AuthZEN Authorization API 1.0',
    description: `Decided and recorded like \`POST /simulate\`; issues nothing. Also available at \`${EVALUATION_PATH}\` of the server itself, as published in \`${DECISION_POINT_METADATA_PATH}\`. A denial is a \`200\` with \`"decision": false\`.`,
    roles: ALLOWED.seeDecisions,
    body: zEvaluation,
    replies: { 200: { description: 'The decision and its reason.', body: zEvaluated } },
    problems: [403, 409],
  },
})
