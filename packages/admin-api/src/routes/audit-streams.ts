// The streams of audit events: how each does, and having one begin again at an earlier place.
import { LINE_FORMATS } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zIdParam, zReason } from '../schemas/common.ts'

const zPositions = z.record(z.string().min(1).max(256), z.int().min(0))

export const zAuditStreamView = z
  .object({
    id: z.string(),
    type: z.enum(['file', 'syslog', 'http']),
    format: z.enum(LINE_FORMATS),
    types: z.array(z.string()).optional().describe('Types of events it takes; all unless given.'),
    to: z.string().describe('Where it goes, without secrets.'),
    state: z
      .enum(['current', 'behind', 'failing'])
      .describe('`failing`: the other side did not take the last delivery.'),
    lagEvents: z.int().describe('Events recorded and not looked at yet.'),
    lagSeconds: z.int().describe('Age of the oldest of these.'),
    delivered: z.int().describe('Events that the other side took, counted again where they came again.'),
    failures: z.int().describe('Failed deliveries since the last successful one.'),
    lastDeliveredAt: z.string().nullable().describe('RFC 3339'),
    lastError: z.string().nullable().describe('Of the last delivery that failed, also after others did not.'),
    lastErrorAt: z.string().nullable().describe('RFC 3339'),
    positions: zPositions.describe('By log, the number of the last event that is done.'),
  })
  .meta({ id: 'AuditStream' })
export type AuditStreamView = z.output<typeof zAuditStreamView>

export const auditStreamRoutes = defineRoutes('audit', {
  'audit-streams.list': {
    method: 'GET',
    path: '/audit-streams',
    summary: 'List the streams of the configuration, how far each is behind, and its last error',
    roles: ALLOWED.seeAudit,
    replies: {
      200: {
        description: 'All of them, in the order of the configuration.',
        body: z.object({ items: z.array(zAuditStreamView) }),
      },
    },
  },
  'audit-streams.replay': {
    method: 'POST',
    path: '/audit-streams/{id}/replay',
    summary: 'Send events again, or leave some out: set where a stream goes on',
    description: 'Logs that are not named go on where they are.',
    roles: ALLOWED.changeRules,
    params: zIdParam,
    body: z
      .strictObject({
        after: zPositions.describe('By log, behind which number it goes on; 0 for the first event there is.'),
        reason: zReason,
      })
      .meta({ id: 'Redelivery' }),
    replies: { 200: { description: 'It goes on there at once.', body: zAuditStreamView } },
    problems: [404],
  },
})
