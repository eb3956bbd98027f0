// Pushes pending events of the outbox to their streams: immediately when an event is added, and again until the
// receiver accepts it. Also abandons outdated events of streams that are polled or paused, and moves those of a stream
// that no longer exists to its successor. The content of an event never changes.
import {
  cleanForeignText,
  createRounds,
  type GuardedPost,
  type QueuedSecurityEvent,
  type Sealing,
  type SecurityEventOutbox,
  type Signer,
} from '@crosswalk/as-core'
import { accept, DAY_MS, JWT_TYP, refuse, type Result, SECURITY_EVENT_TYPE } from '@crosswalk/protocol'

import { abandonEvent } from './abandon-event.ts'
import { AUTHORIZATION_LABEL, type EventStream } from './streams.ts'

export interface TransmitterParts {
  readonly outbox: SecurityEventOutbox
  streams(): readonly EventStream[]
  signer(): Signer
  readonly post: GuardedPost
  readonly sealing: Pick<Sealing, 'open'>
  /** @returns a number from 0 up to, but not including, 1, so that processes do not retry at the same time */
  random(): number
  onFault(fault: unknown, reference: string): void
}

export interface Transmitter {
  /** Resolves when no delivery is running. */
  close(): Promise<void>
}

/** Longer than the maximum duration of a delivery; afterwards another process may try. */
const LEASE_MS = 15_000
const AT_ONCE = 16
/** How often to look for due events without being woken: events of other processes, and retries */
const LOOK_EVERY_MS = 1_000
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 300_000
const TIDY_EVERY_MS = 60_000
/** Receivers refuse older events, and by then everything that was live has expired. */
export const GIVE_UP_AFTER_MS = 7 * DAY_MS

type PushStream = EventStream & { readonly delivery: { readonly method: 'push' } }

export function createTransmitter(parts: TransmitterParts): Transmitter {
  const running = new Map<string, Promise<void>>()
  const again = new Set<string>()
  let closed = false

  function start(stream: PushStream): void {
    // Look again for events added during the last look.
    if (running.has(stream.id)) return void again.add(stream.id)
    const drained = drain(stream, parts)
      .catch((fault: unknown) => parts.onFault(fault, 'security-events'))
      .then(() => {
        running.delete(stream.id)
        if (again.delete(stream.id) && !closed) start(stream)
      })
    running.set(stream.id, drained)
  }

  function wake(): void {
    if (!closed) for (const stream of parts.streams().filter(isPushed)) start(stream)
  }

  const timer = setInterval(wake, LOOK_EVERY_MS)
  timer.unref()
  const end = parts.outbox.onAdded(wake)
  wake()
  const tidying = createRounds(() => tidy(parts), {
    everyMs: TIDY_EVERY_MS,
    onFault: (fault) => parts.onFault(fault, 'security-events'),
  })
  void tidying.run()
  return {
    async close() {
      closed = true
      clearInterval(timer)
      end()
      await Promise.all([...running.values(), tidying.close()])
    },
  }
}

async function tidy(parts: TransmitterParts): Promise<void> {
  for (const stream of parts.streams().filter((one) => !isPushed(one))) await abandonOutdated(stream, parts)
  await moveOrphans(parts)
}

/** A receiver that no longer polls, or never resumes its stream, must not fill the database. */
async function abandonOutdated(
  stream: Pick<EventStream, 'id' | 'audience'>,
  { outbox }: TransmitterParts,
): Promise<void> {
  for (let more = true; more;) {
    const at = await outbox.readTimeMs()
    const oldest = await outbox.peek(stream.id, AT_ONCE)
    const outdated = oldest.filter(({ createdAt }) => at - createdAt >= GIVE_UP_AFTER_MS)
    for (const { id } of outdated) await abandonEvent(id, stream, { error: 'outdated', at }, outbox)
    more = outdated.length === AT_ONCE
  }
}

/** A configured stream is renamed or gone when the resource apps that configure it change. */
async function moveOrphans(parts: TransmitterParts): Promise<void> {
  const { outbox, streams } = parts
  for (const { stream: id } of await outbox.describe()) {
    if (streams().some((stream) => stream.id === id)) continue
    const [oldest] = await outbox.peek(id, 1)
    // Another process may have just created the stream; this one learns of it soon.
    if (oldest === undefined || (await outbox.readTimeMs()) - oldest.createdAt < TIDY_EVERY_MS) continue
    const audience = String(oldest.claims['aud'])
    const successor = streams().find((stream) => stream.configured && stream.audience === audience)
    await (successor === undefined ? abandonOutdated({ id, audience }, parts) : outbox.move(id, successor.id))
  }
}

function isPushed(stream: EventStream): stream is PushStream {
  return stream.status === 'enabled' && stream.delivery.method === 'push'
}

async function drain(stream: PushStream, parts: TransmitterParts): Promise<void> {
  for (;;) {
    const now = await parts.outbox.readTimeMs()
    const events = await parts.outbox.claim({ stream: stream.id, now, leaseMs: LEASE_MS, limit: AT_ONCE })
    const delivered = await Promise.all(events.map((event) => deliver(event, stream, parts)))
    // If nothing gets through, the rest waits for the next look.
    if (events.length < AT_ONCE || !delivered.includes(true)) return
  }
}

/** @returns whether the receiver has the event now */
async function deliver(
  event: QueuedSecurityEvent,
  stream: PushStream,
  parts: TransmitterParts,
): Promise<boolean> {
  const { outbox } = parts
  const sent = await send(event, stream, parts)
  const at = await outbox.readTimeMs()
  if (sent.accepted) {
    await outbox.settle(stream.id, [event.id], at)
    return true
  }
  const error = sent.refusal
  if (at - event.createdAt < GIVE_UP_AFTER_MS) {
    const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** event.attempts)
    const dueAt = at + Math.round(wait * (0.5 + parts.random() / 2))
    await outbox.postpone({ event, error, at, dueAt })
    return false
  }
  await abandonEvent(event.id, stream, { error, at }, outbox)
  return false
}

async function send(
  { claims }: QueuedSecurityEvent,
  { id, audience, delivery: { endpoint, sealedAuthorization } }: PushStream,
  { post, signer, sealing }: TransmitterParts,
): Promise<Result<undefined, string>> {
  // The resource app has another authorization server now, which must not learn of users at the earlier one. It may get
  // the earlier one back, and nodes may differ while their configuration changes, so the event waits.
  const { aud } = claims
  if (aud !== audience) return refuse(`the event is for ${String(aud)}, and the stream now for ${audience}`)
  const headers = {
    'content-type': SECURITY_EVENT_TYPE,
    accept: 'application/json',
    ...(sealedAuthorization === undefined
      ? {}
      : { authorization: sealing.open(AUTHORIZATION_LABEL, id, sealedAuthorization) }),
  }
  const body = await signer().signJws({ typ: JWT_TYP.securityEvent }, claims)
  const answer = await post.post(endpoint, { headers, body })
  if (!answer.accepted) {
    const { reason, detail } = answer.refusal
    return refuse(detail === undefined ? reason : `${reason}: ${detail}`)
  }
  const { status, text } = answer.value
  return status >= 200 && status < 300 ? accept(undefined) : refuse(describeAnswer(status, text))
}

/** RFC 8935 section 2.3: the receiver describes the problem. */
function describeAnswer(status: number, text: string): string {
  try {
    const { err, description } = JSON.parse(text) as Readonly<Record<string, unknown>>
    if (typeof err === 'string')
      return cleanForeignText(
        [`status ${status}`, err, ...(typeof description === 'string' ? [description] : [])].join(': '),
      )
  } catch {
    // Not the format of the RFC; the status suffices.
  }
  return `status ${status}`
}
