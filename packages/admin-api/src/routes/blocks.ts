// Blocks and the kill switch: deny immediately, revoke what was issued, and measure the effect.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zIdParam, zPage, zReason } from '../schemas/common.ts'

const zKind = z.enum(['user', 'app', 'connection', 'everything'])

const zTarget = z
  .strictObject({
    kind: zKind,
    id: z.string().min(1).max(512).optional().describe('Id, or user name of a user. Absent for everything.'),
  })
  .refine(
    ({ kind, id }) => (kind === 'everything') === (id === undefined),
    'must have an id, except for everything',
  )

const zBlockInput = z
  .strictObject({
    kind: zKind,
    target: z
      .string()
      .min(1)
      .max(512)
      .optional()
      .describe('Id, or user name of a user. Absent for everything.'),
    reason: zReason,
    until: z.iso.datetime({ offset: true }).optional().describe('When it ends. RFC 3339.'),
  })
  .refine(
    ({ kind, target }) => (kind === 'everything') === (target === undefined),
    'must have a target, except for everything',
  )
  .meta({ id: 'BlockInput' })

const zBlockView = z
  .object({
    id: z.string(),
    kind: zKind,
    target: z.string().describe('`*` for everything.'),
    onlyFor: z.string().optional().describe('Id of the only user it applies to, who set it.'),
    active: z.boolean().describe('false: it has expired.'),
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
      'How long something issued just before may still be used there if access tokens are introspected; an estimate if it is not local.',
    ),
  offlineSeconds: z
    .number()
    .describe(
      'If local: how long an API that verifies access tokens itself, without introspection, may accept a revoked one: the longest remaining lifetime, clock skew included. Before the kill switch is used, this includes tokens that may be issued until then. 0 if no token is a JWT.',
    ),
})
export type KillReach = z.output<typeof zReach>

const zWorstCase = z
  .number()
  .describe(
    'The maximum of `reach`. 0 if every authorization server runs here and its resources use introspection; for resources that verify JWTs themselves, see `offlineSeconds`.',
  )

const zOffline = z.number().describe('The maximum of `reach`.')

const zKillPreview = z
  .object({
    reach: z.array(zReach),
    worstCaseSeconds: zWorstCase,
    offlineSeconds: zOffline,
    ends: z
      .object({
        tokens: z.int(),
        users: z
          .int()
          .describe('Users of these tokens; one with pairwise subjects counts once for each subject.'),
        hasMore: z.boolean().describe('Whether there are more, because counting stops at 10,000 tokens.'),
      })
      .describe('The live access tokens that would be revoked now, at authorization servers running here.'),
  })
  .meta({ id: 'KillPreview' })

const zKillOutcome = z
  .object({
    id: z.string().describe('Id of the block, to lift it.'),
    target: z.object({ kind: zKind, id: z.string() }),
    blockedAt: z.string().describe('RFC 3339: no exchange that begins later succeeds.'),
    blockedMs: z.number().describe('From the request until the block was active, in milliseconds.'),
    effectiveMs: z.number().describe('From the request until everything here was revoked, in milliseconds.'),
    sessionsEnded: z.boolean().describe('Whether sessions and refresh tokens of the user were ended.'),
    tokensRevoked: z
      .int()
      .describe('Number of active access tokens revoked at authorization servers running here.'),
    told: z
      .array(
        z.object({
          stream: z.string(),
          audience: z.string().describe('Issuer of the authorization server.'),
          acknowledgedMs: z
            .number()
            .nullable()
            .describe(
              'From the request until it was acknowledged, in milliseconds; null while delivery is retried.',
            ),
        }),
      )
      .describe('Affected authorization servers that receive pushed security events.'),
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
    summary: 'List blocks',
    roles: ALLOWED.seeRules,
    query: z.strictObject({
      ...pageQuery,
      target: z
        .string()
        .max(512)
        .optional()
        .describe(
          'Only blocks of this user, app or connection (`*`: everything), without those that users set for themselves.',
        ),
    }),
    replies: { 200: { description: 'A page, in the order of ids.', body: zPage(zBlockView) } },
  },
  'blocks.create': {
    method: 'POST',
    path: '/blocks',
    summary: 'Block a user, app, connection or everything, permanently or for a limited time',
    description: 'Active once this responds; active access tokens issued here are revoked.',
    roles: ALLOWED.stop,
    body: zBlockInput,
    idempotent: true,
    replies: {
      201: {
        description: 'The block.',
        body: zBlockView.extend({ tokensRevoked: z.int() }),
      },
    },
    problems: [409],
  },
  'blocks.lift': {
    method: 'DELETE',
    path: '/blocks/{id}',
    summary: 'Lift a block',
    description:
      'Security responders can only lift their own blocks, and administrators those of users up to their own role.',
    roles: ALLOWED.stop,
    params: zIdParam,
    reasonHeader: true,
    replies: { 204: { description: 'Lifted.' } },
    problems: [404],
  },
  'kill.preview': {
    method: 'POST',
    path: '/kill/preview',
    summary: 'Preview what the kill switch would affect, and how long issued tokens may stay usable',
    roles: ALLOWED.seeRules,
    body: z.strictObject({ target: zTarget }),
    replies: { 200: { description: 'The preview; nothing was changed.', body: zKillPreview } },
  },
  'kill.press': {
    method: 'POST',
    path: '/kill',
    summary: 'Stop a user, app, connection or everything now, and measure how long it took',
    roles: ALLOWED.stop,
    body: z.strictObject({ target: zTarget, reason: zReason }).meta({ id: 'KillInput' }),
    idempotent: true,
    replies: { 200: { description: 'What was stopped and how fast.', body: zKillOutcome } },
    problems: [409],
  },
  'kill.lift': {
    method: 'POST',
    path: '/kill/{id}/lift',
    summary: 'Lift a kill',
    description:
      'What was revoked stays revoked. Security responders can only lift their own kills, and administrators those of users up to their own role.',
    roles: ALLOWED.stop,
    params: zIdParam,
    body: zEnd,
    replies: {
      200: { description: 'Lifted.', body: z.object({ id: z.string(), liftedAt: z.string() }) },
    },
    problems: [404],
  },
})
