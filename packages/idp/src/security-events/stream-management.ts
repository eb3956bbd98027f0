// What receivers do with their streams: create, read, change, delete, pause, choose subjects, verify (SSF 1.0 section
// 8). A receiver sees the streams of its authorization servers, and cannot change those in the configuration.
import {
  type Clock,
  digest,
  findTargetProblem,
  type RateLimit,
  type Sealing,
  type SecurityEventOutbox,
} from '@crosswalk/as-core'
import { isObject, SECURITY_EVENT, type SubjectId } from '@crosswalk/protocol'

import { buildSecurityEvent } from './build-security-event.ts'
import { problem, type ReceiverAnswer, type ReceiverRequest, slowDown } from './receiver-endpoint.ts'
import { parseInput, readAudience, type StreamInput } from './stream-requests.ts'
import {
  AUTHORIZATION_LABEL,
  chooseEvents,
  type EventStream,
  type EventStreams,
  renderStream,
} from './streams.ts'

export interface StreamManagementParts {
  readonly issuer: string
  pollEndpoint(streamId: string): string
  readonly streams: EventStreams
  readonly outbox: SecurityEventOutbox
  readonly sealing: Pick<Sealing, 'seal'>
  readonly clock: Clock
  readonly verifications: RateLimit | undefined
  /** Whether events may be pushed to this machine, for development */
  readonly allowLoopback: boolean
}

const MAX_REMOVED_SUBJECTS = 1000

export async function manageStreams(
  request: ReceiverRequest,
  parts: StreamManagementParts,
): Promise<ReceiverAnswer> {
  if (request.method === 'GET') return readStreams(request, parts)
  if (request.method === 'DELETE') {
    const stream = findChangeable(request, parts, request.query.get('stream_id'))
    if ('http' in stream) return stream
    await parts.streams.remove(stream, request.app)
    return { http: 204 }
  }
  const input = parseInput('stream', request.body)
  if (!input.accepted) return problem(400, 'invalid_request', input.refusal)
  if (!isReachable(input.value, parts))
    return problem(
      400,
      'invalid_request',
      'delivery.endpoint_url has an address to which no events are pushed',
    )
  return request.method === 'POST'
    ? createStream(request, input.value, parts)
    : changeStream(request, input.value, parts)
}

function isReachable({ delivery }: StreamInput, { allowLoopback }: StreamManagementParts): boolean {
  if (delivery === undefined || !('endpoint_url' in delivery)) return true
  return findTargetProblem(delivery.endpoint_url, { allowLoopback }) === undefined
}

function readStreams({ query, audiences }: ReceiverRequest, parts: StreamManagementParts): ReceiverAnswer {
  const visible = parts.streams.current().filter(({ audience }) => audiences.includes(audience))
  const id = query.get('stream_id')
  if (id === null) return { http: 200, body: visible.map((stream) => render(stream, parts)) }
  const stream = visible.find((one) => one.id === id)
  return stream === undefined ? notFound() : { http: 200, body: render(stream, parts) }
}

async function createStream(
  { app, audiences }: ReceiverRequest,
  input: StreamInput,
  parts: StreamManagementParts,
): Promise<ReceiverAnswer> {
  const audience = readAudience(input) ?? (audiences.length === 1 ? audiences[0] : undefined)
  if (audience === undefined || !audiences.includes(audience))
    return problem(400, 'invalid_request', 'aud does not name one of your authorization servers')
  const id = nameStream(app, audience)
  if (parts.streams.current().some((one) => one.id === id))
    return problem(409, 'invalid_request', 'you already have a stream for this audience')
  const stream: EventStream = {
    id,
    audience,
    delivery: { method: 'poll' },
    events: chooseEvents(input.events_requested),
    status: 'enabled',
    receiver: app,
    configured: false,
    ...readChanges(input, id, parts),
  }
  await parts.streams.create(stream, app)
  return { http: 201, body: render(stream, parts) }
}

/** One stream per receiver and audience */
function nameStream(app: string, audience: string): string {
  return `str_${digest(JSON.stringify([app, audience])).slice(0, 32)}`
}

async function changeStream(
  request: ReceiverRequest,
  input: StreamInput,
  parts: StreamManagementParts,
): Promise<ReceiverAnswer> {
  const stream = findChangeable(request, parts, input.stream_id)
  if ('http' in stream) return stream
  const { iss = parts.issuer } = input
  if (iss !== parts.issuer || (readAudience(input) ?? stream.audience) !== stream.audience)
    return problem(400, 'invalid_request', 'a receiver cannot change iss and aud')
  const whole = request.method === 'PUT'
  if (whole && input.delivery === undefined)
    return problem(400, 'invalid_request', 'delivery is missing; PATCH changes single members')
  const kept = whole ? { ...stream, events: chooseEvents(input.events_requested) } : stream
  const { eventsRequested: _, description: __, ...bare } = kept
  const changed = { ...(whole ? bare : kept), ...readChanges(input, stream.id, parts) }
  await parts.streams.save(changed, request.app, 'keep')
  return { http: 200, body: render(changed, parts) }
}

function readChanges(
  { delivery, events_requested: requested, description }: StreamInput,
  id: string,
  { sealing }: StreamManagementParts,
): Partial<EventStream> {
  return {
    ...(requested === undefined ? {} : { eventsRequested: requested, events: chooseEvents(requested) }),
    ...(description === undefined ? {} : { description }),
    ...(delivery === undefined ? {} : { delivery: readDelivery(delivery) }),
  }

  function readDelivery(given: NonNullable<StreamInput['delivery']>): EventStream['delivery'] {
    if (!('endpoint_url' in given)) return { method: 'poll' }
    const { endpoint_url: endpoint, authorization_header: authorization } = given
    return {
      method: 'push',
      endpoint,
      ...(authorization === undefined
        ? {}
        : { sealedAuthorization: sealing.seal(AUTHORIZATION_LABEL, id, authorization) }),
    }
  }
}

export async function manageStatus(
  request: ReceiverRequest,
  parts: StreamManagementParts,
): Promise<ReceiverAnswer> {
  if (request.method === 'GET') {
    const stream = findVisible(request, parts, request.query.get('stream_id'))
    return 'http' in stream ? stream : { http: 200, body: renderStatus(stream) }
  }
  const input = parseInput('status', request.body)
  if (!input.accepted) return problem(400, 'invalid_request', input.refusal)
  const stream = findChangeable(request, parts, input.value.stream_id)
  if ('http' in stream) return stream
  const { statusReason: _, ...rest } = stream
  const { status, reason } = input.value
  const changed: EventStream = { ...rest, status, ...(reason === undefined ? {} : { statusReason: reason }) }
  // A paused stream keeps its pending events; a disabled one does not (SSF 1.0 section 8.1.2.1). Another process may have
  // added one before it knew that the stream was disabled.
  const pending = [stream.status, status].includes('disabled') ? 'drop' : 'keep'
  await parts.streams.save(changed, request.app, pending)
  return { http: 200, body: renderStatus(changed) }
}

/** @param wanted - whether the receiver wants events about the subject; by default it gets events about all subjects */
export async function chooseSubject(
  request: ReceiverRequest,
  wanted: boolean,
  parts: StreamManagementParts,
): Promise<ReceiverAnswer> {
  const input = parseInput('subject', request.body)
  if (!input.accepted) return problem(400, 'invalid_request', input.refusal)
  const stream = findChangeable(request, parts, input.value.stream_id)
  if ('http' in stream) return stream
  const name = nameSubject(input.value.subject)
  const { removedSubjects: before = [] } = stream
  const done = { http: wanted ? 200 : 204 }
  if (before.includes(name) !== wanted) return done
  const removedSubjects = wanted ? before.filter((one) => one !== name) : [...before, name]
  if (removedSubjects.length > MAX_REMOVED_SUBJECTS)
    return problem(403, 'access_denied', `at most ${MAX_REMOVED_SUBJECTS} subjects can be removed`)
  await parts.streams.save({ ...stream, removedSubjects }, request.app, 'keep')
  return done
}

/** A short name, because every change of a stream stores all of them again. */
export function nameSubject(subject: SubjectId): string {
  return digest(renderSubject(subject)).slice(0, 22)
}

/** Independent of the order of members. */
function renderSubject(subject: SubjectId): string {
  const entries = Object.entries(subject).sort(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify(
    entries.map(([key, value]) => [key, isObject(value) ? renderSubject(value as SubjectId) : value]),
  )
}

export async function verifyStream(
  request: ReceiverRequest,
  parts: StreamManagementParts,
): Promise<ReceiverAnswer> {
  const input = parseInput('verification', request.body)
  if (!input.accepted) return problem(400, 'invalid_request', input.refusal)
  const stream = findVisible(request, parts, input.value.stream_id)
  if ('http' in stream) return stream
  // Its receiver would mistake the event for the response to its own verification.
  if (!stream.configured && stream.receiver !== request.app)
    return problem(403, 'access_denied', 'the stream is of another receiver')
  // A disabled stream holds no events for later (SSF 1.0 section 8.1.2.1).
  if (stream.status === 'disabled') return problem(400, 'invalid_request', 'the stream is disabled')
  const waitSeconds = parts.verifications?.count(request.app)
  if (waitSeconds !== undefined) return slowDown(waitSeconds)
  await parts.outbox.add([buildVerification(stream, parts, input.value.state)])
  return { http: 204 }
}

/** SSF 1.0 section 8.1.4.2: the subject is the stream itself. */
export function buildVerification(
  stream: EventStream,
  { issuer, clock }: Pick<StreamManagementParts, 'issuer' | 'clock'>,
  state?: string,
) {
  return buildSecurityEvent({
    issuer,
    stream,
    subject: { format: 'opaque', id: stream.id },
    type: SECURITY_EVENT.verification,
    body: state === undefined ? {} : { state },
    now: clock.nowMs(),
  })
}

export function findVisible(
  { audiences }: ReceiverRequest,
  { streams }: Pick<StreamManagementParts, 'streams'>,
  id: string | null | undefined,
): EventStream | ReceiverAnswer {
  if (id === null || id === undefined) return problem(400, 'invalid_request', 'stream_id is missing')
  const stream = streams.current().find((one) => one.id === id && audiences.includes(one.audience))
  return stream ?? notFound()
}

function findChangeable(
  request: ReceiverRequest,
  parts: StreamManagementParts,
  id: string | null | undefined,
): EventStream | ReceiverAnswer {
  const stream = findVisible(request, parts, id)
  if ('http' in stream || (!stream.configured && stream.receiver === request.app)) return stream
  return problem(403, 'access_denied', 'the stream is part of the configuration, or of another receiver')
}

function notFound(): ReceiverAnswer {
  return problem(404, 'invalid_request', 'there is no such stream')
}

function render(stream: EventStream, { issuer, pollEndpoint }: StreamManagementParts) {
  return renderStream(stream, { issuer, pollEndpoint: pollEndpoint(stream.id) })
}

function renderStatus({ id, status, statusReason }: EventStream) {
  return { stream_id: id, status, ...(statusReason === undefined ? {} : { reason: statusReason }) }
}
