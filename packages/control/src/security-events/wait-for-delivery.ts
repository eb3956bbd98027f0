// Waits briefly for receivers to acknowledge the events of an act, and measures the time. Delivery to the others is
// retried later; what receivers do with an event is unknown here.
import { setTimeout as sleep } from 'node:timers/promises'

import type { SecurityEventOutbox } from '@crosswalk/as-core'
import type { EventStream } from '@crosswalk/idp'

const LONGEST_WAIT_MS = 2000
const POLL_MS = 20

export interface Delivery {
  readonly stream: string
  readonly audience: string
  /** Since the act was started; null if not acknowledged yet */
  readonly acknowledgedMs: number | null
}

export interface DeliveryWait {
  /** Streams with events of the act */
  readonly streams: readonly EventStream[]
  /** Start of the act, by the clock of the outbox */
  readonly actedAtMs: number
  /** Milliseconds since then, by a monotonic clock */
  elapsedMs(): number
}

/** @returns the delivery time of each push stream, after at most two seconds */
export async function waitForDelivery(
  { streams, actedAtMs, elapsedMs }: DeliveryWait,
  outbox: Pick<SecurityEventOutbox, 'peek'>,
): Promise<readonly Delivery[]> {
  const acknowledged = new Map<string, number>()
  const pushed = streams.filter(({ delivery, status }) => delivery.method === 'push' && status === 'enabled')
  for (const deadline = elapsedMs() + LONGEST_WAIT_MS; ; await sleep(POLL_MS)) {
    for (const { id } of pushed) {
      if (acknowledged.has(id)) continue
      // Events are sent oldest first, so the act is acknowledged once no event up to its time is pending.
      const [oldest] = await outbox.peek(id, 1)
      if (oldest === undefined || oldest.createdAt > actedAtMs) acknowledged.set(id, elapsedMs())
    }
    if (acknowledged.size === pushed.length || elapsedMs() > deadline) break
  }
  return pushed.map(({ id, audience }) => ({
    stream: id,
    audience,
    acknowledgedMs: acknowledged.get(id) ?? null,
  }))
}
