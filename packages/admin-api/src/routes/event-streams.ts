// Streams of security events: which receivers hear of revocations, how soon, and what delays them.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zIdParam, zPage, zPageQuery, zReason } from '../schemas/common.ts'

export const zEventStreamView = z
  .object({
    id: z.string(),
    audience: z.string().describe('Issuer of the authorization server that receives it.'),
    method: z.enum(['push', 'poll']).describe('RFC 8935, or fetched by the receiver (RFC 8936).'),
    endpoint: z.string().optional().describe('Where events are pushed to.'),
    events: z.array(z.string()).describe('Event types that are sent.'),
    status: z.enum(['enabled', 'paused', 'disabled']),
    configured: z
      .boolean()
      .describe('true: named by a resource app; false: set up by its receiver (Shared Signals Framework).'),
    receiver: z.string().optional().describe('The app that manages it.'),
    pending: z.int().describe('Events that wait.'),
    lagSeconds: z.number().describe('How long the oldest of them has waited; 0 where none does.'),
    delivered: z.int(),
    abandoned: z.int().describe('Given up after seven days, or refused for good by the receiver.'),
    lastDeliveredAt: z.string().nullable().describe('RFC 3339'),
    lastLagMs: z
      .number()
      .nullable()
      .describe('From the act to the acknowledgement, of the last event delivered.'),
    lastError: z.string().nullable().describe('Of the last failure, until something is delivered again.'),
    lastErrorAt: z.string().nullable().describe('RFC 3339'),
  })
  .meta({ id: 'EventStream' })
export type EventStreamView = z.output<typeof zEventStreamView>

export const eventStreamRoutes = defineRoutes('security events', {
  'security-event-streams.list': {
    method: 'GET',
    path: '/security-event-streams',
    summary: 'List the streams of security events, and how each does',
    roles: ALLOWED.seeRules,
    query: zPageQuery,
    replies: { 200: { description: 'A page.', body: zPage(zEventStreamView) } },
  },
  'security-event-streams.verify': {
    method: 'POST',
    path: '/security-event-streams/{id}/verify',
    summary: 'Send a verification event',
    description:
      'It changes nothing at the receiver; watch `pending` and `lastError` to see whether it arrives.',
    roles: ALLOWED.changeRules,
    params: zIdParam,
    body: z.strictObject({ reason: zReason.optional() }).meta({ id: 'StreamVerification' }),
    bodyOptional: true,
    replies: { 202: { description: 'It is queued; the stream as it is now.', body: zEventStreamView } },
    problems: [404],
  },
})
