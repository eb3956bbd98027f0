// A destination for events.
import type { AuditStreamDefinition } from '@crosswalk/protocol'
import type { RecordedEvent } from '@crosswalk/storage'

/** Events of one chain in order; at least one. */
export interface Batch {
  readonly chain: string
  readonly events: readonly RecordedEvent[]
}

/** Why the receiver does not have a batch */
export interface Undelivered {
  /** Contains no secret */
  readonly error: string
  /** Whether it refuses these events, and not all that it gets at the moment */
  readonly isRejected: boolean
  /** The beginning of its response, without our secrets. It may repeat events, so it is shown for test events only. */
  readonly answer?: string
}

export interface Sink {
  /** Maximum number of events for one `send` */
  readonly batchEvents: number
  /** @returns undefined if the receiver has the whole batch; never throws */
  send(batch: Batch): Promise<Undelivered | undefined>
  close(): Promise<void>
}

export type DefinitionOfSink<T extends AuditStreamDefinition['type']> = Extract<
  AuditStreamDefinition,
  { readonly type: T }
>

/** @returns a short description of a system error: its code, if it has one */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
