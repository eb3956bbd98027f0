// Waits a moment for the receivers of an act to acknowledge it, and measures how long each took. Receivers that have
// not by then are told later, as often as it takes; what they do with an event is not known here.
import { setTimeout as sleep } from 'node:timers/promises'

import type { SecurityEventOutbox } from '@crosswalk/as-core'
import type { EventStream } from '@crosswalk/idp'

const LONGEST_WAIT_MS = 2000
const POLL_MS = 20

export interface Delivery {
  readonly stream: string
  readonly audience: string
  /** Since the act was pressed; null: not yet */
  readonly acknowledgedMs: number | null
}

export interface DeliveryWait {
  /** Those that the act is for */
  readonly streams: readonly EventStream[]
  /** When the act was pressed, by the clock of the server */
  readonly actedAtMs: number
  /** Milliseconds since then, by a clock that never jumps */
  elapsedMs(): number
}

/** @returns every stream that is pushed, with how long it took; after two seconds at most */
export async function waitForDelivery(
  { streams, actedAtMs, elapsedMs }: DeliveryWait,
  outbox: Pick<SecurityEventOutbox, 'peek'>,
): Promise<readonly Delivery[]> {
  const acknowledged = new Map<string, number>()
  const pushed = streams.filter(({ delivery, status }) => delivery.method === 'push' && status === 'enabled')
  for (const deadline = elapsedMs() + LONGEST_WAIT_MS; ; await sleep(POLL_MS)) {
    for (const { id } of pushed) {
      if (acknowledged.has(id)) continue
      // Events go oldest first, so nothing older than the act waits once the act itself was told.
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
