// Streams of security events: to which authorization server, what, and how. Where they are defined is outside.
import type { RingSealing } from '@crosswalk/as-core'
import { DELIVERY_METHOD, SENT_SECURITY_EVENTS, type SubjectId } from '@crosswalk/protocol'

export type StreamStatus = 'enabled' | 'paused' | 'disabled'

export interface EventStream {
  readonly id: string
  /** Issuer of the authorization server that receives it: the `aud` of its events */
  readonly audience: string
  readonly delivery:
    | {
        readonly method: 'push'
        readonly endpoint: string
        /** Value of the `Authorization` header, sealed */
        readonly sealedAuthorization?: string | undefined
      }
    | { readonly method: 'poll' }
  /** Event types that are sent */
  readonly events: readonly string[]
  /** What the receiver asked for, known here or not */
  readonly eventsRequested?: readonly string[] | undefined
  readonly status: StreamStatus
  readonly statusReason?: string | undefined
  readonly description?: string | undefined
  /** The app that manages it */
  readonly receiver?: string | undefined
  /** Subjects that the receiver does not want to hear of */
  readonly removedSubjects?: readonly SubjectId[] | undefined
  /** true: part of the configuration, and not to be changed by its receiver */
  readonly configured: boolean
}

/** An app that may manage streams for an authorization server. */
export interface StreamReceiver {
  readonly app: string
  readonly audience: string
}

export interface EventStreams {
  /** From memory */
  current(): readonly EventStream[]
  receivers(): readonly StreamReceiver[]
  /** As `save`. @returns false where there is one of this id */
  create(stream: EventStream, by: string): Promise<boolean>
  /** Durable, in force and recorded when resolved. */
  save(stream: EventStream, by: string): Promise<void>
  remove(stream: EventStream, by: string): Promise<void>
}

/** Authorization headers of receivers are secrets of theirs: sealed with the id of the stream. */
export const AUTHORIZATION_LABEL = 'security-event-authorization'

/** @returns the stream with its secret under the current master key; the very stream where there is nothing to do */
export function resealStream(stream: EventStream, sealing: Pick<RingSealing, 'reseal'>): EventStream {
  const { id, delivery } = stream
  if (delivery.method !== 'push' || delivery.sealedAuthorization === undefined) return stream
  const sealedAuthorization = sealing.reseal(AUTHORIZATION_LABEL, id, delivery.sealedAuthorization)
  return sealedAuthorization === delivery.sealedAuthorization
    ? stream
    : { ...stream, delivery: { ...delivery, sealedAuthorization } }
}

/** @returns those of the events asked for that we send; all where none are asked for */
export function chooseEvents(requested: readonly string[] | undefined): readonly string[] {
  return SENT_SECURITY_EVENTS.filter((type) => requested?.includes(type) !== false)
}

/** The stream as its receiver sees it (SSF 1.0 section 8.1.1). */
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
