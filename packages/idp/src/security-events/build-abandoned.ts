// The audit event of a security event that its receiver never gets: outdated, or reported as invalid by the receiver.
import { buildAuditEvent, type LoggedEvent, type QueuedSecurityEvent } from '@crosswalk/as-core'

import { IDP_LOG } from '../audit-log.ts'
import type { EventStream } from './streams.ts'

export function buildAbandoned(
  event: Pick<QueuedSecurityEvent, 'id'>,
  stream: Pick<EventStream, 'id' | 'audience'>,
  { error, at }: { readonly error: string; readonly at: number },
): LoggedEvent {
  return {
    log: IDP_LOG,
    event: buildAuditEvent(at, {
      type: 'security_event.abandoned',
      category: 'response',
      severity: 'critical',
      outcome: 'failure',
      actor: { kind: 'system', id: 'security-events' },
      target: { kind: 'event_stream', id: stream.id, audience: stream.audience },
      change: { security_event: event.id, error },
    }),
  }
}
