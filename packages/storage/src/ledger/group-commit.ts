// Groups concurrent entries into one transaction: those that arrive while each turn of the event loop brings more, or
// while another transaction is running. A lone entry does not wait. After a large transaction, a smaller batch waits
// briefly for more entries, because a commit costs as much as ten entries. What administrators do goes first: a
// revocation must not wait for the grants that it is meant to stop.
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'

import {
  ADMIN_LOG,
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

/** Maximum length of each queue; more entries could hardly be written within that time. */
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
  const acts: Waiting[] = []
  const others: Waiting[] = []
  const countWaiting = () => acts.length + others.length
  let running: Promise<void> | undefined
  let lastBatch = 0
  let failed = false
  let writingSince = Number.POSITIVE_INFINITY

  /** Waits while each turn brings more entries, because requests read in one turn reach the ledger in several. */
  async function gather(): Promise<void> {
    let seen: number
    do {
      seen = countWaiting()
      await nextTurn()
    } while (countWaiting() > seen && countWaiting() < LARGEST_BATCH)
  }

  async function drain(): Promise<void> {
    while (countWaiting() > 0) {
      await gather()
      if (lastBatch >= COMPANY && countWaiting() < lastBatch) {
        await wait(COMPANY_WAIT_MS)
        await gather()
      }
      dropOverdue(acts)
      dropOverdue(others)
      const batch = acts.splice(0, LARGEST_BATCH)
      batch.push(...others.splice(0, LARGEST_BATCH - batch.length))
      if (batch.length === 0) continue
      lastBatch = batch.length
      await writeBatch(batch)
    }
    running = undefined
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
  function enqueue(queue: Waiting[], prepare: () => Prepared): Promise<LedgerOutcome> {
    if (queue.length >= MAX_WAITING) return Promise.reject(buildBusyFault())
    return new Promise((resolve, reject) => {
      queue.push({ prepared: prepare(), since: performance.now(), resolve, reject })
      running ??= drain()
    })
  }

  return {
    commit: (entry) => enqueue(entry.log === ADMIN_LOG ? acts : others, () => prepareEntry(entry)),
    async consume(replayKeys) {
      const outcome = await enqueue(others, () => ({ entry: { replayKeys } }))
      return outcome.committed ? undefined : outcome.used
    },
    isTroubled: () => failed || performance.now() - writingSince > SLOW_MS,
    async idle() {
      await running
    },
  }
}

/** @param queue - in order of arrival */
function dropOverdue(queue: Waiting[]): void {
  const oldest = performance.now() - LONGEST_WAIT_MS
  while (queue[0] !== undefined && queue[0].since < oldest) queue.shift()?.reject(buildBusyFault())
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
