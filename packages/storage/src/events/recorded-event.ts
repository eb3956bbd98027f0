// An audit event as stored in its chain.
import { type AuditEvent, parseEventText } from '@crosswalk/as-core'
import type { Selectable } from 'kysely'

import type { AuditEventTable } from '../schema/tables.ts'

export interface RecordedEvent {
  readonly log: string
  /** A log has one chain, or one for each process that writes it */
  readonly chain: string
  /** Counts from 1 without gaps within its chain. */
  readonly seq: number
  readonly prevHash: string
  readonly hash: string
  /** The exact text that was written and hashed; see `renderEventText`. */
  readonly body: string
  readonly event: AuditEvent
}

export const RECORDED_COLUMNS = ['log', 'chain', 'seq', 'prev_hash', 'hash', 'body'] as const

export function parseRecordedEvent(
  row: Pick<Selectable<AuditEventTable>, 'log' | 'chain' | 'seq' | 'prev_hash' | 'hash' | 'body'>,
): RecordedEvent {
  return {
    log: row.log,
    chain: row.chain,
    seq: row.seq,
    prevHash: row.prev_hash,
    hash: row.hash,
    body: row.body,
    event: parseEventText(row.body),
  }
}
