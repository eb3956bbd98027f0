// Streams of audit events: their state, and redelivery from an earlier position.
import { LINE_FORMATS } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zIdParam, zReason } from '../schemas/common.ts'

const zPositions = z.record(z.string().min(1).max(256), z.int().min(0))

const zAuditStreamView = z
  .object({
    id: z.string(),
    type: z.enum(['file', 'syslog', 'http']),
    format: z.enum(LINE_FORMATS),
    types: z.array(z.string()).optional().describe('Types of events it sends; default: all.'),
    to: z.string().describe('Destination, without secrets.'),
    state: z.enum(['current', 'behind', 'failing']).describe('`failing`: the last delivery failed.'),
    lagEvents: z.int().describe('Number of recorded events that were not processed yet.'),
    lagSeconds: z.int().describe('Age of the oldest of these events.'),
    delivered: z.int().describe('Number of delivered events, including redeliveries.'),
    failures: z.int().describe('Number of failed deliveries since the last successful one.'),
    abandoned: z
      .int()
      .describe(
        'Number of events that the receiver rejected although it took later ones: those with a `stream.abandoned` in the log.',
      ),
    lastDeliveredAt: z.string().nullable().describe('RFC 3339'),
    lastError: z
      .string()
      .nullable()
      .describe('Error of the last failed delivery, even if later ones succeeded.'),
    lastErrorAt: z.string().nullable().describe('RFC 3339'),
    positions: zPositions.describe('Number of the last processed event, by log.'),
  })
  .meta({ id: 'AuditStream' })
export type AuditStreamView = z.output<typeof zAuditStreamView>

export const auditStreamRoutes = defineRoutes('audit', {
  'audit-streams.list': {
    method: 'GET',
    path: '/audit-streams',
    summary: 'List audit streams of the configuration with their lag and last error',
    roles: ALLOWED.seeAudit,
    replies: {
      200: {
        description: 'All streams, in the order of the configuration.',
        body: z.object({ items: z.array(zAuditStreamView) }),
      },
    },
  },
  'audit-streams.replay': {
    method: 'POST',
    path: '/audit-streams/{id}/replay',
    summary: 'Send events again, or skip some: set the position of a stream',
    description: 'Logs that are not named keep their position.',
    roles: ALLOWED.changeRules,
    params: zIdParam,
    body: z
      .strictObject({
        after: zPositions.describe('Number of the event to continue after, by log; 0 for the first event.'),
        reason: zReason,
      })
      .meta({ id: 'Redelivery' }),
    replies: {
      200: { description: 'The stream, which continues there immediately.', body: zAuditStreamView },
    },
    problems: [404],
  },
  'audit-streams.test': {
    method: 'POST',
    path: '/audit-streams/{id}/test',
    summary: 'Send a test event to the receiver of a stream',
    description:
      'The event is in no log: its `log` and `chain` are `test`, its `id` begins with `evt_test_`, and its `reason` says that nothing happened. The test itself is recorded as `stream.tested`. Not for files, which have no receiver.',
    roles: ALLOWED.changeRules,
    params: zIdParam,
    body: z
      .strictObject({
        type: z
          .string()
          .min(1)
          .max(128)
          .optional()
          .describe(
            'Type of the event: `idjag.denied`. Default: `stream.tested`, or the first that the stream sends.',
          ),
      })
      .meta({ id: 'StreamTest' }),
    replies: {
      200: {
        description: 'Whether the receiver took it.',
        body: z.object({
          id: z.string().describe('Id of the test event.'),
          type: z.string(),
          delivered: z.boolean(),
          error: z.string().nullable().describe('Why the receiver did not take it.'),
          answer: z
            .string()
            .nullable()
            .describe('The beginning of the response of an HTTP receiver that did not take it.'),
        }),
      },
    },
    problems: [404],
  },
})
