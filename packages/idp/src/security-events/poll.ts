// Streams whose receivers poll for events (RFC 8936): acknowledged events are removed, others are returned again. A poll of
// a stream that is paused or disabled waits like any other, so that its receiver does not repeat it immediately.
import type { SecurityEventOutbox, Signer } from '@crosswalk/as-core'
import { JWT_TYP } from '@crosswalk/protocol'

import { abandonEvent } from './abandon-event.ts'
import {
  problem,
  type ReceiverAnswer,
  type ReceiverHandler,
  type ReceiverRequest,
} from './receiver-endpoint.ts'
import { findVisible } from './stream-management.ts'
import { parseInput } from './stream-requests.ts'
import type { EventStreams } from './streams.ts'

export interface PollParts {
  readonly streams: EventStreams
  readonly outbox: SecurityEventOutbox
  signer(): Signer
}

const AT_MOST = 100
/** How long an empty response is delayed if the receiver wants to wait */
const LONG_POLL_MS = 20_000
/** Concurrent delayed polls per stream; each occupies one of the requests that the server handles for all clients. */
const MAX_HELD_BACK = 4

export function createPoll(parts: PollParts): ReceiverHandler {
  const holdBack = createHolding()
  return (request) => pollEvents(request, { ...parts, holdBack })
}

async function pollEvents(
  request: ReceiverRequest,
  parts: PollParts & { readonly holdBack: HoldBack },
): Promise<ReceiverAnswer> {
  const input = parseInput('poll', request.body ?? {})
  if (!input.accepted) return problem(400, 'invalid_request', input.refusal)
  const stream = findVisible(request, parts, request.query.get('stream_id'))
  if ('http' in stream) return stream
  if (stream.delivery.method !== 'poll') return problem(403, 'access_denied', 'the stream is pushed')
  // Acknowledging removes events, which another receiver of the same audience must not do.
  if (stream.receiver !== request.app)
    return problem(403, 'access_denied', 'the stream is of another receiver')
  const { maxEvents = AT_MOST, returnImmediately = false, ack = [], setErrs = {} } = input.value
  const { outbox } = parts
  const at = await outbox.readTimeMs()
  await outbox.settle(stream.id, ack, at)
  for (const [id, { err, description }] of Object.entries(setErrs)) {
    const error = description === undefined ? err : `${err}: ${description}`
    await abandonEvent(id, stream, { error, at }, outbox)
  }
  if (maxEvents === 0) return { http: 200, body: { sets: {} } }
  const limit = Math.min(maxEvents, AT_MOST)
  const isEnabled = () =>
    parts.streams.current().some(({ id, status }) => id === stream.id && status === 'enabled')
  const look = async () => (isEnabled() ? outbox.peek(stream.id, limit + 1) : [])
  const waiting = returnImmediately
    ? await look()
    : await parts.holdBack(stream.id, (isOver) => waitForEvents(look, isOver, outbox))
  const signer = parts.signer()
  const signed = waiting
    .slice(0, limit)
    .map(
      async ({ id, claims }) => [id, await signer.signJws({ typ: JWT_TYP.securityEvent }, claims)] as const,
    )
  const sets = Object.fromEntries(await Promise.all(signed))
  return { http: 200, body: { sets, ...(waiting.length > limit ? { moreAvailable: true } : {}) } }
}

/** Runs a poll that waits until `isOver` is aborted at the latest. */
type HoldBack = <T>(stream: string, poll: (isOver: AbortSignal) => Promise<T>) => Promise<T>

/** Exceeding the limit ends the oldest poll of the stream, which its receiver may have abandoned. */
function createHolding(): HoldBack {
  const held = new Map<string, Set<AbortController>>()
  return async (stream, poll) => {
    const own = new AbortController()
    const all = (held.get(stream) ?? new Set()).add(own)
    held.set(stream, all)
    const [oldest] = all
    if (oldest !== undefined && all.size > MAX_HELD_BACK) {
      all.delete(oldest)
      oldest.abort()
    }
    try {
      return await poll(own.signal)
    } finally {
      all.delete(own)
      if (all.size === 0) held.delete(stream)
    }
  }
}

async function waitForEvents<T>(
  look: () => Promise<readonly T[]>,
  isOver: AbortSignal,
  outbox: Pick<SecurityEventOutbox, 'onAdded'>,
): Promise<readonly T[]> {
  let added = false
  let wake: () => void = () => undefined
  const end = outbox.onAdded(() => {
    added = true
    wake()
  })
  isOver.addEventListener('abort', () => wake())
  try {
    for (const deadline = performance.now() + LONG_POLL_MS; ;) {
      added = false
      const found = await look()
      const rest = deadline - performance.now()
      if (found.length > 0 || isOver.aborted || rest <= 0) return found
      // Events for other streams also wake it; events added by other processes are seen within a second.
      if (!added) await untilWoken(Math.min(rest, 1000))
    }
  } finally {
    end()
  }

  function untilWoken(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
