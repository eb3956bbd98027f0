// Streams of security events: which receivers get revocations, how soon, and what delays them.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { zIdParam, zPage, zPageQuery, zReason } from '../schemas/common.ts'

const zEventStreamView = z
  .object({
    id: z.string(),
    audience: z.string().describe('Issuer of the authorization server that receives it.'),
    method: z
      .enum(['push', 'poll'])
      .optional()
      .describe('Push (RFC 8935), or poll by the receiver (RFC 8936); absent if the stream was removed.'),
    endpoint: z.string().optional().describe('Receiver of pushed events.'),
    events: z.array(z.string()).describe('Event types that are sent.'),
    status: z
      .enum(['enabled', 'paused', 'disabled', 'removed'])
      .describe(
        'removed: it no longer exists, and its undelivered events go to a stream configured for the same receiver, or are abandoned after seven days.',
      ),
    configured: z
      .boolean()
      .describe(
        'true: configured in a resource app; false: set up by its receiver (Shared Signals Framework).',
      ),
    receiver: z.string().optional().describe('The app that manages it.'),
    pending: z.int().describe('Number of undelivered events.'),
    lagSeconds: z.number().describe('Age of the oldest undelivered event; 0 if there is none.'),
    delivered: z.int(),
    abandoned: z
      .int()
      .describe('Number of events abandoned after seven days, or permanently refused by the receiver.'),
    lastDeliveredAt: z.string().nullable().describe('RFC 3339'),
    lastLagMs: z
      .number()
      .nullable()
      .describe('From the act until its acknowledgement, for the last delivered event.'),
    lastError: z.string().nullable().describe('Error of the last failure; cleared by the next delivery.'),
    lastErrorAt: z.string().nullable().describe('RFC 3339'),
  })
  .meta({ id: 'EventStream' })
export type EventStreamView = z.output<typeof zEventStreamView>

export const eventStreamRoutes = defineRoutes('security events', {
  'security-event-streams.list': {
    method: 'GET',
    path: '/security-event-streams',
    summary: 'List the streams of security events with their state',
    roles: ALLOWED.seeRules,
    query: zPageQuery,
    replies: { 200: { description: 'A page.', body: zPage(zEventStreamView) } },
  },
  'security-event-streams.verify': {
    method: 'POST',
    path: '/security-event-streams/{id}/verify',
    summary: 'Send a verification event',
    description:
      'Changes nothing at the receiver; check `pending` and `lastError` to see whether it arrives.',
    roles: ALLOWED.changeRules,
    params: zIdParam,
    body: z.strictObject({ reason: zReason.optional() }).meta({ id: 'StreamVerification' }),
    bodyOptional: true,
    replies: { 202: { description: 'Queued; the current state of the stream.', body: zEventStreamView } },
    problems: [404, 409],
  },
})
