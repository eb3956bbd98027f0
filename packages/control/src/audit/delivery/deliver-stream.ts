// One round of one stream: delivers all that is behind its cursors, chain by chain, until all is delivered or the
// receiver refuses. Delivery is at least once: the cursor moves after the receiver has the batch, so a batch sent
// before a crash is sent again.
import type { Clock } from '@crosswalk/as-core'
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
  readonly storage: Pick<Storage, 'events' | 'auditStreams'>
  readonly clock: Clock
  /** Names this process */
  readonly holder: string
  /** Whether to stop before the next batch */
  isClosing(): boolean
  /** Called when deliveries begin to fail, and when they succeed again */
  onTurn(stream: string, turn: 'failed' | 'recovered', error?: string): Promise<void>
}

export async function deliverStream(stream: FollowedStream, parts: DeliveryParts): Promise<void> {
  const state = await findDue(stream, parts)
  if (state === undefined) return
  const { events, auditStreams } = parts.storage
  const cursors = await auditStreams.cursors(stream.id)
  let sent = 0
  for (const { chain, seq } of await events.heads()) {
    let from = cursors.get(chain) ?? 0
    while (from < seq) {
      const moved = await deliverBatch(stream, { chain, from }, parts)
      if (moved === undefined || parts.isClosing() || (await findDue(stream, parts)) === undefined) return
      from = moved.to
      sent += moved.sent
    }
  }
  // Only after all chains: the receiver may accept one and refuse another each time.
  if (state.failures === 0 || sent === 0) return
  await auditStreams.recover(stream.id)
  await parts.onTurn(stream.id, 'recovered')
}

/** @returns the state of the stream, if this process holds it and its next attempt is due */
async function findDue(
  { id }: FollowedStream,
  { storage, clock, holder }: DeliveryParts,
): Promise<StreamState | undefined> {
  const now = clock.nowMs()
  const state = await storage.auditStreams.hold({ stream: id, holder, now, leaseMs: LEASE_MS })
  return state !== undefined && state.dueAt <= now ? state : undefined
}

interface Position {
  readonly chain: string
  readonly from: number
}

interface Moved {
  /** The next position in the chain */
  readonly to: number
  readonly sent: number
}

/** @returns undefined if delivery stops for now */
async function deliverBatch(
  stream: FollowedStream,
  { chain, from }: Position,
  parts: DeliveryParts,
): Promise<Moved | undefined> {
  const { events, auditStreams } = parts.storage
  const batch = limitSize(await events.readAfter({ chain, afterSeq: from }, stream.sink.batchEvents))
  const to = batch.at(-1)?.seq
  if (to === undefined) return undefined
  const wanted = batch.filter(({ event }) => isWanted(event.type, stream.types))
  const sent = wanted.length
  const error = sent === 0 ? undefined : await stream.sink.send({ chain, events: wanted })
  if (error !== undefined) {
    await recordFailure(stream, error, parts)
    return undefined
  }
  // If the cursor was reset in the meantime, the next round starts from there.
  const at = parts.clock.nowMs()
  return (await auditStreams.advance({ stream: stream.id, chain, from, to, sent, at }))
    ? { to, sent }
    : undefined
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
  { storage: { auditStreams }, clock, onTurn }: DeliveryParts,
): Promise<void> {
  const failures = (await auditStreams.find(id))?.failures ?? 0
  const at = clock.nowMs()
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
