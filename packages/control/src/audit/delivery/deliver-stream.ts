// One round of one stream: delivers all that is behind its cursors, a batch of each chain in turn. A chain whose batch the
// receiver refuses waits; the others continue. Delivery is at least once: the cursor moves after the receiver has the
// batch, so a batch sent before a crash is sent again.
import type { RecordedEvent, Storage, StreamState } from '@crosswalk/storage'

import type { Sink } from './sinks/sink.ts'

/** Longer than any batch takes; afterwards, another process may take over the streams of one that died. */
export const LEASE_MS = 30_000
/** Of stored text. An event is sent with its text, so this is less than the megabyte that most collectors accept. */
const MAX_BATCH_CHARACTERS = 400_000
const FIRST_DELAY_MS = 1000
const LONGEST_DELAY_MS = 300_000
/** More doublings would exceed the longest delay anyway. */
const MAX_DOUBLINGS = 9

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
}

/** @returns a function that runs one round. Rounds must run one after another. */
export function createDelivery(stream: FollowedStream, parts: DeliveryParts): () => Promise<void> {
  // In memory only: another process tries each of them once.
  const failing = new Set<string>()
  return () => deliverRound({ ...stream, failing }, parts)
}

interface Following extends FollowedStream {
  /** Chains whose last batch was refused; they wait until the stream is due */
  readonly failing: Set<string>
}

async function deliverRound(stream: Following, parts: DeliveryParts): Promise<void> {
  const state = await hold(stream, parts)
  if (state === undefined) return
  const { failing } = stream
  let sent = 0
  let failed = false
  for (let behind = await findBehind(stream, state, parts); behind.length > 0;) {
    const left: Position[] = []
    for (const { chain, from, head } of behind) {
      const batch = await deliverBatch(stream, { chain, from }, parts)
      sent += batch.sent
      if (batch.error !== undefined) {
        failing.add(chain)
        if (!failed) await recordFailure(stream, batch.error, parts)
        failed = true
      } else if (batch.sent > 0) failing.delete(chain)
      if (batch.to !== undefined && batch.to < head) left.push({ chain, from: batch.to, head })
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
}

/** @returns the chains with events to deliver now */
async function findBehind(
  { id, failing }: Following,
  { dueAt }: StreamState,
  { storage: { events, auditStreams, expiry } }: DeliveryParts,
): Promise<readonly Position[]> {
  const cursors = await auditStreams.cursors(id)
  const behind = (await events.heads())
    .map(({ chain, seq }) => ({ chain, from: cursors.get(chain) ?? 0, head: seq }))
    .filter(({ from, head }) => from < head)
  // An administrator may have moved a cursor past what was refused.
  for (const chain of failing) if (!behind.some((it) => it.chain === chain)) failing.delete(chain)
  return dueAt <= (await expiry.readTimeMs()) ? behind : behind.filter(({ chain }) => !failing.has(chain))
}

interface Delivered {
  /** The next position; undefined if the chain has to wait for the next round */
  readonly to?: number
  readonly sent: number
  readonly error?: string
}

async function deliverBatch(
  stream: FollowedStream,
  { chain, from }: Pick<Position, 'chain' | 'from'>,
  { storage: { events, auditStreams, expiry } }: DeliveryParts,
): Promise<Delivered> {
  const batch = limitSize(await events.readAfter({ chain, afterSeq: from }, stream.sink.batchEvents))
  const to = batch.at(-1)?.seq
  if (to === undefined) return { sent: 0 }
  const wanted = batch.filter(({ event }) => isWanted(event.type, stream.types))
  const sent = wanted.length
  const error = sent === 0 ? undefined : await stream.sink.send({ chain, events: wanted })
  if (error !== undefined) return { sent: 0, error }
  // If the cursor was reset in the meantime, the next round starts from there.
  const at = await expiry.readTimeMs()
  const moved = await auditStreams.advance({ stream: stream.id, chain, from, to, sent, at })
  return moved ? { to, sent } : { sent }
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

/** Matches a type, or an area: `idjag.*`. */
export function isWanted(type: string, types: readonly string[] | undefined): boolean {
  if (types === undefined) return true
  return types.some((wanted) =>
    wanted.endsWith('.*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted,
  )
}
