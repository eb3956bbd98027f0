// One round of one stream: delivers all that is behind its cursors, chain by chain, until all is delivered or the
// receiver refuses. Delivery is at least once: the cursor moves after the receiver has the batch, so a batch sent
// before a crash is sent again.
import type { Clock } from '@crosswalk/as-core'
import type { RecordedEvent, Storage } from '@crosswalk/storage'

import type { Sink } from './sinks/sink.ts'

/** Longer than any batch takes; afterwards, another process may take over the streams of one that died. */
export const LEASE_MS = 30_000
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
  if (!(await isDue(stream, parts))) return
  const { events, auditStreams } = parts.storage
  const cursors = await auditStreams.cursors(stream.id)
  for (const { chain, seq } of await events.heads()) {
    let from = cursors.get(chain) ?? 0
    while (from < seq) {
      const next = await deliverBatch(stream, { chain, from }, parts)
      if (next === undefined || parts.isClosing() || !(await isDue(stream, parts))) return
      from = next
    }
  }
}

async function isDue({ id }: FollowedStream, { storage, clock, holder }: DeliveryParts): Promise<boolean> {
  const now = clock.nowMs()
  const state = await storage.auditStreams.hold({ stream: id, holder, now, leaseMs: LEASE_MS })
  return state !== undefined && state.dueAt <= now
}

interface Position {
  readonly chain: string
  readonly from: number
}

/** @returns the next position in the chain; undefined if delivery stops for now */
async function deliverBatch(
  stream: FollowedStream,
  { chain, from }: Position,
  parts: DeliveryParts,
): Promise<number | undefined> {
  const { events } = parts.storage
  const batch = await events.readAfter({ chain, afterSeq: from }, stream.sink.batchEvents)
  const last = batch.at(-1)
  if (last === undefined) return undefined
  const wanted = batch.filter(({ event }) => isWanted(event.type, stream.types))
  const error = wanted.length === 0 ? undefined : await stream.sink.send({ chain, events: wanted })
  if (error !== undefined) {
    await recordFailure(stream, error, parts)
    return undefined
  }
  return settle(stream, { chain, from, to: last.seq, wanted }, parts)
}

async function settle(
  { id }: FollowedStream,
  { chain, from, to, wanted }: Position & { readonly to: number; readonly wanted: readonly RecordedEvent[] },
  { storage: { auditStreams }, clock, onTurn }: DeliveryParts,
): Promise<number | undefined> {
  const before = wanted.length === 0 ? undefined : await auditStreams.find(id)
  const at = clock.nowMs()
  const moved = await auditStreams.advance({ stream: id, chain, from, to, sent: wanted.length, at })
  if (before !== undefined && before.failures > 0) await onTurn(id, 'recovered')
  // If the cursor was reset in the meantime, the next round starts from there.
  return moved ? to : undefined
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
