// Migration: on PostgreSQL, one table for the events of each month, so that retention drops a table instead of deleting
// rows. The existing table becomes the partition for everything; housekeeping limits it and adds months. Frozen, like
// every migration.
import type { DialectTraits } from './traits.ts'

/** @returns one statement each; empty for SQLite, which has no partitions */
export function listEventPartitions({ name }: DialectTraits): readonly string[] {
  return name === 'postgres' ? PARTITION_EVENTS : []
}

/** Reads only the last position, however many rows there are, because the bounds exclude nothing yet. */
const PARTITION_EVENTS: readonly string[] = [
  'alter table audit_events rename to audit_events_earlier',
  'alter table audit_events_earlier alter column position drop identity',
  // Keys and indexes belong to the partitions: a unique key of the whole table would have to include the time.
  'create table audit_events (like audit_events_earlier) partition by range (time_ms)',
  'alter table audit_events alter column position add generated always as identity',
  `select setval(pg_get_serial_sequence('audit_events', 'position'), coalesce(max(position), 0) + 1, false)
    from audit_events_earlier`,
  'alter table audit_events attach partition audit_events_earlier for values from (minvalue) to (maxvalue)',
]
