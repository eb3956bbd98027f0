// Streams whose receivers fetch their events themselves (RFC 8936): acknowledged ones are gone, the others come again.
import type { Clock, SecurityEventOutbox, Signer } from '@crosswalk/as-core'
import { JWT_TYP } from '@crosswalk/protocol'

import { problem, type ReceiverAnswer, type ReceiverRequest } from './receiver-endpoint.ts'
import { findVisible } from './stream-management.ts'
import { parseInput } from './stream-requests.ts'
import type { EventStreams } from './streams.ts'

export interface PollParts {
  readonly streams: EventStreams
  readonly outbox: SecurityEventOutbox
  signer(): Signer
  readonly clock: Clock
}

const AT_MOST = 100
/** How long an answer without events is held back, where the receiver would rather wait */
const LONG_POLL_MS = 20_000

export async function pollEvents(request: ReceiverRequest, parts: PollParts): Promise<ReceiverAnswer> {
  const input = parseInput('poll', request.body ?? {})
  if (!input.accepted) return problem(400, 'invalid_request', input.refusal)
  const stream = findVisible(request, parts, request.query.get('stream_id'))
  if ('http' in stream) return stream
  if (stream.delivery.method !== 'poll') return problem(403, 'access_denied', 'the stream is pushed')
  // Acknowledging removes the events, which another receiver of the same audience must not do.
  if (stream.receiver !== request.app)
    return problem(403, 'access_denied', 'the stream is of another receiver')
  const { maxEvents = AT_MOST, returnImmediately = false, ack = [], setErrs = {} } = input.value
  const { outbox, clock } = parts
  await outbox.settle(stream.id, ack, clock.nowMs())
  for (const [id, { err, description }] of Object.entries(setErrs)) {
    const error = description === undefined ? err : `${err}: ${description}`
    await outbox.abandon({ event: { id, stream: stream.id }, error, at: clock.nowMs() })
  }
  if (maxEvents === 0 || stream.status !== 'enabled') return { http: 200, body: { sets: {} } }
  const limit = Math.min(maxEvents, AT_MOST)
  const waiting = await waitForEvents(stream.id, { limit, returnImmediately }, outbox)
  const signer = parts.signer()
  const signed = waiting
    .slice(0, limit)
    .map(
      async ({ id, claims }) => [id, await signer.signJws({ typ: JWT_TYP.securityEvent }, claims)] as const,
    )
  const sets = Object.fromEntries(await Promise.all(signed))
  return { http: 200, body: { sets, ...(waiting.length > limit ? { moreAvailable: true } : {}) } }
}

/** @returns one more than asked for, where there are more */
async function waitForEvents(
  stream: string,
  { limit, returnImmediately }: { readonly limit: number; readonly returnImmediately: boolean },
  outbox: SecurityEventOutbox,
) {
  const look = () => outbox.peek(stream, limit + 1)
  let added = false
  let wake: () => void = () => undefined
  const end = outbox.onAdded(() => {
    added = true
    wake()
  })
  try {
    for (const deadline = performance.now() + LONG_POLL_MS; ;) {
      added = false
      const found = await look()
      const rest = deadline - performance.now()
      if (found.length > 0 || returnImmediately || rest <= 0) return found
      // Events for other streams wake it too; what another process adds is seen within a second.
      if (!added) await untilAdded(Math.min(rest, 1000))
    }
  } finally {
    end()
  }

  function untilAdded(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
