// A destination for events.
import type { AuditStreamDefinition } from '@crosswalk/protocol'
import type { RecordedEvent } from '@crosswalk/storage'

/** Events of one chain in order; at least one. */
export interface Batch {
  readonly chain: string
  readonly events: readonly RecordedEvent[]
}

export interface Sink {
  /** Maximum number of events for one `send` */
  readonly batchEvents: number
  /** @returns undefined if the receiver has the whole batch, else why not, without any secret; never throws */
  send(batch: Batch): Promise<string | undefined>
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
