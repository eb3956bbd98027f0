// The IdP's access to streams of security events: read from memory, stored among the objects of the database, with an
// audit event for each change.
import { ADMIN_LOG, buildAuditEvent, type Clock, type LoggedEvent } from '@crosswalk/as-core'
import type { EventStream, EventStreams } from '@crosswalk/idp'

import { ACTS } from '../definitions/stored-acts.ts'
import type { Directory } from '../definitions/directory.ts'
import { listReceivers, listStreams } from './list-streams.ts'

export function createEventStreams({
  directory,
  clock,
}: {
  readonly directory: Directory
  readonly clock: Clock
}): EventStreams {
  const change = (stream: EventStream, by: string) => ({
    collection: ACTS.streams,
    id: stream.id,
    at: clock.nowMs(),
    by,
  })
  return {
    current: () => listStreams(directory.current().world),
    receivers: () => listReceivers(directory.current().world),
    change: (work) => directory.judgeAndWrite(work),
    async create(stream, by) {
      const event = buildStreamEvent('created', stream, { by, nowMs: clock.nowMs() })
      await directory.put({
        ...change(stream, by),
        ifRevision: 0,
        body: stream,
        event,
        droppedStream: stream.id,
      })
    },
    async save(stream, by, pending) {
      const event = buildStreamEvent('changed', stream, { by, nowMs: clock.nowMs() })
      const dropped = pending === 'drop' ? { droppedStream: stream.id } : {}
      await directory.put({ ...change(stream, by), body: stream, event, ...dropped })
    },
    async remove(stream, by) {
      const event = buildStreamEvent('deleted', stream, { by, nowMs: clock.nowMs() })
      await directory.remove({ ...change(stream, by), event, droppedStream: stream.id })
    },
  }
}

function buildStreamEvent(
  verb: 'created' | 'changed' | 'deleted',
  { id, audience, delivery, status, events, statusReason }: EventStream,
  { by, nowMs }: { readonly by: string; readonly nowMs: number },
): LoggedEvent {
  return {
    log: ADMIN_LOG,
    event: buildAuditEvent(nowMs, {
      type: `event_stream.${verb}`,
      category: 'lifecycle',
      severity: 'notice',
      outcome: 'success',
      actor: { kind: 'app', id: by, client_id: by },
      target: { kind: 'event_stream', id, audience },
      ...(statusReason === undefined ? {} : { reason: statusReason }),
      change: {
        method: delivery.method,
        ...(delivery.method === 'push' ? { endpoint: delivery.endpoint } : {}),
        status,
        events,
      },
    }),
  }
}
