// Builds the audit events that record anything but a decision. The protocol package defines their shape.
import type { AuditEvent, EpochMs } from '@crosswalk/protocol'

import { newId } from './ids.ts'

export type { AuditEvent } from '@crosswalk/protocol'

/** The log of everything that administrators and the server itself do. */
export const ADMIN_LOG = 'admin'

type Details = Omit<AuditEvent, 'schema' | 'id' | 'time'> & Partial<Pick<AuditEvent, 'id'>>

/** Completes an event with what every event has: schema, time and, unless given, a new id. */
export function buildAuditEvent(nowMs: EpochMs, details: Details): AuditEvent {
  return {
    schema: 'xaa.event/v1',
    id: newId('evt'),
    time: new Date(nowMs).toISOString(),
    ...details,
  }
}
