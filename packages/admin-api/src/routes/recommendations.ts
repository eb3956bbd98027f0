// Recommendations: findings that may need attention, based on rules that anyone can check. They block nothing.
import { zBoolean } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED, type Role } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { mineQuery, pageQuery, zIdParam, zPage, zReason } from '../schemas/common.ts'

/** Each rule is one file of the server; `formula` of a recommendation describes it. */
export const RECOMMENDATION_RULES = [
  'access-review-missing',
  'activity-reported',
  'admin-token-expires-soon',
  'agent-without-owner',
  'app-key-old',
  'approvals-add-up',
  'asked-after-sign-out',
  'audit-stream-lag',
  'clock-drift',
  'connection-unused',
  'connection-without-end',
  'id-jag-never-redeemed',
  'id-jag-of-another-client',
  'id-jag-reused',
  'kill-drill-missing',
  'many-resources',
  'network-first-use',
  'redeemed-for-more',
  'refusal-burst',
  'removal-unverified',
  'report-only-differs',
  'restore-drill-missing',
  'reverse-proxy',
  'scope-creep',
  'scope-first-use',
  'scope-meaning-changed',
  'signing-key-old',
  'unknown-client',
  'unusual-hours',
  'user-first-use',
  'user-spike',
  'volume-spike',
] as const
/** Most urgent first. */
export const RECOMMENDATION_SEVERITIES = ['critical', 'warning', 'info'] as const

const MUTE: readonly Role[] = ['owner', 'administrator', 'connection-manager', 'security-responder']

const zRule = z.enum(RECOMMENDATION_RULES)
const zSeverity = z.enum(RECOMMENDATION_SEVERITIES)
const zValue = z.union([z.string(), z.number(), z.null()])
const zMomentOut = z.string().describe('RFC 3339')

export const zRecommendationMute = z
  .object({
    by: z.string(),
    at: zMomentOut,
    until: zMomentOut,
    reason: z.string(),
    falseAlarm: z.boolean().describe('Marked as a false alarm when it was muted.'),
  })
  .meta({ id: 'RecommendationMute' })

export const zRecommendation = z
  .object({
    id: z.string().describe('Stable for the same rule and subject.'),
    rule: zRule,
    formula: z.string().describe('Full definition of when the rule creates a recommendation.'),
    subject: z
      .object({
        kind: z.enum([
          'app',
          'connection',
          'client',
          'decision',
          'policy',
          'key',
          'admin_token',
          'audit_stream',
          'server',
        ]),
        id: z.string(),
        scope: z.string().optional(),
      })
      .describe('What it is about.'),
    app: z.string().nullable().describe('Id of the app, if it is about one.'),
    severity: zSeverity,
    sentence: z.string(),
    values: z.record(z.string(), zValue).describe('What was found.'),
    baseline: z.record(z.string(), zValue).describe('What it was compared with.'),
    samples: z.array(
      z
        .object({ kind: z.enum(['app', 'connection', 'decision', 'key', 'audit_stream']), id: z.string() })
        .describe('What to look at.'),
    ),
    action: z.object({ text: z.string(), path: z.string().describe('Of a page of the console.') }),
    since: zMomentOut.nullable().describe('null: unknown.'),
    muted: zRecommendationMute.nullable(),
    feedback: z
      .object({ muted: z.int(), falseAlarms: z.int() })
      .describe(
        'How many recommendations of this rule were ever muted, and how many of these as false alarms.',
      ),
  })
  .meta({ id: 'Recommendation' })
export type Recommendation = z.output<typeof zRecommendation>

const zOpen = z
  .object({ critical: z.int(), warning: z.int(), info: z.int() })
  .describe('Number of unmuted recommendations visible to the caller, regardless of filters.')

const one = { 200: { description: 'The recommendation.', body: zRecommendation } }

export const recommendationRoutes = defineRoutes('recommendations', {
  'recommendations.list': {
    method: 'GET',
    path: '/recommendations',
    summary: 'List recommendations: findings of rules about definitions and events',
    description:
      'Computed on request, at most five seconds old. Roles that cover only some apps see the recommendations about these apps. Nothing is denied because of a recommendation.',
    roles: ALLOWED.explain,
    query: z.strictObject({
      ...pageQuery,
      state: z.enum(['open', 'muted', 'all']).default('open'),
      severity: zSeverity.optional(),
      rule: zRule.optional(),
      mine: mineQuery.describe(
        'true: only recommendations that concern the caller, as owner of the app or, for apps without an owner, by role.',
      ),
    }),
    replies: {
      200: {
        description: 'A page, by severity and rule.',
        body: zPage(zRecommendation).extend({ open: zOpen }),
      },
    },
  },
  'recommendations.mute': {
    method: 'POST',
    path: '/recommendations/{id}/mute',
    summary: 'Mute a recommendation for a limited time; recorded in the audit log',
    roles: MUTE,
    params: zIdParam,
    body: z
      .strictObject({
        until: z.iso.datetime({ offset: true }).describe('When it opens again. RFC 3339.'),
        falseAlarm: zBoolean.default(false).describe('true: the rule was wrong here.'),
        reason: zReason,
      })
      .meta({ id: 'RecommendationMuting' }),
    replies: one,
    problems: [404],
  },
  'recommendations.unmute': {
    method: 'POST',
    path: '/recommendations/{id}/unmute',
    summary: 'Unmute a recommendation; recorded in the audit log',
    roles: MUTE,
    params: zIdParam,
    body: z.strictObject({ reason: zReason }).meta({ id: 'RecommendationUnmuting' }),
    replies: one,
    problems: [404],
  },
})
