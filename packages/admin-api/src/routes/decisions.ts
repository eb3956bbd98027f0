// What was decided, what would be decided, and why: decision records.
import {
  MAX_BRANCHES,
  MAX_OPEN_INPUTS,
  OPEN_INPUTS,
  zClientId,
  zDecisionRecord,
  zId,
  zTimestamp,
} from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zIdParam, zPage } from '../schemas/common.ts'
import { MAX_DOCUMENT_BYTES, zConfigurationDocument } from './configuration.ts'
import { periodQuery, zRfc3339OrSeconds } from '../schemas/timestamps.ts'
import { zTokenPreview } from '../schemas/token-preview.ts'

export const zDecision = zDecisionRecord.meta({ id: 'Decision' })

/** Kinds of decisions, in lists and counts alike. */
export const zAbout = z
  .enum(['access', 'sign-in'])
  .describe(
    '`access`: exchanges and redemptions; `sign-in`: tokens of apps for their own sign-in. Default: both.',
  )

const zDecisionQuery = z.strictObject({
  ...pageQuery,
  ...periodQuery,
  outcome: z.enum(['allow', 'deny', 'step_up', 'pending', 'error']).optional(),
  code: z
    .string()
    .regex(/^XAA\d{1,4}$/i, 'a code such as XAA1503, or its first digits')
    .optional()
    .describe('A decision code, or its first digits: `XAA15` for all codes about users.'),
  app: z.string().max(512).optional().describe('Id of the requesting app.'),
  resourceApp: z.string().max(256).optional().describe('Id of the resource app.'),
  connection: z.string().max(256).optional().describe('Id of the connection.'),
  user: z.string().max(256).optional().describe('User, by id or user name.'),
  about: zAbout.optional(),
})

const zOneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).max(50)])

const zSimulation = z
  .strictObject({
    app: zClientId.describe('Id of the requesting app.'),
    user: z.string().min(1).max(256).describe('User, by id or user name.'),
    audience: z.string().min(1).max(2048).describe('`audience` of the request.'),
    resource: zOneOrMore.optional().describe('`resource` of the request; a list for several.'),
    scope: zOneOrMore.optional().describe('Scopes, as a list or separated by spaces.'),
    authorizationDetails: z
      .array(z.record(z.string(), z.unknown()))
      .optional()
      .describe('`authorization_details` of the request.'),
    at: zTimestamp.optional().describe('Time of the request; default: now. RFC 3339.'),
    acr: z.string().min(1).max(256).optional().describe('`acr` of the sign-in.'),
    authTime: zRfc3339OrSeconds.optional().describe('When the user signed in; default: now.'),
    tokenIssuedAt: zRfc3339OrSeconds.optional().describe('When the ID token was issued; default: now.'),
    dpop: z
      .union([z.boolean(), z.strictObject({ jkt: z.string().min(1).max(256) })])
      .optional()
      .describe('Whether the request has a DPoP proof, and of which key.'),
    ip: z.string().min(1).max(64).optional().describe('IP address that sends the request.'),
    actor: zClientId.optional().describe('Id of the app that acts, proven by an actor token.'),
    via: z
      .array(zId)
      .min(1)
      .max(3)
      .optional()
      .describe(
        'Connections over which previous apps got their access tokens, in order; the request has the last of these tokens.',
      ),
    viaScope: zOneOrMore.optional().describe('Scopes of that access token; default: all of its connection.'),
    unknown: z
      .array(z.enum(OPEN_INPUTS))
      .max(OPEN_INPUTS.length)
      .optional()
      .describe(
        `Inputs to leave open: returns every case that is decided differently, at most ${MAX_BRANCHES}, for at most ${MAX_OPEN_INPUTS} inputs.`,
      ),
    asOf: zTimestamp
      .optional()
      .describe(
        'A past time whose definitions, suspensions and blocks are used; also the time of the request unless `at` is given. Definitions in the configuration file are the current ones. RFC 3339.',
      ),
    draft: zConfigurationDocument
      .optional()
      .describe(
        'Evaluates as if this document were applied, including changes to what the file owns; not for helpdesk and connection managers.',
      ),
  })
  .meta({ id: 'Simulation' })
export type SimulationInput = z.output<typeof zSimulation>

/** What a simulation returns in addition to the stored record. */
const zSimulated = zDecisionRecord
  .extend({
    token: zTokenPreview
      .nullable()
      .optional()
      .describe('Example of the ID-JAG that would be issued; null if none would be. Not for helpdesk.'),
    tokenToday: zTokenPreview
      .nullable()
      .optional()
      .describe('With a draft: the example without it, for comparison.'),
    branches: z
      .array(
        z.object({
          when: z
            .array(z.object({ input: z.enum(OPEN_INPUTS), text: z.string() }))
            .describe('Inputs in this case; empty: any.'),
          outcome: zDecisionRecord.shape.outcome,
          code: z.string(),
          scopes: z.array(z.string()).describe('Scopes that would be granted.'),
          text: z.string().describe('Why, in a sentence for administrators.'),
        }),
      )
      .optional()
      .describe(
        'With `unknown`: each case that is decided differently. The record is the least favorable of them, and checks that differ are `unknown`.',
      ),
    nearestNo: z
      .array(z.object({ text: z.string(), outcome: zDecisionRecord.shape.outcome, code: z.string() }))
      .optional()
      .describe('Of a grant: single changes that would deny it, each evaluated.'),
    notSimulated: z
      .array(
        z.object({
          about: z.enum([
            'account',
            'client',
            'session',
            'authTime',
            'acr',
            'ip',
            'dpop',
            'rate',
            'configuration',
          ]),
          text: z.string(),
        }),
      )
      .min(1)
      .describe('What was not simulated or was assumed.'),
  })
  .meta({ id: 'Simulated' })
export type Simulated = z.output<typeof zSimulated>

const ALIAS = 'Same as'

const zVendorHint = z.string().min(1).max(2048).optional()
const zSentBefore = z.boolean().optional()

const zRaw = z
  .strictObject({
    http: z.int().min(100).max(599).describe('HTTP status of the answer.'),
    body: z.unknown().optional().describe('Body of the answer: JSON, or text.'),
    vendorHint: zVendorHint.describe('Issuer that responded, or name of the product.'),
    vendor_hint: zVendorHint.describe(`${ALIAS} \`vendorHint\`.`),
    leg: z
      .enum(['exchange', 'redemption', 'resource'])
      .optional()
      .describe('Which request was refused; default: tries every leg.'),
    sentBefore: zSentBefore.describe('Whether the same ID-JAG had been sent before.'),
    sent_before: zSentBefore.describe(`${ALIAS} \`sentBefore\`.`),
  })
  .refine(
    ({ vendorHint, vendor_hint: otherHint, sentBefore, sent_before: otherSent }) =>
      (vendorHint ?? otherHint) === (otherHint ?? vendorHint) &&
      (sentBefore ?? otherSent) === (otherSent ?? sentBefore),
    'must not have two different values for the two spellings of a member',
  )

const zReference = z.string().min(1).max(128).optional()

const zExplainInput = z
  .strictObject({
    decisionId: zReference.describe('`Crosswalk-Decision` of a response.'),
    decision_id: zReference.describe(`${ALIAS} \`decisionId\`.`),
    jti: z.string().min(1).max(512).optional().describe('`jti` of an ID-JAG or access token.'),
    traceId: zReference.describe('Trace id of a request.'),
    trace_id: zReference.describe(`${ALIAS} \`traceId\`.`),
    request: zSimulation
      .optional()
      .describe('A hypothetical request, for roles that may simulate; decided like `POST /simulate`.'),
    raw: zRaw.optional().describe('Response of any server, Crosswalk or not.'),
  })
  .refine(
    (input) => Object.values(input).filter((value) => value !== undefined).length === 1,
    'must have exactly one of decisionId, jti, traceId, request and raw',
  )
  .meta({ id: 'ExplainInput' })

const zCause = z
  .object({
    code: z.string(),
    confidence: z.enum(['certain', 'probable', 'possible']),
    evidence: z.string().describe('What supports it.'),
    meaning: z.string(),
    owner: z.string().describe('Who can fix it.'),
    remedy: z.string(),
    hint: z.string().optional(),
    vendor: z.string().optional(),
  })
  .meta({ id: 'Cause' })

const zExplanation = z
  .object({
    schema: z.literal('crosswalk.explanation/v1'),
    decisions: z.array(zDecision).describe('As recorded, oldest first.'),
    now: zDecision
      .optional()
      .describe(
        'For one denied exchange: the current decision about the same request, with the smallest changes that would allow it.',
      ),
    cause: zCause.optional().describe('For a response of any server.'),
  })
  .meta({ id: 'Explanation' })

export const decisionRoutes = defineRoutes('decisions', {
  'decisions.list': {
    method: 'GET',
    path: '/decisions',
    summary: 'List decisions about authenticated requests, newest first',
    description:
      'App owners and developers see requests of their apps; any reason internal to the organization is shown as the same row. They cannot filter by `code` or `user`.',
    roles: ALLOWED.explain,
    query: zDecisionQuery,
    replies: { 200: { description: 'A page.', body: zPage(zDecision) } },
    problems: [404],
  },
  'decisions.read': {
    method: 'GET',
    path: '/decisions/{id}',
    summary: 'Read a decision exactly as it was recorded',
    description:
      'Denials of callers that were not authenticated are kept only temporarily, in the process that made them.',
    roles: ALLOWED.explain,
    params: zIdParam,
    conditional: 'read',
    replies: { 200: { description: 'The record.', body: zDecision } },
    problems: [404],
  },
  simulate: {
    method: 'POST',
    path: '/simulate',
    summary: 'Evaluate a hypothetical request with the evaluator and definitions of the token endpoint',
    description:
      'Issues nothing. Denials include the smallest changes that would allow the request, each evaluated again. Grants include the unsigned token that would be issued.',
    roles: ALLOWED.seeDecisions,
    body: zSimulation,
    bodyBytes: MAX_DOCUMENT_BYTES,
    replies: { 200: { description: 'The record, `mode: "simulated"`.', body: zSimulated } },
    problems: [403, 409, 422, 503],
  },
  explain: {
    method: 'POST',
    path: '/explain',
    summary:
      'Explain a decision by its id, token id or trace id, a hypothetical request, or the response of any server',
    description: 'Members are also accepted as spelled in records: `decision_id`, `trace_id`, `vendor_hint`.',
    roles: ALLOWED.explain,
    body: zExplainInput,
    bodyBytes: MAX_DOCUMENT_BYTES,
    replies: { 200: { description: 'Records, or a cause.', body: zExplanation } },
    problems: [403, 404, 409, 422, 503],
  },
})
