// Streams of security events for administrators: what is sent to which receiver, the lag, and the last error.
import type { EventStreamView, eventStreamRoutes } from '@crosswalk/admin-api'
import type { StreamDelivery } from '@crosswalk/as-core'
import { buildVerification, type EventStream } from '@crosswalk/idp'

import { isConfigured, listStreams } from '../security-events/list-streams.ts'
import { recordAdminEvent } from './change-event.ts'
import type { Handlers } from '../http/context.ts'
import { listPage } from '../http/list-page.ts'
import type { Parts } from '../parts.ts'
import { conflict, notFound } from '../http/problem.ts'
import { toMoment } from '../http/to-moment.ts'

export function createEventStreamHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
): Pick<Handlers, keyof typeof eventStreamRoutes> {
  const issuer = parts.configuration.idp?.issuer
  const readViews = createEventStreamViews(parts)
  return {
    async 'security-event-streams.list'({ query }) {
      const views = await readViews()
      return listPage([...views.keys()].sort(), query, (id) => views.get(id))
    },
    async 'security-event-streams.verify'({ params: { id } }, context) {
      const stream = findStreams(parts).find((one) => one.id === id)
      if (stream === undefined || issuer === undefined) return notFound(`There is no stream ${id}.`)
      if (stream.status === 'disabled') return conflict(`The receiver of the stream ${id} has disabled it.`)
      const { storage, clock } = parts
      await recordAdminEvent(parts, context, {
        type: 'event_stream.verified',
        category: 'system',
        target: { kind: 'event_stream', id, audience: stream.audience },
      })
      await storage.securityEvents.add([buildVerification(stream, { issuer, clock })])
      const view = (await readViews()).get(id)
      if (view === undefined) return notFound(`There is no stream ${id}.`)
      return { status: 202, body: view }
    },
  }
}

/** @returns a function that reads the state of each stream, by its id; also of removed ones while events for them wait */
export function createEventStreamViews(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
): () => Promise<ReadonlyMap<string, EventStreamView>> {
  const { securityEvents } = parts.storage
  return async () => {
    const [deliveries, nowMs] = await Promise.all([securityEvents.describe(), securityEvents.readTimeMs()])
    const current = findStreams(parts)
    const removed = deliveries.filter(
      ({ stream, pending }) => pending > 0 && !current.some(({ id }) => id === stream),
    )
    const all = [...current, ...(await Promise.all(removed.map(({ stream }) => describeRemoved(stream))))]
    return new Map(
      all.map((stream) => {
        const delivery = deliveries.find((one) => one.stream === stream.id)
        return [stream.id, renderStream(stream, delivery, nowMs)] as const
      }),
    )
  }

  /** All that is still known of a stream that no longer exists */
  async function describeRemoved(id: string): Promise<ShownStream> {
    const [oldest] = await securityEvents.peek(id, 1)
    const audience = String(oldest?.claims['aud'] ?? '')
    return { id, audience, events: [], status: 'removed', configured: isConfigured(id) }
  }
}

function findStreams({
  configuration,
  directory,
}: Parts<'configuration' | 'directory'>): readonly EventStream[] {
  return configuration.idp === undefined ? [] : listStreams(directory.current().world)
}

type ShownStream = Pick<EventStream, 'id' | 'audience' | 'events' | 'configured' | 'receiver'> & {
  readonly delivery?: EventStream['delivery']
  readonly status: EventStreamView['status']
}

function renderStream(
  { id, audience, delivery, events, status, configured, receiver }: ShownStream,
  state: StreamDelivery | undefined,
  nowMs: number,
): EventStreamView {
  const { pending = 0, delivered = 0, abandoned = 0, oldestCreatedAt } = state ?? {}
  return {
    id,
    audience,
    ...(delivery === undefined ? {} : { method: delivery.method }),
    ...(delivery?.method === 'push' ? { endpoint: delivery.endpoint } : {}),
    events: [...events],
    status,
    configured,
    ...(receiver === undefined ? {} : { receiver }),
    pending,
    lagSeconds: oldestCreatedAt === undefined ? 0 : Math.max(0, (nowMs - oldestCreatedAt) / 1000),
    delivered,
    abandoned,
    lastDeliveredAt: toMoment(state?.lastDeliveredAt),
    lastLagMs: state?.lastLagMs ?? null,
    lastError: state?.lastError ?? null,
    lastErrorAt: toMoment(state?.lastErrorAt),
  }
}
