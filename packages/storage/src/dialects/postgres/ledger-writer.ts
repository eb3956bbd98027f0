// The hot path on PostgreSQL, on a dedicated connection: a batch is one statement, which is one round trip and one
// transaction. If that meets anything unexpected, it writes nothing, and a transaction of several round trips judges
// each entry.
import { type LedgerOutcome, type ReplayKey, StorageFault } from '@crosswalk/as-core'

import {
  ACCOUNT_TAKEN,
  type BatchWriter,
  comparesDefinitions,
  isOutdated,
  type Prepared,
} from '../../ledger/batch-writer.ts'
import { collectKeys, countKeys, judgeKeys, type KeyVerdicts, nameOfKey } from './batch-keys.ts'
import { type Chained, chainEntries } from './chain-entries.ts'
import { createOwnChains, type OwnChains } from './chain-heads.ts'
import { isUniqueViolation, sqlState } from './classify-fault.ts'
import type { Connection, ConnectionPool } from './connections.ts'
import { DELETE_REPLAY_KEYS, FIND_REVISION, INSERT_REPLAY_KEYS, WRITE_BATCH } from './ledger-statements.ts'

/** SQLSTATE classes for errors of data (21, 22, 23), size (54) or a lost race (40), not of the server. */
const ENTRY_FAULT_CLASSES = new Set(['21', '22', '23', '40', '54'])

/** @param pool - used only by the ledger, so that a batch never waits for a connection */
export function createPostgresLedgerWriter(pool: ConnectionPool): BatchWriter {
  const chains = createOwnChains()
  return {
    async write(batch) {
      const client = await pool.connect()
      let fault: unknown
      try {
        return (await writeAtOnce(client, chains, batch)) ?? (await writeByStep(client, chains, batch))
      } catch (error) {
        fault = error
        chains.doubt(listLogs(batch))
        // In a larger batch, this may be any of the entries, so the ledger writes them one at a time.
        if (batch.length === 1 && isUniqueViolation(error, 'accounts')) return [ACCOUNT_TAKEN]
        throw error
      } finally {
        // If the transaction may still be open, close the connection instead of reusing it.
        client.release(fault !== undefined && !(await rolledBack(client, fault)))
      }
    },
    isEntryFault,
  }
}

function isEntryFault(error: unknown): boolean {
  return ENTRY_FAULT_CLASSES.has(sqlState(error)?.slice(0, 2) ?? '')
}

function listLogs(batch: readonly Prepared[]): readonly string[] {
  return [...new Set(batch.flatMap(({ entry }) => ('log' in entry ? [entry.log] : [])))].sort()
}

/** @returns undefined if nothing was written */
async function writeAtOnce(
  client: Connection,
  chains: OwnChains,
  batch: readonly Prepared[],
): Promise<readonly LedgerOutcome[] | undefined> {
  const heads = chains.recall(listLogs(batch))
  const keys = collectKeys(batch)
  // If a key occurs twice in the batch, one of the entries must not be written.
  if (heads === undefined || keys.length < countKeys(batch)) return undefined
  const chained = chainEntries(batch, [], heads)
  try {
    const writtenAt = await writeRows(client, chained, { keys, definedAt: findDefinedAt(batch) })
    if (writtenAt === undefined) return undefined
    chains.remember(chained.heads, writtenAt)
    return chained.outcomes
  } catch (error) {
    // The server has rolled back the statement.
    if (isEntryFault(error)) return undefined
    throw error
  }
}

/** The oldest revision that an entry requires; undefined if none is compared */
function findDefinedAt(batch: readonly Prepared[]): number | undefined {
  const all = batch.flatMap(({ entry }) => ('definedAt' in entry ? [entry.definedAt ?? Infinity] : []))
  const oldest = Math.min(...all)
  return Number.isFinite(oldest) ? oldest : undefined
}

async function writeByStep(
  client: Connection,
  chains: OwnChains,
  all: readonly Prepared[],
): Promise<readonly LedgerOutcome[]> {
  await client.query('begin')
  const heads = await chains.lock(client, listLogs(all))
  const revision = comparesDefinitions(all) ? await findRevision(client) : 0
  // Outdated entries keep their position, but nothing of them is written.
  const batch = all.map((prepared) => (isOutdated(prepared, revision) ? NOTHING : prepared))
  const { used, unclaimed } = await takeReplayKeys(client, batch)
  if (unclaimed.length > 0) {
    await client.query({
      ...DELETE_REPLAY_KEYS,
      values: [unclaimed.map(({ kind }) => kind), unclaimed.map(({ key }) => key)],
    })
  }
  const chained = chainEntries(batch, used, heads)
  const writtenAt = chained.events.length > 0 ? await writeLocked(client, chained) : undefined
  await commit(client)
  if (writtenAt !== undefined) chains.remember(chained.heads, writtenAt)
  return chained.outcomes.map((outcome, index) =>
    batch[index] === NOTHING ? { committed: false, changedAt: revision } : outcome,
  )
}

const NOTHING: Prepared = { entry: { replayKeys: [] } }

/** @throws if the heads, which this transaction has locked, are not where it found them */
async function writeLocked(client: Connection, chained: Chained): Promise<number> {
  const writtenAt = await writeRows(client, chained, { keys: [] })
  if (writtenAt === undefined) throw new Error('a locked head of a chain was moved')
  return writtenAt
}

async function findRevision(client: Connection): Promise<number> {
  const { rows } = await client.query<{ revision: number }>(FIND_REVISION)
  return rows[0]?.revision ?? 0
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

/** @returns the database time of the write; undefined if nothing was written because of something unexpected */
async function writeRows(
  client: Connection,
  { events, tokens, accounts, signIn, before, heads }: Chained,
  { keys, definedAt }: { readonly keys: readonly ReplayKey[]; readonly definedAt?: number | undefined },
): Promise<number | undefined> {
  const moves = [...heads].map(([log, { chain, seq, hash }]) => {
    const from = before.get(log)
    return { chain, from_seq: from?.seq, from_hash: from?.hash, seq, hash }
  })
  const { rows } = await client.query<{ complete: boolean; written_at: number }>({
    ...WRITE_BATCH,
    values: [
      JSON.stringify(moves),
      keys.map(({ kind }) => kind),
      keys.map(({ key }) => key),
      keys.map(({ expiresAt }) => expiresAt),
      definedAt ?? null,
      JSON.stringify(events),
      JSON.stringify(tokens),
      JSON.stringify(accounts),
      JSON.stringify(signIn.saved),
      JSON.stringify(signIn.consumed),
    ],
  })
  return rows[0]?.complete === true ? rows[0].written_at : undefined
}

/** After a fault here it is unknown what was written, so no entry may be retried, and none counts as written. */
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
