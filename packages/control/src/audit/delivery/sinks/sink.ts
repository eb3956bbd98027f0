// What a place to send events to can do.
import type { AuditStreamDefinition } from '@crosswalk/protocol'
import type { RecordedEvent } from '@crosswalk/storage'

/** Events of one chain in order; never none. */
export interface Batch {
  readonly chain: string
  readonly events: readonly RecordedEvent[]
}

export interface Sink {
  /** Most events that one `send` takes */
  readonly batchEvents: number
  /** @returns undefined when the other side has all of it, else why not, without any secret; never throws */
  send(batch: Batch): Promise<string | undefined>
  close(): Promise<void>
}

export type DefinitionOfSink<T extends AuditStreamDefinition['type']> = Extract<
  AuditStreamDefinition,
  { readonly type: T }
>

/** @returns a fault of the system in few words: its code, where it has one */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
