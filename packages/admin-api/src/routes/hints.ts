// Hints: findings that may be worth a look, concluded by rules that anyone can check. They block nothing.
import { zBoolean } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED, type Role } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { mineQuery, pageQuery, zIdParam, zPage, zReason } from '../schemas/common.ts'

/** One file of the server has each; what they judge is in `formula` of their hints. */
export const HINT_RULES = [
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
  'people-spike',
  'person-first-use',
  'redeemed-for-more',
  'refusal-burst',
  'report-only-differs',
  'scope-creep',
  'scope-first-use',
  'scope-meaning-changed',
  'signing-key-old',
  'undeclared-proxy',
  'unknown-client',
  'unusual-hours',
  'volume-spike',
] as const
/** From what cannot wait to what can. */
export const HINT_SEVERITIES = ['critical', 'warning', 'info'] as const

const MUTE: readonly Role[] = ['owner', 'administrator', 'connection-manager', 'security-responder']

const zRule = z.enum(HINT_RULES)
const zSeverity = z.enum(HINT_SEVERITIES)
const zValue = z.union([z.string(), z.number(), z.null()])
const zMomentOut = z.string().describe('RFC 3339')

export const zHintMute = z
  .object({
    by: z.string(),
    at: zMomentOut,
    until: zMomentOut,
    reason: z.string(),
    falseAlarm: z.boolean().describe('Marked as a false alarm when it was muted.'),
  })
  .meta({ id: 'HintMute' })
export type HintMute = z.output<typeof zHintMute>

export const zHint = z
  .object({
    id: z.string().describe('The same for the same rule and subject.'),
    rule: zRule,
    formula: z.string().describe('When the rule raises a hint, in full.'),
    subject: z
      .object({
        kind: z.enum(['app', 'connection', 'client', 'policy', 'key', 'audit_stream', 'server']),
        id: z.string(),
        scope: z.string().optional(),
      })
      .describe('What it is about.'),
    app: z.string().nullable().describe('Id of the app it is about, where it is about one.'),
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
    muted: zHintMute.nullable(),
    feedback: z
      .object({ muted: z.int(), falseAlarms: z.int() })
      .describe('How many hints of this rule were ever muted, and how many of them as false alarms.'),
  })
  .meta({ id: 'Hint' })
export type Hint = z.output<typeof zHint>

const zOpen = z
  .object({ critical: z.int(), warning: z.int(), info: z.int() })
  .describe('How many unmuted ones the caller may see, whatever the filters.')

const one = { 200: { description: 'The hint as it is now.', body: zHint } }

export const hintRoutes = defineRoutes({
  'hints.list': {
    method: 'GET',
    path: '/hints',
    tag: 'hints',
    summary: 'List hints: rules over definitions and events that found something',
    description:
      'Computed when asked, at most five seconds old. A role about some apps sees the hints about those apps. Nothing is refused because of a hint.',
    roles: ALLOWED.explain,
    query: z.strictObject({
      ...pageQuery,
      state: z.enum(['open', 'muted', 'all']).default('open'),
      severity: zSeverity.optional(),
      rule: zRule.optional(),
      mine: mineQuery.describe(
        'true: only those that concern the caller, as owner of the app or, for an app without an owner, by role.',
      ),
    }),
    replies: {
      200: { description: 'A page, by severity and rule.', body: zPage(zHint).extend({ open: zOpen }) },
    },
  },
  'hints.mute': {
    method: 'POST',
    path: '/hints/{id}/mute',
    tag: 'hints',
    summary: 'Mute a hint until a moment; it is recorded',
    roles: MUTE,
    params: zIdParam,
    body: z
      .strictObject({
        until: z.iso.datetime({ offset: true }).describe('It is open again from then on. RFC 3339.'),
        falseAlarm: zBoolean.default(false).describe('true: the rule was wrong here.'),
        reason: zReason,
      })
      .meta({ id: 'HintMuting' }),
    replies: one,
    problems: [404],
  },
  'hints.unmute': {
    method: 'POST',
    path: '/hints/{id}/unmute',
    tag: 'hints',
    summary: 'End the mute of a hint; it is recorded',
    roles: MUTE,
    params: zIdParam,
    body: z.strictObject({ reason: zReason }).meta({ id: 'HintUnmuting' }),
    replies: one,
    problems: [404],
  },
})
