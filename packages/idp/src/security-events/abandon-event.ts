// Gives up on a security event that its receiver never gets: outdated, or reported as invalid by the receiver.
import { buildAuditEvent, type DeliveryFailure, type SecurityEventOutbox } from '@crosswalk/as-core'

import { IDP_LOG } from '../audit-log.ts'
import type { EventStream } from './streams.ts'

export async function abandonEvent(
  id: string,
  stream: Pick<EventStream, 'id' | 'audience'>,
  { error, at }: Pick<DeliveryFailure, 'error' | 'at'>,
  outbox: Pick<SecurityEventOutbox, 'abandon'>,
): Promise<void> {
  const event = buildAuditEvent(at, {
    type: 'security_event.abandoned',
    category: 'response',
    severity: 'critical',
    outcome: 'failure',
    actor: { kind: 'system', id: 'security-events' },
    target: { kind: 'event_stream', id: stream.id, audience: stream.audience },
    change: { security_event: id, error },
  })
  await outbox.abandon({ event: { id, stream: stream.id }, error, at }, { log: IDP_LOG, event })
}
