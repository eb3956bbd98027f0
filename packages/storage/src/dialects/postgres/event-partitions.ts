// The partitions of the audit events: one for all times before the kept months, one for each month, and one for all
// later times. Together they cover every time, so an event always has a place, even if a clock is wrong or housekeeping
// did not run.
import { DAY_MS, type EpochMs, HOUR_MS } from '@crosswalk/protocol'
import { type Kysely, sql, type Transaction } from 'kysely'

import type { Tables } from '../../schema/tables.ts'
import type { EventPeriod, EventPeriods, PeriodEnd, Upkeep } from '../dialect.ts'
import { attach, detach, lockEvents } from './attach-partition.ts'
import { changeBriefly, isLockTimeout } from './change-briefly.ts'
import { withProvenEnd } from './prove-end.ts'

/** How long housekeeping may fail before months share a partition. */
const MONTHS_AHEAD = 3
/** Minimum distance of a new end from now, so that no node's clock is near it. */
const MARGIN_MS = 15 * DAY_MS
const PREPARE_INTERVAL_MS = HOUR_MS

export function createEventPartitions(
  db: Kysely<Tables>,
  { readTimeMs }: Pick<Upkeep, 'readTimeMs'>,
): EventPeriods {
  let preparedAt = -Infinity
  return {
    async prepare() {
      if (performance.now() - preparedAt < PREPARE_INTERVAL_MS) return
      preparedAt = performance.now()
      try {
        await addMonths(db, await readTimeMs())
      } catch (error) {
        // Retry soon: the lock will be free long before the hour is over.
        if (isLockTimeout(error)) preparedAt = -Infinity
        throw error
      }
    },
    findOldest: async () => (await listPartitions(db)).find(isMonth),
    listEnds: (period) => listEnds(db, period),
    async drop(period, alongside) {
      const [earlier] = await listPartitions(db)
      if (earlier === undefined) return false
      try {
        return await withProvenEnd(db, earlier, period.to, () =>
          changeBriefly(db, (transaction) => dropPartition(transaction, period, alongside)),
        )
      } catch (error) {
        if (error instanceof NotOldest) return false
        throw error
      }
    },
  }
}

/** In chronological order */
async function listPartitions(db: Kysely<Tables>): Promise<readonly EventPeriod[]> {
  const { rows } = await sql<{ name: string; bounds: string }>`
    select relname as name, pg_get_expr(relpartbound, oid) as bounds from pg_class
    where oid in (select inhrelid from pg_inherits where inhparent = 'audit_events'::regclass)`.execute(db)
  return rows.map(parsePartition).sort((one, other) => one.to - other.to)
}

function parsePartition({ name, bounds }: { readonly name: string; readonly bounds: string }): EventPeriod {
  const match = /^FOR VALUES FROM \((?:MINVALUE|'(-?\d+)')\) TO \((?:MAXVALUE|'(-?\d+)')\)$/.exec(bounds)
  if (match === null) throw new Error(`partition ${name} of audit_events has unknown bounds: ${bounds}`)
  return { name, from: Number(match[1] ?? -Infinity), to: Number(match[2] ?? Infinity) }
}

function isMonth({ from, to }: EventPeriod): boolean {
  return Number.isFinite(from) && Number.isFinite(to)
}

async function addMonths(db: Kysely<Tables>, nowMs: EpochMs): Promise<void> {
  for (;;) {
    const last = (await listPartitions(db)).at(-1)
    if (last?.to !== Infinity) throw new Error('audit_events has no partition for later times')
    if (last.from >= startOfMonth(nowMs, MONTHS_AHEAD)) return
    await endPartition(db, last, startOfMonth(Math.max(last.from, nowMs + MARGIN_MS), 1))
  }
}

/** @returns the start (UTC) of the month of `timeMs`, or of the month `later` months after it */
function startOfMonth(timeMs: EpochMs, later: number): EpochMs {
  const date = new Date(timeMs)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later)
}

/** Finds the ends through the index, chain by chain, without reading the events. */
async function listEnds(db: Kysely<Tables>, { name }: EventPeriod): Promise<readonly PeriodEnd[]> {
  const partition = sql.table(name)
  const { rows } = await sql<PeriodEnd>`with recursive found as (
      (select chain from ${partition} order by chain limit 1)
      union all
      select (select chain from ${partition} where chain > found.chain order by chain limit 1) from found
      where found.chain is not null)
    select chain, (select seq from ${partition} where chain = found.chain order by seq desc limit 1) as seq
    from found where chain is not null`.execute(db)
  return rows
}

/** Another process dropped the period. Thrown so that the transaction is rolled back. */
class NotOldest extends Error {}

async function dropPartition(
  transaction: Transaction<Tables>,
  { name, to }: EventPeriod,
  alongside: (transaction: Transaction<Tables>) => Promise<boolean>,
): Promise<boolean> {
  if (!(await alongside(transaction))) return false
  await lockEvents(transaction)
  const [earlier, oldest] = await listPartitions(transaction)
  if (earlier === undefined || oldest?.name !== name) throw new NotOldest(name)
  await detach(transaction, earlier)
  await sql`drop table ${sql.table(name)}`.execute(transaction)
  await attach(transaction, { ...earlier, to })
  return true
}

/** Grants only wait while the bounds change, however large the partition is. */
async function endPartition(db: Kysely<Tables>, last: EventPeriod, end: EpochMs): Promise<void> {
  const next = `audit_events_${new Date(end).toISOString().slice(0, 7).replace('-', '_')}`
  const [table, nextTable] = [sql.table(last.name), sql.table(next)]
  await withProvenEnd(db, last, end, () =>
    changeBriefly(db, async (transaction) => {
      await sql`create table ${nextTable} (like ${table} including all excluding identity excluding constraints)`.execute(
        transaction,
      )
      await lockEvents(transaction)
      await detach(transaction, last)
      // Events of nodes whose clock is far ahead move to the next partition.
      await sql`with beyond as (delete from ${table} where time_ms >= ${end} returning *)
        insert into ${nextTable} select * from beyond`.execute(transaction)
      await attach(transaction, { ...last, to: end })
      await attach(transaction, { name: next, from: end, to: Infinity })
    }),
  )
}
