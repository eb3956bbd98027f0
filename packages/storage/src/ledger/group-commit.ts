// Groups concurrent entries into one transaction: those that arrive while each turn of the event loop brings more, or
// while another transaction is running. Ignores their content. A lone entry does not wait. After a large transaction, a
// smaller batch waits briefly for more entries, because a commit costs as much as ten entries.
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'

import {
  type Ledger,
  type LedgerEntry,
  type LedgerOutcome,
  renderEventText,
  StorageFault,
} from '@crosswalk/as-core'

import type { BatchWriter, Prepared, PreparedEntry } from './batch-writer.ts'
import { buildEventColumns } from './event-columns.ts'
import { buildSignInRows } from './sign-in-rows.ts'

/** Limits how long one transaction, and on SQLite the event loop, is busy. */
const LARGEST_BATCH = 256

/** If the last transaction had at least this many entries, waiting for as many again is worthwhile. */
const COMPANY = 8
const COMPANY_WAIT_MS = 1

/**
 * An entry that waited longer is rejected: the database was slow or unreachable, and its caller has waited long enough.
 */
const LONGEST_WAIT_MS = 5_000

/** Maximum queue length; more entries could hardly be written within that time. */
const MAX_WAITING = 10_000

/** A transaction that takes longer is a sign of trouble. */
const SLOW_MS = 1_000

interface Waiting {
  readonly prepared: Prepared
  /** On the monotonic clock */
  readonly since: number
  resolve(outcome: LedgerOutcome): void
  reject(error: unknown): void
}

/** Called for each entry once it is durable, before its caller is notified; must not throw */
export type OnCommitted = (entry: LedgerEntry) => void

/** A finished transaction. */
export interface Batch {
  readonly entries: number
  readonly seconds: number
  readonly failed: boolean
}

export interface LedgerListeners {
  readonly onCommitted?: OnCommitted | undefined
  /** Called after each transaction; must not throw */
  readonly onBatch?: ((batch: Batch) => void) | undefined
}

export interface LedgerState {
  /** Whether the last transaction failed for reasons outside its entries, or the current one takes unusually long. */
  isTroubled(): boolean
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
}

/**
 * Creates the ledger on a database.
 *
 * A failed transaction rejects all its callers. If the data of one entry made it fail, the entries are written one by
 * one, and only that entry is rejected.
 */
export function createLedger(
  writer: BatchWriter,
  { onCommitted, onBatch }: LedgerListeners = {},
): Omit<Ledger, 'isUsed'> & LedgerState {
  let queue: Waiting[] = []
  let running: Promise<void> | undefined
  let lastBatch = 0
  let failed = false
  let writingSince = Number.POSITIVE_INFINITY

  /** Waits while each turn brings more entries, because requests read in one turn reach the ledger in several. */
  async function gather(): Promise<void> {
    let seen: number
    do {
      seen = queue.length
      await nextTurn()
    } while (queue.length > seen && queue.length < LARGEST_BATCH)
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      await gather()
      if (lastBatch >= COMPANY && queue.length < lastBatch) {
        await wait(COMPANY_WAIT_MS)
        await gather()
      }
      dropOverdue()
      const batch = queue.slice(0, LARGEST_BATCH)
      if (batch.length === 0) continue
      lastBatch = batch.length
      queue = queue.slice(batch.length)
      await writeBatch(batch)
    }
    running = undefined
  }

  function dropOverdue(): void {
    const oldest = performance.now() - LONGEST_WAIT_MS
    // The queue is in order of arrival.
    while (queue[0] !== undefined && queue[0].since < oldest) queue.shift()?.reject(buildBusyFault())
  }

  async function write(batch: readonly Waiting[]): Promise<readonly LedgerOutcome[]> {
    const since = performance.now()
    writingSince = since
    let succeeded = false
    try {
      const outcomes = await writer.write(batch.map(({ prepared }) => prepared))
      failed = false
      succeeded = true
      return outcomes
    } catch (error) {
      failed = !writer.isEntryFault(error)
      throw error
    } finally {
      writingSince = Number.POSITIVE_INFINITY
      const seconds = (performance.now() - since) / 1000
      onBatch?.({ entries: batch.length, seconds, failed: !succeeded })
    }
  }

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await write(batch)
      for (const [index, waiting] of batch.entries()) settle(waiting, outcomes[index] as LedgerOutcome)
    } catch (error) {
      if (batch.length === 1 || !writer.isEntryFault(error)) {
        for (const waiting of batch) waiting.reject(error)
        return
      }
      for (const waiting of batch) await writeBatch([waiting])
    }
  }

  function settle({ prepared, resolve }: Waiting, outcome: LedgerOutcome): void {
    resolve(outcome)
    if (outcome.committed && 'columns' in prepared) onCommitted?.(prepared.entry)
  }

  /** Rejects if `prepare` throws. */
  function enqueue(prepare: () => Prepared): Promise<LedgerOutcome> {
    if (queue.length >= MAX_WAITING) return Promise.reject(buildBusyFault())
    return new Promise((resolve, reject) => {
      queue.push({ prepared: prepare(), since: performance.now(), resolve, reject })
      running ??= drain()
    })
  }

  return {
    commit: (entry) => enqueue(() => prepareEntry(entry)),
    async consume(replayKeys) {
      const outcome = await enqueue(() => ({ entry: { replayKeys } }))
      return outcome.committed ? undefined : outcome.used
    },
    isTroubled: () => failed || performance.now() - writingSince > SLOW_MS,
    async idle() {
      await running
    },
  }
}

function buildBusyFault(): StorageFault {
  return new StorageFault('busy', new Error('the ledger has too much to write'))
}

function prepareEntry(entry: LedgerEntry): PreparedEntry {
  const { event, signInRecords } = entry
  return {
    entry,
    body: renderEventText(event),
    columns: buildEventColumns(event),
    signIn: signInRecords === undefined ? undefined : buildSignInRows(signInRecords),
  }
}
