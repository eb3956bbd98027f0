// The hot path on PostgreSQL: one transaction for a batch, on a connection kept for it.
import { type LedgerOutcome, StorageFault } from '@crosswalk/as-core'

import { type BatchWriter, isOutdated, KEYS_COMMITTED, type Prepared } from '../../ledger/batch-writer.ts'
import { chainHash } from '../../ledger/event-columns.ts'
import { buildAccessTokenRow, buildAccountRow } from '../../ledger/rows.ts'
import type { AuditHeadTable } from '../../schema/tables.ts'
import { collectKeys, judgeKeys, type KeyVerdicts, nameOfKey } from './batch-keys.ts'
import { sqlState } from './classify-fault.ts'
import type { Connection, ConnectionPool } from './connections.ts'
import {
  DELETE_REPLAY_KEYS,
  INSERT_REPLAY_KEYS,
  LOCK_HEADS,
  MAKE_HEADS,
  WRITE_ALL,
} from './ledger-statements.ts'

type LockedHead = AuditHeadTable & { readonly revision: number | string }
type Heads = Map<string, { seq: number; hash: string }>

/** SQLSTATE classes that blame data (21, 22, 23), size (54) or a lost race (40), not the server. */
const ENTRY_FAULT_CLASSES = new Set(['21', '22', '23', '40', '54'])

/** @param pool - used by nothing else, so that a batch never waits for a connection */
export function createPostgresLedgerWriter(pool: ConnectionPool): BatchWriter {
  return {
    async write(batch) {
      const client = await pool.connect()
      let fault: unknown
      try {
        return await writeBatch(client, batch)
      } catch (error) {
        fault = error
        throw error
      } finally {
        // A connection whose transaction may still be open is closed rather than used again.
        client.release(fault !== undefined && !(await rolledBack(client, fault)))
      }
    },
    isEntryFault: (error) => ENTRY_FAULT_CLASSES.has(sqlState(error)?.slice(0, 2) ?? ''),
  }
}

async function writeBatch(client: Connection, all: readonly Prepared[]): Promise<readonly LedgerOutcome[]> {
  await client.query('begin')
  const { heads, revision } = await lockHeads(client, all)
  // What is outdated keeps its place, and nothing of it is written.
  const batch = all.map((prepared) => (isOutdated(prepared, revision) ? NOTHING : prepared))
  const { used, unclaimed } = await takeReplayKeys(client, batch)
  if (unclaimed.length > 0) {
    await client.query({
      ...DELETE_REPLAY_KEYS,
      values: [unclaimed.map(({ kind }) => kind), unclaimed.map(({ key }) => key)],
    })
  }
  const { outcomes, rows } = chainEntries(batch, used, heads)
  if (rows.events.length > 0) {
    const values = [rows.events, rows.tokens, rows.accounts, rows.heads].map((list) => JSON.stringify(list))
    await client.query({ ...WRITE_ALL, values })
  }
  await commit(client)
  return outcomes.map((outcome, index) =>
    batch[index] === NOTHING ? { committed: false, changedAt: revision } : outcome,
  )
}

const NOTHING: Prepared = { entry: { replayKeys: [] } }

/** Locks the chains of the batch until commit: writers of one log follow each other, in every process. */
async function lockHeads(
  client: Connection,
  batch: readonly Prepared[],
): Promise<{ readonly heads: Heads; readonly revision: number }> {
  const logs = [...new Set(batch.flatMap(({ entry }) => ('log' in entry ? [entry.log] : [])))].sort()
  let { rows } = await client.query<LockedHead>({ ...LOCK_HEADS, values: [logs] })
  if (rows.length < logs.length) {
    await client.query({ ...MAKE_HEADS, values: [logs] })
    rows = (await client.query<LockedHead>({ ...LOCK_HEADS, values: [logs] })).rows
  }
  return {
    heads: new Map(rows.map(({ log, seq, hash }) => [log, { seq, hash }])),
    revision: Number(rows[0]?.revision ?? 0),
  }
}

async function takeReplayKeys(client: Connection, batch: readonly Prepared[]): Promise<KeyVerdicts> {
  const keys = collectKeys(batch)
  if (keys.length === 0) return { used: batch.map(() => undefined), unclaimed: [] }
  const { rows } = await client.query<{ kind: 'id-jag'; key: string }>({
    ...INSERT_REPLAY_KEYS,
    values: [keys.map(({ kind }) => kind), keys.map(({ key }) => key), keys.map((key) => key.expiresAt)],
  })
  return judgeKeys(batch, new Set(rows.map(nameOfKey)))
}

function chainEntries(batch: readonly Prepared[], used: KeyVerdicts['used'], heads: Heads) {
  const events: object[] = []
  const tokens: object[] = []
  const accounts: object[] = []
  const outcomes = batch.map((prepared, index): LedgerOutcome => {
    const key = used[index]
    if (key !== undefined) return { committed: false, used: key }
    if (!('columns' in prepared)) return KEYS_COMMITTED
    const { entry, body, columns } = prepared
    const head = heads.get(entry.log)
    if (head === undefined) throw new Error(`the head of log ${entry.log} is missing`)
    const prevHash = head.hash
    head.seq += 1
    head.hash = chainHash(prevHash, entry.log, head.seq, body)
    events.push({ log: entry.log, seq: head.seq, ...columns, prev_hash: prevHash, hash: head.hash, body })
    if (entry.accessToken !== undefined) tokens.push(buildAccessTokenRow(entry.accessToken))
    if (entry.account !== undefined) accounts.push(buildAccountRow(entry.account))
    return { committed: true, seq: head.seq }
  })
  const headRows = [...heads].map(([log, { seq, hash }]) => ({ log, seq, hash }))
  return { outcomes, rows: { events, tokens, accounts, heads: headRows } }
}

/** After a fault in here it is unknown what was written, so no entry may be tried again, and none counts as written. */
async function commit(client: Connection): Promise<void> {
  try {
    await client.query('commit')
  } catch (error) {
    throw new StorageFault(
      'unreachable',
      new Error('PostgreSQL did not confirm the commit', { cause: error }),
    )
  }
}

async function rolledBack(client: Connection, fault: unknown): Promise<boolean> {
  if (sqlState(fault) === undefined) return false
  try {
    await client.query('rollback')
    return true
  } catch {
    return false
  }
}
