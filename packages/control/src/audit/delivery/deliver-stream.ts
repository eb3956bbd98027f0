// One round of one stream: delivers all that is behind its cursors, a batch of each chain in turn. A chain whose batch the
// receiver refuses waits; the others continue. Delivery is at least once: the cursor moves after the receiver has the
// batch, so a batch sent before a crash is sent again. An event that the receiver rejects although it accepts later ones
// is abandoned, and recorded, because it would block all events after it.
import { isEventOf } from '@crosswalk/protocol'
import type { RecordedEvent, Storage, StreamState } from '@crosswalk/storage'

import type { Sink, Undelivered } from './sinks/sink.ts'

/** Longer than any batch takes; afterwards, another process may take over the streams of one that died. */
export const LEASE_MS = 30_000
/** Of stored text. An event is sent with its text, so this is less than the megabyte that most collectors accept. */
const MAX_BATCH_CHARACTERS = 400_000
const FIRST_DELAY_MS = 1000
const LONGEST_DELAY_MS = 300_000
/** More doublings would exceed the longest delay anyway. */
const MAX_DOUBLINGS = 9
/** How often an event is rejected before it may be abandoned: about half a minute, for a receiver that is restarted. */
const REJECTIONS_BEFORE_END = 5
/** How many later events show whether a receiver accepts any, as they may be rejected too */
const MAX_PROBES = 10
/** Among which to find them */
const EVENTS_TO_PROBE = 200

export interface FollowedStream {
  readonly id: string
  readonly types: readonly string[] | undefined
  readonly sink: Sink
}

export interface DeliveryParts {
  /** Its clock counts: a lease of a process whose own clock runs ahead would outlast the process. */
  readonly storage: Pick<Storage, 'events' | 'auditStreams'> & {
    readonly expiry: Pick<Storage['expiry'], 'readTimeMs'>
  }
  /** Names this process */
  readonly holder: string
  /** Whether to stop before the next batch */
  isClosing(): boolean
  /** Called when deliveries begin to fail, and when they succeed again */
  onTurn(stream: string, turn: 'failed' | 'recovered', error?: string): Promise<void>
  /** Called before the stream continues without an event */
  onAbandoned(stream: string, event: RecordedEvent, error: string): Promise<void>
}

/** @returns a function that runs one round. Rounds must run one after another. */
export function createDelivery(stream: FollowedStream, parts: DeliveryParts): () => Promise<void> {
  // In memory only: another process tries each of them once.
  const failing = new Map<string, number>()
  return () => deliverRound({ ...stream, failing }, parts)
}

interface Following extends FollowedStream {
  /**
   * Chains whose last batch was refused; they wait until the stream is due. With the number of times that their next event
   * was rejected by itself
   */
  readonly failing: Map<string, number>
}

async function deliverRound(stream: Following, parts: DeliveryParts): Promise<void> {
  const state = await hold(stream, parts)
  if (state === undefined) return
  const { failing } = stream
  let sent = 0
  let failed = false
  for (let behind = await findBehind(stream, state, parts); behind.length > 0;) {
    const left: Position[] = []
    for (const position of behind) {
      const batch = await deliverBatch(stream, position, parts)
      sent += batch.sent
      if (batch.failure !== undefined) {
        if (!failed) await recordFailure(stream, batch.failure.error, parts)
        failed = true
      } else if (batch.sent > 0) failing.delete(position.chain)
      if (batch.next !== undefined && batch.next.from < position.head) left.push(batch.next)
      if (parts.isClosing() || (await hold(stream, parts)) === undefined) return
    }
    behind = left
  }
  if (state.failures === 0 || sent === 0 || failing.size > 0) return
  await parts.storage.auditStreams.recover(stream.id)
  await parts.onTurn(stream.id, 'recovered')
}

/** @returns the state of the stream if this process holds it */
async function hold({ id }: FollowedStream, { storage, holder }: DeliveryParts) {
  const now = await storage.expiry.readTimeMs()
  return storage.auditStreams.hold({ stream: id, holder, now, leaseMs: LEASE_MS })
}

interface Position {
  readonly chain: string
  /** The last event that the receiver has */
  readonly from: number
  readonly head: number
  /** The most events of the next batch; default: those of the sink */
  readonly most?: number | undefined
}

/** @returns the chains with events to deliver now */
async function findBehind(
  { id, failing }: Following,
  { dueAt }: StreamState,
  { storage: { events, auditStreams, expiry } }: DeliveryParts,
): Promise<readonly Position[]> {
  const cursors = await auditStreams.cursors(id)
  const behind = (await events.heads())
    .map(({ chain, seq }) => ({
      ...{ chain, from: cursors.get(chain) ?? 0, head: seq },
      // The event that was rejected by itself, by itself again.
      most: (failing.get(chain) ?? 0) > 0 ? 1 : undefined,
    }))
    .filter(({ from, head }) => from < head)
  // An administrator may have moved a cursor past what was refused.
  for (const chain of failing.keys()) if (!behind.some((it) => it.chain === chain)) failing.delete(chain)
  return dueAt <= (await expiry.readTimeMs()) ? behind : behind.filter(({ chain }) => !failing.has(chain))
}

interface Delivered {
  /** Where to continue in this round; undefined if the chain has to wait for the next one */
  readonly next?: Position
  readonly sent: number
  readonly failure?: Undelivered
}

async function deliverBatch(stream: Following, position: Position, parts: DeliveryParts): Promise<Delivered> {
  const { events } = parts.storage
  const { chain, from, most = stream.sink.batchEvents } = position
  const batch = limitSize(await events.readAfter({ chain, afterSeq: from }, most))
  const to = batch.at(-1)?.seq
  if (to === undefined) return { sent: 0 }
  const wanted = batch.filter(({ event }) => isWanted(event.type, stream.types))
  const sent = wanted.length
  const failure = sent === 0 ? undefined : await stream.sink.send({ chain, events: wanted })
  if (failure === undefined) return { ...(await advance(stream, position, { to, sent }, parts)), sent }
  if (!failure.isRejected) {
    stream.failing.set(chain, 0)
    return { sent: 0, failure }
  }
  // A smaller batch finds the event that is at fault.
  if (batch.length > 1) return { sent: 0, next: { ...position, most: Math.ceil(batch.length / 2) } }
  return (await abandon(stream, position, failure, parts)) ?? { sent: 0, failure }
}

/** @returns undefined if the event has to be sent again, because the receiver may accept it later */
async function abandon(
  stream: Following,
  position: Position,
  { error }: Undelivered,
  parts: DeliveryParts,
): Promise<Delivered | undefined> {
  const { chain, from } = position
  const { id, sink, types, failing } = stream
  const rejections = (failing.get(chain) ?? 0) + 1
  failing.set(chain, rejections)
  if (rejections < REJECTIONS_BEFORE_END) return undefined
  const [event, ...later] = await parts.storage.events.readAfter({ chain, afterSeq: from }, EVENTS_TO_PROBE)
  const probes = later.filter((it) => isWanted(it.event.type, types)).slice(0, MAX_PROBES)
  if (event === undefined || !(await acceptsAny(sink, chain, probes))) return undefined
  await parts.onAbandoned(id, event, error)
  failing.delete(chain)
  return { ...(await advance(stream, position, { to: event.seq, sent: 0 }, parts)), sent: 0 }
}

/** Whether the receiver accepts one of these events by itself. If not, it may be set up wrongly, and has to get all later. */
async function acceptsAny(sink: Sink, chain: string, probes: readonly RecordedEvent[]): Promise<boolean> {
  for (const probe of probes) if ((await sink.send({ chain, events: [probe] })) === undefined) return true
  return false
}

/** @returns where to continue; nothing if the cursor was reset in the meantime, and the next round starts from there */
async function advance(
  { id }: Following,
  { chain, from, head }: Position,
  { to, sent }: { readonly to: number; readonly sent: number },
  { storage: { auditStreams, expiry } }: DeliveryParts,
): Promise<Pick<Delivered, 'next'>> {
  const at = await expiry.readTimeMs()
  const moved = await auditStreams.advance({ stream: id, chain, from, to, sent, at })
  return moved ? { next: { chain, from: to, head } } : {}
}

/**
 * A client can fill events with what it sends, and a batch that a collector refuses for its size would block all later
 * events.
 *
 * @returns the first events, at least one
 */
function limitSize(batch: readonly RecordedEvent[]): readonly RecordedEvent[] {
  let characters = 0
  const end = batch.findIndex(({ body }) => (characters += body.length) > MAX_BATCH_CHARACTERS)
  return end === -1 ? batch : batch.slice(0, Math.max(1, end))
}

async function recordFailure(
  { id }: FollowedStream,
  error: string,
  { storage: { auditStreams, expiry }, onTurn }: DeliveryParts,
): Promise<void> {
  const failures = (await auditStreams.find(id))?.failures ?? 0
  const at = await expiry.readTimeMs()
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, MAX_DOUBLINGS))
  await auditStreams.fail({ stream: id, error: error.slice(0, 500), at, dueAt: at + delay })
  if (failures === 0) await onTurn(id, 'failed', error)
}

export function isWanted(type: string, types: readonly string[] | undefined): boolean {
  return types === undefined || types.some((wanted) => isEventOf(type, wanted))
}
