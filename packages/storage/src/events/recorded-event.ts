// An audit event as it stands in its log.
import { type AuditEvent, parseEventText } from '@crosswalk/as-core'
import type { Selectable } from 'kysely'

import type { AuditEventTable } from '../schema/tables.ts'

export interface RecordedEvent {
  readonly log: string
  /** Counts from 1 without gaps within its log. */
  readonly seq: number
  readonly prevHash: string
  readonly hash: string
  /** The text that was written and hashed, byte for byte; see `renderEventText`. */
  readonly body: string
  readonly event: AuditEvent
}

export const RECORDED_COLUMNS = ['log', 'seq', 'prev_hash', 'hash', 'body'] as const

export function parseRecordedEvent(
  row: Pick<Selectable<AuditEventTable>, 'log' | 'seq' | 'prev_hash' | 'hash' | 'body'>,
): RecordedEvent {
  return {
    log: row.log,
    seq: row.seq,
    prevHash: row.prev_hash,
    hash: row.hash,
    body: row.body,
    event: parseEventText(row.body),
  }
}
