// Security events waiting to be told to others. Written in the transaction of what they tell about; kept until the other
// side has them.
import type { EpochMs } from '@crosswalk/protocol'

export interface OutgoingSecurityEvent {
  /** `jti` of the SET */
  readonly id: string
  /** Id of the stream it goes to */
  readonly stream: string
  /** The claims of the SET, complete; signed when sent, by the key in force then */
  readonly claims: Readonly<Record<string, unknown>>
  readonly createdAt: EpochMs
}

export interface QueuedSecurityEvent extends OutgoingSecurityEvent {
  /** How often it was tried before */
  readonly attempts: number
}

export interface DeliveryFailure {
  readonly event: Pick<QueuedSecurityEvent, 'id' | 'stream'>
  /** What the other side or the network said; no secret */
  readonly error: string
  readonly at: EpochMs
}

/** How a stream does. */
export interface StreamDelivery {
  readonly stream: string
  readonly pending: number
  /** Of the oldest one that waits */
  readonly oldestCreatedAt?: EpochMs
  readonly delivered: number
  readonly abandoned: number
  readonly lastDeliveredAt?: EpochMs
  /** From the change to the acknowledgement, of the last one delivered */
  readonly lastLagMs?: number
  /** Of the last failure since the last success */
  readonly lastError?: string
  readonly lastErrorAt?: EpochMs
}

/** Everything is durable when its promise resolves. Each event is delivered at least once. */
export interface SecurityEventOutbox {
  add(events: readonly OutgoingSecurityEvent[]): Promise<void>
  /**
   * Takes events of a stream that are due, oldest first; no one else gets them for `leaseMs`. Atomic.
   * @param claim - `limit`: how many at most
   */
  claim(claim: {
    readonly stream: string
    readonly now: EpochMs
    readonly leaseMs: number
    readonly limit: number
  }): Promise<readonly QueuedSecurityEvent[]>
  /** The oldest events of a stream, for one that asks for them itself; takes nothing. */
  peek(stream: string, limit: number): Promise<readonly QueuedSecurityEvent[]>
  /** The other side has these; unknown ids are passed over. @returns how many were waiting */
  settle(stream: string, ids: readonly string[], at: EpochMs): Promise<number>
  /** Not taken this time; due again at `dueAt`. */
  postpone(failure: DeliveryFailure & { readonly dueAt: EpochMs }): Promise<void>
  /** Will not be tried again. */
  abandon(failure: DeliveryFailure): Promise<void>
  /** Drops what waits for a stream that is no more, and what is known of it. */
  forget(stream: string): Promise<void>
  describe(): Promise<readonly StreamDelivery[]>
  /** Called after events were added by this process. @returns a function that ends it */
  onAdded(listener: () => void): () => void
}
