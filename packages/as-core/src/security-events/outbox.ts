// Security events waiting for delivery. Written in the transaction of the change they report; kept until the receiver
// has them.
import type { EpochMs } from '@crosswalk/protocol'

import type { LoggedEvent } from '../ports.ts'

export interface OutgoingSecurityEvent {
  /** `jti` of the SET */
  readonly id: string
  readonly stream: string
  /** The complete claims of the SET; signed when sent, with the current key */
  readonly claims: Readonly<Record<string, unknown>>
  /** By the clock of this process; storage keeps the time of the database instead, if it has one */
  readonly createdAt: EpochMs
}

export interface QueuedSecurityEvent extends OutgoingSecurityEvent {
  /** Number of earlier attempts */
  readonly attempts: number
}

export interface DeliveryFailure {
  readonly event: Pick<QueuedSecurityEvent, 'id' | 'stream'>
  /** The response or network error; contains no secret */
  readonly error: string
  readonly at: EpochMs
}

export interface StreamDelivery {
  readonly stream: string
  readonly pending: number
  /** Of the oldest pending event */
  readonly oldestCreatedAt?: EpochMs
  readonly delivered: number
  readonly abandoned: number
  readonly lastDeliveredAt?: EpochMs
  /** Time from the change to the acknowledgement of the last delivered event */
  readonly lastLagMs?: number
  /** The last failure since the last success */
  readonly lastError?: string
  readonly lastErrorAt?: EpochMs
}

/** Changes are durable when their promise resolves. Each event is delivered at least once. */
export interface SecurityEventOutbox {
  /** The time by which events are due: the same for all processes, so that one with a wrong clock gives up none early */
  readTimeMs(): Promise<EpochMs>
  add(events: readonly OutgoingSecurityEvent[]): Promise<void>
  /**
   * Claims due events of a stream, oldest first; no other process gets them for `leaseMs`. Atomic.
   * @param claim - `limit`: the maximum number
   */
  claim(claim: {
    readonly stream: string
    readonly now: EpochMs
    readonly leaseMs: number
    readonly limit: number
  }): Promise<readonly QueuedSecurityEvent[]>
  /** The oldest events of a stream, for a receiver that polls; claims nothing. */
  peek(stream: string, limit: number): Promise<readonly QueuedSecurityEvent[]>
  /** Removes events that the receiver has; ignores unknown ids. @returns how many were pending */
  settle(stream: string, ids: readonly string[], at: EpochMs): Promise<number>
  /** Delivery failed this time; retries at `dueAt`. */
  postpone(failure: DeliveryFailure & { readonly dueAt: EpochMs }): Promise<void>
  /**
   * Gives up on an event. Atomic.
   * @param recorded - written in the same transaction, unless another process gave up or delivered it first
   */
  abandon(failure: DeliveryFailure, recorded: LoggedEvent): Promise<void>
  /** Gives the pending events of a removed stream to another, which delivers them soon, and drops its status. Atomic. */
  move(from: string, to: string): Promise<void>
  describe(): Promise<readonly StreamDelivery[]>
  /** Calls `listener` after this process added events. @returns a function that unsubscribes it */
  onAdded(listener: () => void): () => void
}
