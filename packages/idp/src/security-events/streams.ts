// Streams of security events: the authorization server, the event types and the delivery. They are defined elsewhere.
import type { RingSealing } from '@crosswalk/as-core'
import { DELIVERY_METHOD, SENT_SECURITY_EVENTS } from '@crosswalk/protocol'

export type StreamStatus = 'enabled' | 'paused' | 'disabled'

export interface EventStream {
  readonly id: string
  /** Issuer of the receiving authorization server: the `aud` of its events */
  readonly audience: string
  readonly delivery:
    | {
        readonly method: 'push'
        readonly endpoint: string
        /** Sealed value of the `Authorization` header */
        readonly sealedAuthorization?: string | undefined
      }
    | { readonly method: 'poll' }
  /** Event types to send */
  readonly events: readonly string[]
  /** Event types that the receiver requested, including unknown ones */
  readonly eventsRequested?: readonly string[] | undefined
  readonly status: StreamStatus
  readonly statusReason?: string | undefined
  readonly description?: string | undefined
  /** The app that manages it */
  readonly receiver?: string | undefined
  /** Names of subjects that the receiver does not want events about (see `nameSubject`) */
  readonly removedSubjects?: readonly string[] | undefined
  /** true: part of the configuration, so its receiver cannot change it */
  readonly configured: boolean
}

/** An app that may manage streams of an authorization server. */
export interface StreamReceiver {
  readonly app: string
  readonly audience: string
}

export interface EventStreams {
  /** The current streams, from memory */
  current(): readonly EventStream[]
  receivers(): readonly StreamReceiver[]
  /**
   * Runs `work`, which reads streams and then changes one. If another process changes something first,
   * nothing of it is written, and `work` runs again.
   */
  change<T>(work: () => Promise<T>): Promise<T>
  /**
   * Durable, active and recorded when resolved, like `save` and `remove`. Atomically drops the pending events of an
   * earlier stream with this id: another process may have added some after it was removed.
   */
  create(stream: EventStream, by: string): Promise<void>
  /** @param pending - what becomes of its pending events, atomically with the change */
  save(stream: EventStream, by: string, pending: 'keep' | 'drop'): Promise<void>
  /** Atomically drops its pending events. */
  remove(stream: EventStream, by: string): Promise<void>
}

/** Authorization headers are secrets of the receivers: sealed with the id of the stream. */
export const AUTHORIZATION_LABEL = 'security-event-authorization'

/** @returns the stream with its secret sealed under the current master key; the same object if unchanged */
export function resealStream(stream: EventStream, sealing: Pick<RingSealing, 'reseal'>): EventStream {
  const { id, delivery } = stream
  if (delivery.method !== 'push' || delivery.sealedAuthorization === undefined) return stream
  const sealedAuthorization = sealing.reseal(AUTHORIZATION_LABEL, id, delivery.sealedAuthorization)
  return sealedAuthorization === delivery.sealedAuthorization
    ? stream
    : { ...stream, delivery: { ...delivery, sealedAuthorization } }
}

/** @returns the requested events that we send; all of them if none are requested */
export function chooseEvents(requested: readonly string[] | undefined): readonly string[] {
  return SENT_SECURITY_EVENTS.filter((type) => requested?.includes(type) !== false)
}

/** The stream in the form its receiver sees (SSF 1.0 section 8.1.1). */
export function renderStream(
  stream: EventStream,
  { issuer, pollEndpoint }: { readonly issuer: string; readonly pollEndpoint: string },
): Readonly<Record<string, unknown>> {
  const { delivery } = stream
  return {
    stream_id: stream.id,
    iss: issuer,
    aud: stream.audience,
    events_supported: SENT_SECURITY_EVENTS,
    events_requested: stream.eventsRequested ?? stream.events,
    events_delivered: stream.events,
    delivery:
      delivery.method === 'push'
        ? { method: DELIVERY_METHOD.push, endpoint_url: delivery.endpoint }
        : { method: DELIVERY_METHOD.poll, endpoint_url: pollEndpoint },
    ...(stream.description === undefined ? {} : { description: stream.description }),
  }
}
