// Two receivers of one authorization server: what each may do with the stream of the other.
import type { QueuedSecurityEvent } from '@crosswalk/as-core'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'

import { createPoll } from './poll.ts'
import type { ReceiverRequest } from './receiver-endpoint.ts'
import { chooseSubject, manageStatus, manageStreams, nameSubject, verifyStream } from './stream-management.ts'
import type { EventStream } from './streams.ts'

const AUDIENCE = 'https://as.vendor.test'
const STREAM: EventStream = {
  id: 'str_a',
  audience: AUDIENCE,
  delivery: { method: 'poll' },
  events: [],
  status: 'enabled',
  receiver: 'receiver-a',
  configured: false,
}
const WAITING: QueuedSecurityEvent = { id: 'jti_1', stream: 'str_a', claims: {}, createdAt: 0, attempts: 0 }

function createParts() {
  const outbox = {
    readTimeMs: async () => 0,
    add: vi.fn(async () => undefined),
    peek: vi.fn(async (_stream: string, _limit: number) => [WAITING]),
    settle: vi.fn(async () => 1),
    abandon: vi.fn(async () => undefined),
    onAdded: (_listener: () => void) => () => undefined,
  }
  const streams = {
    current: () => [STREAM],
    receivers: () => [],
    change: <T>(work: () => Promise<T>) => work(),
    create: vi.fn(async () => undefined),
    save: vi.fn(async () => undefined),
    remove: vi.fn(async () => undefined),
  }
  return {
    issuer: 'https://idp.acme.test',
    pollEndpoint: (id: string) => `https://idp.acme.test/poll?stream_id=${id}`,
    streams,
    outbox: outbox as never,
    calls: outbox,
    sealing: { seal: () => 'sealed' },
    clock: { nowMs: () => 0 },
    verifications: undefined,
    allowLoopback: false,
    signer: () => ({ signJws: () => 'a.signed.set' }) as never,
  }
}

let parts: ReturnType<typeof createParts>
beforeEach(() => void (parts = createParts()))

const request = (app: string, change: Partial<ReceiverRequest>): ReceiverRequest => ({
  method: 'POST',
  query: new URLSearchParams({ stream_id: 'str_a' }),
  body: undefined,
  app,
  audiences: [AUDIENCE],
  ...change,
})

const subject = { format: 'email', email: 'alice@acme.test' }
const acts: readonly [string, Partial<ReceiverRequest>, (given: ReceiverRequest) => Promise<unknown>][] = [
  ['deletes it', { method: 'DELETE' }, (given) => manageStreams(given, parts)],
  [
    'changes it',
    { method: 'PATCH', body: { stream_id: 'str_a', description: 'x' } },
    (given) => manageStreams(given, parts),
  ],
  [
    'replaces it',
    { method: 'PUT', body: { stream_id: 'str_a', delivery: { method: 'urn:ietf:rfc:8936' } } },
    (given) => manageStreams(given, parts),
  ],
  ['pauses it', { body: { stream_id: 'str_a', status: 'paused' } }, (given) => manageStatus(given, parts)],
  [
    'disables it',
    { body: { stream_id: 'str_a', status: 'disabled' } },
    (given) => manageStatus(given, parts),
  ],
  [
    'removes a subject',
    { body: { stream_id: 'str_a', subject } },
    (given) => chooseSubject(given, false, parts),
  ],
  [
    'adds a verification to it',
    { body: { stream_id: 'str_a', state: 'x' } },
    (given) => verifyStream(given, parts),
  ],
  ['acknowledges its events', { body: { ack: ['jti_1'] } }, (given) => createPoll(parts)(given)],
  [
    'reports errors for its events',
    { body: { setErrs: { jti_1: { err: 'invalid_key' } } } },
    (given) => createPoll(parts)(given),
  ],
]

function expectNothingDone(): void {
  const { add, settle, abandon } = parts.calls
  for (const done of [add, settle, abandon, parts.streams.save, parts.streams.remove])
    expect(done).not.toHaveBeenCalled()
}

test.each(acts)(
  'a receiver never %s if the stream belongs to another receiver of the same audience',
  async (_, change, act) => {
    expect(await act(request('receiver-b', change))).toMatchObject({
      http: 403,
      body: { err: 'access_denied' },
    })
    expectNothingDone()
  },
)

test.each(acts)('the receiver of the stream %s', async (_, change, act) => {
  expect([200, 204]).toContain(((await act(request('receiver-a', change))) as { http: number }).http)
})

test.each(acts)(
  'no receiver %s through another audience, for which the stream does not exist',
  async (_, change, act) => {
    const elsewhere = request('receiver-a', { ...change, audiences: ['https://as.other.test'] })
    expect(await act(elsewhere)).toMatchObject({ http: 404 })
    expectNothingDone()
  },
)

test.each([
  [2048, 204],
  [2049, 400],
])('a subject of %i characters gets %i', async (length, http) => {
  const about = { format: 'opaque', id: '' }
  const id = 'x'.repeat(length - JSON.stringify(about).length)
  const given = request('receiver-a', { body: { stream_id: 'str_a', subject: { ...about, id } } })
  expect(await chooseSubject(given, false, parts)).toMatchObject({ http })
  expect(parts.streams.save).toHaveBeenCalledTimes(http === 204 ? 1 : 0)
})

test('a subject without a format is no subject identifier (RFC 9493 section 3)', async () => {
  const given = request('receiver-a', { body: { stream_id: 'str_a', subject: { email: 'alice@acme.test' } } })
  expect(await chooseSubject(given, false, parts)).toMatchObject({
    http: 400,
    body: { err: 'invalid_request', description: expect.stringMatching(/^subject\.format: /) },
  })
  expectNothingDone()
})

test('the longest subject is stored in 22 characters, and once', async () => {
  const long = { format: 'opaque', id: 'x'.repeat(2000) }
  const given = request('receiver-a', { body: { stream_id: 'str_a', subject: long } })
  expect(await chooseSubject(given, false, parts)).toEqual({ http: 204 })
  const stored = { ...STREAM, removedSubjects: [expect.stringMatching(/^[\w-]{22}$/)] }
  expect(parts.streams.save).toHaveBeenCalledExactlyOnceWith(stored, 'receiver-a', 'keep')
  const removed = { ...STREAM, removedSubjects: [nameSubject({ id: long.id, format: 'opaque' })] }
  const again = { ...parts, streams: { ...parts.streams, current: () => [removed] } }
  expect(await chooseSubject(given, false, again)).toEqual({ http: 204 })
  expect(parts.streams.save).toHaveBeenCalledOnce()
  expect(await chooseSubject(given, true, parts)).toEqual({ http: 200 })
  expect(parts.streams.save).toHaveBeenCalledOnce()
  expect(await chooseSubject(given, true, again)).toEqual({ http: 200 })
  expect(parts.streams.save).toHaveBeenLastCalledWith(
    { ...STREAM, removedSubjects: [] },
    'receiver-a',
    'keep',
  )
})

test.each([
  ['https://events.vendor.test/', 200],
  ['https://10.0.0.7/events', 400],
  ['http://127.0.0.1:9200/events', 400],
])('pushing to %s gets %i', async (endpoint, http) => {
  const delivery = { method: 'urn:ietf:rfc:8935', endpoint_url: endpoint }
  const given = request('receiver-a', { method: 'PATCH', body: { stream_id: 'str_a', delivery } })
  expect(await manageStreams(given, parts)).toMatchObject({ http })
  expect(parts.streams.save).toHaveBeenCalledTimes(http === 200 ? 1 : 0)
})

test('only a server on loopback pushes to loopback', async () => {
  const delivery = { method: 'urn:ietf:rfc:8935', endpoint_url: 'http://127.0.0.1:9200/events' }
  const given = request('receiver-a', { method: 'PATCH', body: { stream_id: 'str_a', delivery } })
  expect(await manageStreams(given, { ...parts, allowLoopback: true })).toMatchObject({ http: 200 })
})

const waiting = (count: number) =>
  Array.from({ length: count }, (_, at): QueuedSecurityEvent => ({ ...WAITING, id: `jti_${at}` }))

test.each([
  // It only acknowledges (RFC 8936 section 2.2).
  [1, 0, 0, undefined],
  [1, 1, 1, undefined],
  [2, 1, 1, true],
  [100, 500, 100, undefined],
  [101, 500, 100, true],
])(
  'with %i pending events and a limit of %i, a poll gets %i and whether there are more',
  async (count, maxEvents, got, more) => {
    parts.calls.peek.mockImplementation(async (_, limit) => waiting(count).slice(0, limit))
    const answer = await createPoll(parts)(request('receiver-a', { body: { maxEvents } }))
    const body = answer.body as { sets: object; moreAvailable?: boolean }
    expect([Object.keys(body.sets).length, body.moreAvailable]).toEqual([got, more])
  },
)

test('a waiting poll looks once for each event that was added, until one is its own', async () => {
  // It also looks once a second, which must not happen here.
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  let announce: () => void = () => undefined
  parts.calls.onAdded = (listener) => {
    announce = listener
    return () => undefined
  }
  parts.calls.peek.mockImplementation(async () => {
    await new Promise(setImmediate)
    return []
  })
  const settle = async () => {
    for (let round = 0; round < 20; round += 1) await new Promise(setImmediate)
    return parts.calls.peek.mock.calls.length
  }
  const polled = createPoll(parts)(request('receiver-a', {}))
  expect(await settle()).toBe(1)
  announce()
  expect(await settle()).toBe(2)
  parts.calls.peek.mockResolvedValue([WAITING])
  announce()
  expect((await polled).body).toEqual({ sets: { jti_1: 'a.signed.set' } })
  expect(await settle()).toBe(3)
})

test.each([
  [999, 204],
  [1000, 403],
])('removing another subject from a stream with %i removed subjects gets %i', async (count, http) => {
  const removedSubjects = Array.from({ length: count }, (_, at) =>
    nameSubject({ ...subject, email: `${at}@acme.test` }),
  )
  parts.streams.current = () => [{ ...STREAM, removedSubjects }]
  const given = request('receiver-a', { body: { stream_id: 'str_a', subject } })
  expect(await chooseSubject(given, false, parts)).toMatchObject({ http })
  expect(parts.streams.save).toHaveBeenCalledTimes(http === 204 ? 1 : 0)
})

test.each([
  ['enabled', 'enabled', 'keep'],
  ['enabled', 'paused', 'keep'],
  ['enabled', 'disabled', 'drop'],
  ['disabled', 'disabled', 'drop'],
  // A process that did not know yet may have added an event after the stream was disabled.
  ['disabled', 'enabled', 'drop'],
] as const)(
  'a change from %s to %s tells what becomes of pending events: %s',
  async (before, status, pending) => {
    const stream = { ...STREAM, status: before }
    parts.streams.current = () => [stream]
    await manageStatus(request('receiver-a', { body: { stream_id: 'str_a', status } }), parts)
    expect(parts.streams.save).toHaveBeenCalledExactlyOnceWith({ ...stream, status }, 'receiver-a', pending)
  },
)

test.each([
  [{ aud: AUDIENCE }, 200],
  [{ aud: 'https://as.other.test' }, 400],
  [{ iss: 'https://idp.acme.test' }, 200],
  [{ iss: 'https://idp.other.test' }, 400],
])('the change %j gets %i', async (change, http) => {
  const given = request('receiver-a', { method: 'PATCH', body: { stream_id: 'str_a', ...change } })
  expect(await manageStreams(given, parts)).toMatchObject({ http })
  expect(parts.streams.save).toHaveBeenCalledTimes(http === 200 ? 1 : 0)
})

test.each([
  [undefined, 204],
  [5, 429],
])('if the receiver has to wait %s s, a verification gets %i, and the time to wait', async (wait, http) => {
  const given = request('receiver-a', { body: { stream_id: 'str_a' } })
  const limited = { ...parts, verifications: { count: () => wait } }
  const answer = await verifyStream(given, limited)
  expect([answer.http, answer.retryAfterSeconds]).toEqual([http, wait])
  expect(parts.calls.add).toHaveBeenCalledTimes(http === 204 ? 1 : 0)
})

test.each([
  ['enabled', 204],
  ['paused', 204],
  ['disabled', 400],
] as const)('the verification of a stream that is %s gets %i', async (status, http) => {
  parts.streams.current = () => [{ ...STREAM, status }]
  expect(await verifyStream(request('receiver-a', { body: { stream_id: 'str_a' } }), parts)).toMatchObject({
    http,
  })
  expect(parts.calls.add).toHaveBeenCalledTimes(http === 204 ? 1 : 0)
})

test.each([
  [100, 200],
  [101, 400],
])('a poll that reports errors of %i events gets %i', async (count, http) => {
  const setErrs = Object.fromEntries(waiting(count).map(({ id }) => [id, { err: 'invalid_key' }]))
  expect(await createPoll(parts)(request('receiver-a', { body: { setErrs } }))).toMatchObject({ http })
  expect(parts.calls.abandon).toHaveBeenCalledTimes(http === 200 ? count : 0)
})

test.each([
  [{ err: 'invalid_key' }, 'invalid_key'],
  [{ err: 'invalid_key', description: 'who are you' }, 'invalid_key: who are you'],
])('the error %j is kept as %s', async (reported, error) => {
  const answer = await createPoll(parts)(request('receiver-a', { body: { setErrs: { jti_1: reported } } }))
  expect(answer.http).toBe(200)
  expect(parts.calls.abandon).toHaveBeenCalledWith(
    { event: { id: 'jti_1', stream: 'str_a' }, error, at: 0 },
    { log: 'idp', event: expect.objectContaining({ change: { security_event: 'jti_1', error } }) },
  )
})

const OTHER = 'https://as.other.test'
const creation = (app: string, body: object, audiences = [AUDIENCE]) =>
  request(app, { body: { ...body }, audiences })

test.each([
  ['of its only audience', 201, {}, [AUDIENCE]],
  ['of one of its audiences', 201, { aud: OTHER }, [AUDIENCE, OTHER]],
  ['of an audience of others', 400, { aud: OTHER }, [AUDIENCE]],
  ['without naming one of its audiences', 400, {}, [AUDIENCE, OTHER]],
])('a receiver that creates a stream %s gets %i', async (_, http, body, audiences) => {
  parts.streams.current = () => []
  expect(await manageStreams(creation('receiver-a', body, audiences), parts)).toMatchObject({ http })
  expect(parts.streams.create).toHaveBeenCalledTimes(http === 201 ? 1 : 0)
})

test('each receiver of an audience has one stream, with its own secret', async () => {
  const created: EventStream[] = []
  parts.streams.current = () => created
  parts.streams.create = vi.fn(async (stream: EventStream) => void created.push(stream)) as never
  const seal = (...sealed: readonly string[]) => sealed.join(' ')
  const delivery = {
    ...{ method: 'urn:ietf:rfc:8935', endpoint_url: 'https://events.vendor.test/' },
    authorization_header: 'Bearer x',
  }
  const answers = []
  for (const app of ['receiver-a', 'receiver-a', 'receiver-b'])
    answers.push(await manageStreams(creation(app, { delivery }), { ...parts, sealing: { seal } }))
  expect(answers.map(({ http }) => http)).toEqual([201, 409, 201])
  expect(new Set(created.map(({ id }) => id)).size).toBe(2)
  expect(created.map(({ receiver }) => receiver)).toEqual(['receiver-a', 'receiver-b'])
  for (const { id, delivery: stored } of created)
    expect(stored).toHaveProperty('sealedAuthorization', `security-event-authorization ${id} Bearer x`)
  // Neither the secret nor its sealed form is shown again.
  expect(JSON.stringify(answers)).not.toContain('Bearer x')
})

test('a receiver lists the streams of its audiences', async () => {
  parts.streams.current = () => [STREAM, { ...STREAM, id: 'str_other', audience: OTHER }]
  const list = (query: string) =>
    manageStreams(request('receiver-a', { method: 'GET', query: new URLSearchParams(query) }), parts)
  expect(await list('')).toMatchObject({ http: 200, body: [{ stream_id: 'str_a' }] })
  expect(await list('stream_id=str_a')).toMatchObject({ http: 200 })
  expect(await list('stream_id=str_other')).toMatchObject({ http: 404 })
})

test('a poll acknowledges any number of events', async () => {
  await createPoll(parts)(request('receiver-a', { body: { ack: ['jti_1', 'jti_2'] } }))
  expect(parts.calls.settle).toHaveBeenCalledExactlyOnceWith('str_a', ['jti_1', 'jti_2'], 0)
})
