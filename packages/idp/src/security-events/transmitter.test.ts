import type { DeliveryFailure, LoggedEvent, QueuedSecurityEvent } from '@crosswalk/as-core'
import { accept, refuse } from '@crosswalk/protocol'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'

import type { EventStream } from './streams.ts'
import { createTransmitter, GIVE_UP_AFTER_MS, type Transmitter } from './transmitter.ts'

const NOW = 1_800_000_000_000
const STREAM: EventStream = {
  id: 'str_push',
  audience: 'https://as.vendor.test',
  delivery: { method: 'push', endpoint: 'https://as.vendor.test/events' },
  events: [],
  status: 'enabled',
  configured: true,
}

interface Given {
  readonly stream?: Partial<EventStream>
  readonly createdAt?: number
  readonly count?: number
  readonly answers?: boolean
  readonly status?: number
  /** The body of the response */
  readonly text?: string
  readonly attempts?: number
  /** The stream of the pending events; the only current one unless given */
  readonly queuedFor?: string
}

let transmitter: Transmitter | undefined
afterEach(() => transmitter?.close())

/** One event is pending; the transmitter looks once, at its start. */
async function transmit({
  stream = {},
  createdAt = NOW,
  count = 1,
  answers = true,
  status = 202,
  text = '',
  attempts = 0,
  queuedFor = STREAM.id,
}: Given) {
  const queue = Array.from({ length: count }, (_, index): QueuedSecurityEvent => {
    const id = `jti_${index + 1}`
    return { id, stream: queuedFor, claims: { jti: id, aud: STREAM.audience }, createdAt, attempts }
  })
  const recorded: LoggedEvent['event'][] = []
  const outbox = {
    readTimeMs: async () => NOW,
    claim: vi.fn(async ({ stream }: { stream: string }) => (stream === queuedFor ? queue.splice(0) : [])),
    peek: async (id: string, limit: number) => (id === queuedFor ? queue.slice(0, limit) : []),
    describe: async () => [{ stream: queuedFor, pending: queue.length }],
    move: vi.fn(async () => undefined),
    settle: vi.fn(async () => 1),
    postpone: vi.fn(async () => undefined),
    abandon: vi.fn(async ({ event: { id } }: DeliveryFailure, { event }: LoggedEvent) => {
      queue.splice(0, queue.length, ...queue.filter((one) => one.id !== id))
      recorded.push(event)
    }),
    onAdded: () => () => undefined,
  }
  const post = vi.fn(async () =>
    answers ? accept({ status, text }) : refuse({ reason: 'unreachable' as const }),
  )
  transmitter = createTransmitter({
    outbox: outbox as never,
    streams: () => [{ ...STREAM, ...stream }],
    signer: () => ({ signJws: () => 'a.signed.set' }) as never,
    post: { post: post as never, close: async () => undefined },
    sealing: { open: () => '' },
    random: () => 0,
    onFault(fault) {
      throw fault
    },
  })
  await transmitter.close()
  return { outbox, recorded, post, queue }
}

describe('a pushed stream', () => {
  test('gets its pending events', async () => {
    const { post, outbox } = await transmit({})
    expect(post).toHaveBeenCalledOnce()
    expect(outbox.settle).toHaveBeenCalledWith(STREAM.id, ['jti_1'], NOW)
  })

  test.each([
    [199, 0],
    [200, 1],
    [299, 1],
    [300, 0],
    [400, 0],
  ])('with a response of %i delivers an event %i times', async (status, times) => {
    const { outbox } = await transmit({ status })
    expect(outbox.settle).toHaveBeenCalledTimes(times)
    expect(outbox.postpone).toHaveBeenCalledTimes(1 - times)
  })

  test.each([
    ['{"err":"invalid_key","description":"unknown key"}', 'status 400: invalid_key: unknown key'],
    ['{"err":"invalid_key"}', 'status 400: invalid_key'],
    ['{"err":"a\\n\\u202eb","description":""}', 'status 400: a b:'],
    [`{"err":"${'x'.repeat(4000)}"}`, `status 400: ${'x'.repeat(288)}`],
    ['{"err":7}', 'status 400'],
    ['null', 'status 400'],
    ['<html>', 'status 400'],
  ])('remembers why a response refuses an event, on one line: %s', async (text, error) => {
    const { outbox } = await transmit({ status: 400, text })
    expect(outbox.postpone).toHaveBeenCalledWith(expect.objectContaining({ error }))
  })

  test.each(['paused', 'disabled'] as const)(
    'gets nothing while it is %s, and keeps its events',
    async (status) => {
      const { post, outbox } = await transmit({ stream: { status } })
      for (const call of [post, outbox.claim, outbox.settle, outbox.abandon])
        expect(call).not.toHaveBeenCalled()
    },
  )

  test('does not get events for another audience, which it had before', async () => {
    const { post, outbox } = await transmit({ stream: { audience: 'https://as.new.test' } })
    expect(post).not.toHaveBeenCalled()
    const error = 'the event is for https://as.vendor.test, and the stream now for https://as.new.test'
    expect(outbox.postpone).toHaveBeenCalledWith(expect.objectContaining({ error }))
  })

  test('is not pushed if its receiver polls', async () => {
    expect((await transmit({ stream: { delivery: { method: 'poll' } } })).post).not.toHaveBeenCalled()
  })
})

describe('an undeliverable event', () => {
  test('is retried until it is outdated', async () => {
    const { outbox, recorded } = await transmit({ answers: false, createdAt: NOW - GIVE_UP_AFTER_MS + 1 })
    expect(outbox.postpone).toHaveBeenCalledOnce()
    expect(outbox.abandon).not.toHaveBeenCalled()
    expect(recorded).toEqual([])
  })

  test.each([
    [0, 500],
    [1, 1000],
    [8, 128_000],
    [9, 150_000],
    [40, 150_000],
  ])('waits after %i attempts for %i ms, at least half of the delay', async (attempts, wait) => {
    const { outbox } = await transmit({ answers: false, attempts })
    expect(outbox.postpone).toHaveBeenCalledWith(expect.objectContaining({ dueAt: NOW + wait }))
  })

  test('is abandoned after a week, and the log records it', async () => {
    const { outbox, recorded } = await transmit({ answers: false, createdAt: NOW - GIVE_UP_AFTER_MS })
    expect(outbox.abandon).toHaveBeenCalledOnce()
    expect(recorded).toMatchObject([
      {
        type: 'security_event.abandoned',
        severity: 'critical',
        outcome: 'failure',
        target: { kind: 'event_stream', id: STREAM.id, audience: STREAM.audience },
        change: { security_event: 'jti_1', error: 'unreachable' },
      },
    ])
  })
})

describe.each<[string, Partial<EventStream>]>([
  ['a polled stream', { delivery: { method: 'poll' } }],
  ['a paused stream', { status: 'paused' }],
])('an event of %s', (_, stream) => {
  test('stays for less than a week', async () => {
    const { outbox, queue } = await transmit({ stream, createdAt: NOW - GIVE_UP_AFTER_MS + 1 })
    expect(outbox.abandon).not.toHaveBeenCalled()
    expect(queue).toHaveLength(1)
  })

  test('is abandoned after a week, however many there are, and the log records it', async () => {
    const { recorded, queue, post } = await transmit({ stream, createdAt: NOW - GIVE_UP_AFTER_MS, count: 40 })
    expect(queue).toEqual([])
    expect(recorded).toHaveLength(40)
    expect(recorded[0]).toMatchObject({ type: 'security_event.abandoned', change: { error: 'outdated' } })
    expect(post).not.toHaveBeenCalled()
  })
})

describe('an event whose stream may no longer exist', () => {
  const MINUTE_MS = 60_000

  test('goes to the configured stream of the same audience', async () => {
    const { outbox } = await transmit({ queuedFor: 'app:before', createdAt: NOW - MINUTE_MS })
    expect(outbox.move).toHaveBeenCalledExactlyOnceWith('app:before', STREAM.id)
  })

  test.each<[string, Given]>([
    ['another process may have just created the stream', { createdAt: NOW - MINUTE_MS + 1 }],
    ['the stream of the audience is not configured', { stream: { configured: false } }],
    ['its stream exists, although paused', { queuedFor: STREAM.id, stream: { status: 'paused' } }],
    ['only another audience has a stream', { stream: { audience: 'https://as.other.test' } }],
  ])('stays if %s', async (_, given) => {
    const { outbox, queue } = await transmit({
      queuedFor: 'app:before',
      createdAt: NOW - MINUTE_MS,
      ...given,
    })
    expect(outbox.move).not.toHaveBeenCalled()
    expect(queue).toHaveLength(1)
  })

  test('is abandoned after a week if no stream replaces it', async () => {
    const { recorded, queue } = await transmit({
      queuedFor: 'app:before',
      stream: { configured: false },
      createdAt: NOW - GIVE_UP_AFTER_MS,
    })
    expect(queue).toEqual([])
    expect(recorded).toMatchObject([
      {
        type: 'security_event.abandoned',
        target: { kind: 'event_stream', id: 'app:before', audience: STREAM.audience },
        change: { error: 'outdated' },
      },
    ])
  })
})

test('an event that is added during a look is looked for immediately afterwards', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  let tellAdded = () => undefined as void
  const claim = vi.fn(async () => {
    if (claim.mock.calls.length === 1) tellAdded()
    return []
  })
  const outbox = {
    ...{ claim, readTimeMs: async () => NOW, peek: async () => [], describe: async () => [] },
    onAdded(listener: () => void) {
      tellAdded = listener
      return () => undefined
    },
  }
  transmitter = createTransmitter({
    ...{ outbox: outbox as never, streams: () => [STREAM], random: () => 0, sealing: { open: () => '' } },
    ...{ signer: () => ({}) as never, post: {} as never },
    onFault(fault) {
      throw fault
    },
  })
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  expect(claim).toHaveBeenCalledTimes(2)
})
