// Computes the columns that events are filtered by.
import type { AuditEvent, StoredDecision } from '@crosswalk/as-core'
import { memoizeBounded } from '@crosswalk/protocol'

import { withoutNul } from '../schema/plain-text.ts'
import type { EventColumns } from '../schema/tables.ts'

/** Extracts the columns from an event; throws a `TypeError` for an invalid time. */
export function buildEventColumns(event: AuditEvent | StoredDecision): EventColumns {
  if ('record' in event) return buildDecisionColumns(event)
  const { actor, decision, delegation } = event
  const isApp = actor.kind === 'agent' || actor.kind === 'app'
  return {
    id: event.id,
    time_ms: readMoment(event.id, event.time),
    type: event.type,
    outcome: event.outcome,
    code: column(event.code),
    app: column(isApp ? actor.id : decision?.request.requesting_app?.id),
    resource_app: column(decision?.resolution.resource_app),
    connection: column(delegation?.connection ?? decision?.resolution.connection),
    user_ref: column(event.on_behalf_of?.user_ref ?? (actor.kind === 'user' ? actor.id : undefined)),
    decision_id: column(event.decision_id ?? decision?.decision_id),
    trace_id: column(event.trace_id ?? decision?.trace_id),
    grant_id: column(delegation?.grant_id),
  }
}

/** The same columns as those of the event that `buildDecisionEvent` builds, without building it. */
function buildDecisionColumns({ id, type, grantId, record }: StoredDecision): EventColumns {
  const { requesting_app: app, subject } = record.request
  return {
    id,
    time_ms: readMoment(id, record.time),
    type,
    outcome: record.outcome,
    code: record.code,
    app: column(app?.id ?? 'unknown'),
    resource_app: column(record.resolution.resource_app),
    connection: column(record.resolution.connection),
    user_ref: column(subject?.ref),
    decision_id: record.decision_id,
    trace_id: column(record.trace_id),
    grant_id: column(grantId),
  }
}

function readMoment(id: string, time: string): number {
  const timeMs = parseMoment(time)
  if (Number.isNaN(timeMs)) throw new TypeError(`event ${id}: \`time\` is not a valid time: ${time}`)
  return timeMs
}

/** Concurrent events often have the same time. */
const parseMoment = memoizeBounded((time: string) => Date.parse(time))

function column(value: string | undefined): string | null {
  // Only the body keeps NUL characters, escaped.
  return value === undefined ? null : withoutNul(value)
}
