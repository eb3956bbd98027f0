// Gathers concurrent entries into one transaction: all that arrive while each turn of the event loop brings more, or
// while a transaction is running. Decides nothing about their content. A lone entry does not wait; where the last
// transaction had company, one that would have less waits a moment for it, since a commit costs what ten entries do.
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

/** Bounds how long one transaction, and with it the event loop on SQLite, is busy. */
const LARGEST_BATCH = 256

/** Entries in the last transaction from which on it is worth waiting for as many again. */
const COMPANY = 8
const COMPANY_WAIT_MS = 1

/** After which an entry is given up when its turn comes: the database was slow or away, and its caller waited enough. */
const LONGEST_WAIT_MS = 5_000

/** Entries that wait at most: what comes on top could hardly be written within that time. */
const MAX_WAITING = 10_000

/** After which a transaction under way is a sign of trouble. */
const SLOW_MS = 1_000

interface Waiting {
  readonly prepared: Prepared
  /** On the monotonic clock */
  readonly since: number
  resolve(outcome: LedgerOutcome): void
  reject(error: unknown): void
}

/** Told of each entry once it is durable, before its caller hears of it; must not throw */
export type OnCommitted = (entry: LedgerEntry) => void

/** A transaction that ended. */
export interface Batch {
  readonly entries: number
  readonly seconds: number
  readonly failed: boolean
}

export interface LedgerListeners {
  readonly onCommitted?: OnCommitted | undefined
  /** Told of each transaction; must not throw */
  readonly onBatch?: ((batch: Batch) => void) | undefined
}

export interface LedgerState {
  /** Whether the last transaction failed by no fault of its entries, or one takes unusually long. */
  isTroubled(): boolean
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
}

/**
 * Builds the ledger on a database.
 *
 * A transaction that fails rejects all its callers; if the data of one entry made it fail, the entries are
 * written one by one, and only that entry is rejected.
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

  /** Waits as long as each turn brings more: requests that were read in one turn reach the ledger in several. */
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

  /** What `prepare` throws rejects. */
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
  return { entry, body: renderEventText(entry.event), columns: buildEventColumns(entry.event) }
}
