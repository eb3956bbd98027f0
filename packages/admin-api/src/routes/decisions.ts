// What was decided, what would be decided, and why: the decision record, shown.
import {
  MAX_BRANCHES,
  MAX_OPEN_INPUTS,
  OPEN_INPUTS,
  zClientId,
  zDecisionRecord,
  zId,
  zMoment,
} from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zIdParam, zPage } from '../schemas/common.ts'
import { MAX_DOCUMENT_BYTES, zConfigurationDocument } from './configuration.ts'
import { periodQuery, zRfc3339OrSeconds } from '../schemas/moments.ts'
import { zTokenPreview } from '../schemas/token-preview.ts'

export const zDecision = zDecisionRecord.meta({ id: 'Decision' })

/** What decisions are about, in lists and sums alike. */
export const zAbout = z
  .enum(['access', 'sign-in'])
  .describe(
    '`access`: exchanges and redemptions; `sign-in`: tokens of apps for their own sign-in. Both unless given.',
  )

export const zDecisionQuery = z.strictObject({
  ...pageQuery,
  ...periodQuery,
  outcome: z.enum(['allow', 'deny', 'step_up', 'pending', 'error']).optional(),
  code: z
    .string()
    .regex(/^XAA\d{4}$/, 'a code such as XAA1503')
    .optional()
    .describe('A decision code.'),
  app: z.string().max(512).optional().describe('Id of the requesting app.'),
  resourceApp: z.string().max(256).optional().describe('Id of the resource app.'),
  connection: z.string().max(256).optional().describe('Id of the connection.'),
  user: z.string().max(256).optional().describe('User, by id or user name.'),
  about: zAbout.optional(),
})

const zOneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).max(50)])

export const zSimulation = z
  .strictObject({
    app: zClientId.describe('Id of the requesting app.'),
    user: z.string().min(1).max(256).describe('User, by id or user name.'),
    audience: z.string().min(1).max(2048).describe('The `audience` as the app would send it.'),
    resource: zOneOrMore.optional().describe('The `resource` as the app would send it; several as a list.'),
    scope: zOneOrMore.optional().describe('Scopes, as a list or with spaces between.'),
    authorizationDetails: z
      .array(z.record(z.string(), z.unknown()))
      .optional()
      .describe('The `authorization_details` as the app would send them.'),
    at: zMoment.optional().describe('When it would be asked; now unless given. RFC 3339.'),
    acr: z.string().min(1).max(256).optional().describe('How the user signed in.'),
    authTime: zRfc3339OrSeconds.optional().describe('When the user signed in; just now unless given.'),
    tokenIssuedAt: zRfc3339OrSeconds
      .optional()
      .describe('When the ID token was issued; just now unless given.'),
    dpop: z
      .union([z.boolean(), z.strictObject({ jkt: z.string().min(1).max(256) })])
      .optional()
      .describe('Whether the request would carry a DPoP proof, and of which key.'),
    ip: z.string().min(1).max(64).optional().describe('The address the request would come from.'),
    actor: zClientId.optional().describe('Id of the app that would prove to act, by an actor token.'),
    via: z
      .array(zId)
      .min(1)
      .max(3)
      .optional()
      .describe(
        'Connections by which the apps before got their access tokens, first first: the request would carry the last of these tokens.',
      ),
    viaScope: zOneOrMore
      .optional()
      .describe('Scopes of that access token; all of its connection unless given.'),
    unknown: z
      .array(z.enum(OPEN_INPUTS))
      .max(OPEN_INPUTS.length)
      .optional()
      .describe(
        `Inputs that are not given and not to be taken as anything: every case that is decided differently is told, at most ${MAX_BRANCHES} of at most ${MAX_OPEN_INPUTS} inputs.`,
      ),
    asOf: zMoment
      .optional()
      .describe(
        'By the definitions, suspensions and blocks of this moment that is over, at which it is asked unless `at` is given. What the configuration file defines is as it is now. RFC 3339.',
      ),
    draft: zConfigurationDocument
      .optional()
      .describe(
        'As if this document were applied, also to what the file owns; not for helpdesk and connection managers.',
      ),
  })
  .meta({ id: 'Simulation' })
export type SimulationInput = z.output<typeof zSimulation>

/** What a simulation says beside the record, which is kept without it. */
export const zSimulated = zDecisionRecord
  .extend({
    token: zTokenPreview
      .nullable()
      .optional()
      .describe(
        'The ID-JAG that would be issued, as an example; null where there would be none. Not for helpdesk.',
      ),
    tokenToday: zTokenPreview
      .nullable()
      .optional()
      .describe('Of a draft: the same without it, so that the difference shows.'),
    branches: z
      .array(
        z.object({
          when: z
            .array(z.object({ input: z.enum(OPEN_INPUTS), text: z.string() }))
            .describe('What holds in this case; empty: whatever they are.'),
          outcome: zDecisionRecord.shape.outcome,
          code: z.string(),
          scopes: z.array(z.string()).describe('That would be granted.'),
          text: z.string().describe('Why, in a sentence for administrators.'),
        }),
      )
      .optional()
      .describe(
        'Where `unknown` was asked: each case that is decided differently. The record is the least favourable of them, and checks that differ are `unknown`.',
      ),
    nearestNo: z
      .array(z.object({ text: z.string(), outcome: zDecisionRecord.shape.outcome, code: z.string() }))
      .optional()
      .describe('Of a grant: single things that, were they otherwise, would refuse it. Each was decided.'),
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
      .describe('What was left out or assumed, in words.'),
  })
  .meta({ id: 'Simulated' })
export type Simulated = z.output<typeof zSimulated>

const ALIAS = 'The same as'

const zVendorHint = z.string().min(1).max(2048).optional()
const zSentBefore = z.boolean().optional()

const zRaw = z
  .strictObject({
    http: z.int().min(100).max(599).describe('HTTP status of the answer.'),
    body: z.unknown().optional().describe('Body of the answer: JSON, or text.'),
    vendorHint: zVendorHint.describe('Issuer that answered, or name of the product.'),
    vendor_hint: zVendorHint.describe(`${ALIAS} \`vendorHint\`.`),
    leg: z
      .enum(['exchange', 'redemption', 'resource'])
      .optional()
      .describe('Which request was refused; every leg is tried unless given.'),
    sentBefore: zSentBefore.describe('Whether the same ID-JAG had been sent before.'),
    sent_before: zSentBefore.describe(`${ALIAS} \`sentBefore\`.`),
  })
  .refine(
    ({ vendorHint, vendor_hint: otherHint, sentBefore, sent_before: otherSent }) =>
      (vendorHint ?? otherHint) === (otherHint ?? vendorHint) &&
      (sentBefore ?? otherSent) === (otherSent ?? sentBefore),
    'one spelling of each member',
  )

const zReference = z.string().min(1).max(128).optional()

export const zExplainInput = z
  .strictObject({
    decisionId: zReference.describe('`Crosswalk-Decision` of an answer.'),
    decision_id: zReference.describe(`${ALIAS} \`decisionId\`.`),
    jti: z.string().min(1).max(512).optional().describe('`jti` of an ID-JAG or access token.'),
    traceId: zReference.describe('Trace id of a request.'),
    trace_id: zReference.describe(`${ALIAS} \`traceId\`.`),
    request: zSimulation
      .optional()
      .describe('A hypothetical request, for roles that simulate: decided as by `POST /simulate`.'),
    raw: zRaw.optional().describe('An answer of any server, ours or not.'),
  })
  .refine(
    (input) => Object.values(input).filter((value) => value !== undefined).length === 1,
    'exactly one of decisionId, jti, traceId, request and raw',
  )
  .meta({ id: 'ExplainInput' })

export const zCause = z
  .object({
    code: z.string(),
    confidence: z.enum(['certain', 'probable', 'possible']),
    evidence: z.string().describe('What it rests on.'),
    meaning: z.string(),
    owner: z.string().describe('Who can cure it.'),
    remedy: z.string(),
    hint: z.string().optional(),
    vendor: z.string().optional(),
  })
  .meta({ id: 'Cause' })

export const zExplanation = z
  .object({
    schema: z.literal('crosswalk.explanation/v1'),
    decisions: z.array(zDecision).describe('As recorded, oldest first.'),
    now: zDecision
      .optional()
      .describe(
        'For one denied exchange: the same request decided now, with the smallest changes that would allow it.',
      ),
    cause: zCause.optional().describe('For an answer of any server.'),
  })
  .meta({ id: 'Explanation' })

export const decisionRoutes = defineRoutes('decisions', {
  'decisions.list': {
    method: 'GET',
    path: '/decisions',
    summary: 'List what was decided about authenticated requests, newest first',
    description:
      'App owners and developers see requests of their apps; what the organisation has against one is a single row, whatever it was. They do not filter by `code` or `user`.',
    roles: ALLOWED.explain,
    query: zDecisionQuery,
    replies: { 200: { description: 'A page.', body: zPage(zDecision) } },
    problems: [404],
  },
  'decisions.read': {
    method: 'GET',
    path: '/decisions/{id}',
    summary: 'Read one decision exactly as it was recorded',
    description:
      'Refusals of callers that never authenticated are kept for a while only, in the process that made them.',
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
      'Issues nothing. A denial comes with the smallest changes that would allow it, each evaluated again. A grant comes with the token that would be issued, unsigned.',
    roles: ALLOWED.seeDecisions,
    body: zSimulation,
    bodyBytes: MAX_DOCUMENT_BYTES,
    replies: { 200: { description: 'The record, `mode: "simulated"`.', body: zSimulated } },
    problems: [403, 409, 422, 503],
  },
  explain: {
    method: 'POST',
    path: '/explain',
    summary: 'Say why: by decision id, token id or trace id, of a request, or from the answer of any server',
    description:
      'Members are taken as they are written in records, too: `decision_id`, `trace_id`, `vendor_hint`.',
    roles: ALLOWED.explain,
    body: zExplainInput,
    bodyBytes: MAX_DOCUMENT_BYTES,
    replies: { 200: { description: 'Records, or a cause.', body: zExplanation } },
    problems: [403, 404, 409],
  },
})
