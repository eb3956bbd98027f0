// Blocks and the kill switch: denies at once, revokes what was issued, and measures the effect.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zIdParam, zPage, zPageQuery, zReason } from '../schemas/common.ts'

const zKind = z.enum(['user', 'app', 'connection', 'everything'])

const zTarget = z
  .strictObject({
    kind: zKind,
    id: z
      .string()
      .min(1)
      .max(512)
      .optional()
      .describe('Id; of a user also the user name. None for everything.'),
  })
  .refine(
    ({ kind, id }) => (kind === 'everything') === (id === undefined),
    'an id goes with every kind but everything',
  )

export const zBlockInput = z
  .strictObject({
    kind: zKind,
    target: z
      .string()
      .min(1)
      .max(512)
      .optional()
      .describe('Id; of a user also the user name. None for everything.'),
    reason: zReason,
    until: z.iso.datetime({ offset: true }).optional().describe('It ends at this moment. RFC 3339.'),
  })
  .refine(
    ({ kind, target }) => (kind === 'everything') === (target === undefined),
    'a target goes with every kind but everything',
  )
  .meta({ id: 'BlockInput' })

export const zBlockView = z
  .object({
    id: z.string(),
    kind: zKind,
    target: z.string().describe('`*` for everything.'),
    onlyFor: z.string().optional().describe('Id of the one user it applies to, who set it.'),
    active: z.boolean().describe('false: its time is over.'),
    kill: z.boolean().describe('Whether it was set by the kill switch.'),
    by: z.string(),
    since: z.string().describe('RFC 3339'),
    until: z.string().optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'Block' })
export type BlockView = z.output<typeof zBlockView>

const zReach = z.object({
  resourceApp: z.string(),
  issuer: z.string(),
  local: z.boolean().describe('Whether its authorization server runs here.'),
  worstCaseSeconds: z
    .number()
    .describe(
      'How long something issued just before may still be used there, where access tokens are introspected; an estimate where it is not local.',
    ),
  offlineSeconds: z
    .number()
    .describe(
      'Where it is local: how long an API that verifies access tokens by itself, and never asks here, may accept a revoked one: the longest life left to one, clock skew included. Before the switch is pressed, also of those that may be issued until then. 0 where none is a JWT.',
    ),
})
export type KillReach = z.output<typeof zReach>

const zWorstCase = z
  .number()
  .describe(
    'The largest of `reach`. 0 where every authorization server runs here and its resources ask by introspection; for one that verifies JWTs by itself see `offlineSeconds`.',
  )

const zOffline = z.number().describe('The largest of `reach`.')

export const zKillPreview = z
  .object({ reach: z.array(zReach), worstCaseSeconds: zWorstCase, offlineSeconds: zOffline })
  .meta({ id: 'KillPreview' })

export const zKillOutcome = z
  .object({
    id: z.string().describe('Of the block, for lifting it.'),
    target: z.object({ kind: zKind, id: z.string() }),
    blockedAt: z.string().describe('RFC 3339: no exchange that begins later succeeds.'),
    blockedMs: z.number().describe('From the request to the block being in force, in milliseconds.'),
    effectiveMs: z.number().describe('From the request to everything here being revoked, in milliseconds.'),
    sessionsEnded: z.boolean().describe('Whether sessions and refresh tokens of the user were ended.'),
    tokensRevoked: z.int().describe('Live access tokens revoked at authorization servers running here.'),
    told: z
      .array(
        z.object({
          stream: z.string(),
          audience: z.string().describe('Issuer of the authorization server.'),
          acknowledgedMs: z
            .number()
            .nullable()
            .describe(
              'From the request to its acknowledgement, in milliseconds; null where it is still tried.',
            ),
        }),
      )
      .describe('Authorization servers in reach that are pushed security events.'),
    reach: z.array(zReach),
    worstCaseSeconds: zWorstCase,
    offlineSeconds: zOffline,
  })
  .meta({ id: 'KillOutcome' })

const zEnd = z.strictObject({ reason: zReason }).meta({ id: 'End' })

export const blockRoutes = defineRoutes('blocks', {
  'blocks.list': {
    method: 'GET',
    path: '/blocks',
    summary: 'List standing refusals',
    roles: ALLOWED.seeRules,
    query: zPageQuery,
    replies: { 200: { description: 'A page, in the order of ids.', body: zPage(zBlockView) } },
  },
  'blocks.create': {
    method: 'POST',
    path: '/blocks',
    summary: 'Refuse a user, app, connection or everything, for good or until a moment',
    description: 'In force when it is answered; live access tokens here are revoked.',
    roles: ALLOWED.stop,
    body: zBlockInput,
    replies: {
      201: {
        description: 'It is in force.',
        body: zBlockView.extend({ tokensRevoked: z.int() }),
      },
    },
    problems: [409],
  },
  'blocks.end': {
    method: 'DELETE',
    path: '/blocks/{id}',
    summary: 'End a standing refusal',
    description: 'A security responder ends only what the same responder set.',
    roles: ALLOWED.stop,
    params: zIdParam,
    reasonHeader: true,
    replies: { 204: { description: 'It is over.' } },
    problems: [404],
  },
  'kill.preview': {
    method: 'POST',
    path: '/kill/preview',
    summary: 'Say before it is pressed what the kill switch reaches, and how long something may live on',
    roles: ALLOWED.seeRules,
    body: z.strictObject({ target: zTarget }),
    replies: { 200: { description: 'Nothing was done.', body: zKillPreview } },
  },
  'kill.press': {
    method: 'POST',
    path: '/kill',
    summary: 'Stop a user, app, connection or everything now, and measure when it is stopped',
    roles: ALLOWED.stop,
    body: z.strictObject({ target: zTarget, reason: zReason }).meta({ id: 'KillInput' }),
    replies: { 200: { description: 'What was stopped and how fast.', body: zKillOutcome } },
    problems: [409],
  },
  'kill.lift': {
    method: 'POST',
    path: '/kill/{id}/lift',
    summary: 'Lift a kill',
    description:
      'What was revoked stays revoked. A security responder lifts only what the same responder set.',
    roles: ALLOWED.stop,
    params: zIdParam,
    body: zEnd,
    replies: {
      200: { description: 'It is lifted.', body: z.object({ id: z.string(), liftedAt: z.string() }) },
    },
    problems: [404],
  },
})
