// The hot path on SQLite: prepared statements, one synchronous transaction per batch, one fsync. SQLite allows only one
// writer at a time, so each log is one chain, with the name of the log.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { LedgerOutcome, NewAccount, ReplayKey } from '@crosswalk/as-core'

import {
  ACCOUNT_TAKEN,
  type BatchWriter,
  comparesDefinitions,
  isOutdated,
  KEYS_COMMITTED,
  type Prepared,
  type PreparedEntry,
} from '../../ledger/batch-writer.ts'
import { chainHash, FIRST_PREV_HASH } from '../../ledger/chain-hash.ts'
import { buildAccessTokenRow, buildAccountRow } from '../../ledger/rows.ts'
import { sqliteErrorCode } from './classify-fault.ts'
import { prepareLedgerStatements, type LedgerStatements } from './ledger-statements.ts'

/** Kept between batches. */
interface Hot {
  readonly statements: LedgerStatements
  readonly replayKeys: ReplayKeys
}

interface Head {
  seq: number
  hash: string
}

/** Keyed by chain; written once at the end of the transaction */
type Heads = Map<string, Head>

/** Result codes for errors in the data of a statement: too big, constraint, mismatch, range. */
const ENTRY_FAULTS = new Set([18, 19, 20, 25])

/** @param exclusive - runs a function while no other transaction of this process is open on the connection */
export function createSqliteLedgerWriter(
  database: DatabaseSync,
  exclusive: <T>(work: () => T) => Promise<T>,
): BatchWriter {
  const hot: Hot = {
    statements: prepareLedgerStatements(database),
    replayKeys: prepareReplayKeys(database),
  }
  return {
    write: (batch) => exclusive(() => writeBatch(database, hot, batch)),
    isEntryFault(error) {
      const code = sqliteErrorCode(error)
      return code !== undefined && ENTRY_FAULTS.has(code)
    },
  }
}

function writeBatch(database: DatabaseSync, hot: Hot, batch: readonly Prepared[]): readonly LedgerOutcome[] {
  const { statements, replayKeys } = hot
  statements.begin.run()
  try {
    replayKeys.begin()
    const heads: Heads = new Map()
    const revision = comparesDefinitions(batch) ? Number(statements.findRevision.get()?.['revision'] ?? 0) : 0
    const outcomes = batch.map((prepared): LedgerOutcome => {
      if (isOutdated(prepared, revision)) return { committed: false, changedAt: revision }
      return writeEntry(hot, heads, prepared)
    })
    for (const [log, head] of heads) statements.putHead.run(log, log, head.seq, head.hash)
    statements.commit.run()
    return outcomes
  } catch (error) {
    if (database.isTransaction) statements.rollback.run()
    throw error
  }
}

function writeEntry({ statements, replayKeys }: Hot, heads: Heads, prepared: Prepared): LedgerOutcome {
  const used =
    prepared.entry.replayKeys === undefined ? undefined : replayKeys.take(prepared.entry.replayKeys)
  if (used !== undefined) return { committed: false, used }
  if (!('columns' in prepared)) return KEYS_COMMITTED
  const { entry } = prepared
  if (entry.account !== undefined && !addAccount(statements, entry.account)) {
    replayKeys.release(entry.replayKeys ?? [])
    return ACCOUNT_TAKEN
  }
  const head = findHead(statements.findHead, heads, entry.log)
  const seq = appendEvent(statements.insertEvent, head, prepared)
  if (entry.accessToken !== undefined)
    statements.insertAccessToken.run(...Object.values(buildAccessTokenRow(entry.accessToken)))
  writeSignInRecords(statements, prepared)
  return { committed: true, chain: entry.log, seq }
}

function writeSignInRecords(
  { saveSignInRecord, consumeSignInRecord }: LedgerStatements,
  { signIn }: PreparedEntry,
): void {
  for (const row of signIn?.saved ?? []) saveSignInRecord.run(...Object.values(row))
  for (const { model, id, consumed_at: at } of signIn?.consumed ?? []) consumeSignInRecord.run(at, model, id)
}

/** @returns false if another account has an identifier of this one */
function addAccount({ insertAccount, findAccount }: LedgerStatements, account: NewAccount): boolean {
  const { changes } = insertAccount.run(...Object.values(buildAccountRow(account)))
  return changes > 0 || findAccount.get(account.id) !== undefined
}

function findHead(statement: StatementSync, heads: Heads, log: string): Head {
  const known = heads.get(log)
  if (known !== undefined) return known
  const row = statement.get(log)
  const head =
    row === undefined
      ? { seq: 0, hash: FIRST_PREV_HASH }
      : { seq: row['seq'] as number, hash: row['hash'] as string }
  heads.set(log, head)
  return head
}

function appendEvent(statement: StatementSync, head: Head, { entry, body, columns }: PreparedEntry): number {
  const { log } = entry
  const seq = head.seq + 1
  const hash = chainHash(head.hash, log, seq, body)
  statement.run(log, log, seq, ...Object.values(columns), head.hash, hash, body)
  head.seq = seq
  head.hash = hash
  return seq
}

/** Replay keys on SQLite: a key is consumed by inserting it in the transaction of the ledger. */
interface ReplayKeys {
  /** Reads the current horizon; call it in a transaction with the write lock, before the first `take`. */
  begin(): void
  /** Consumes all keys or none. @returns the first that was already used, or may have been used and then removed */
  take(keys: readonly ReplayKey[]): ReplayKey | undefined
  /** Undoes a successful `take`. */
  release(keys: readonly ReplayKey[]): void
}

function prepareReplayKeys(database: DatabaseSync): ReplayKeys {
  const readHorizon = database.prepare('select forgotten_before from replay_horizon')
  const insert = database.prepare(
    'insert into replay_keys (kind, key, expires_at) values (?, ?, ?) on conflict do nothing',
  )
  const remove = database.prepare('delete from replay_keys where kind = ? and key = ?')
  let horizon = Infinity

  function isTaken({ kind, key, expiresAt }: ReplayKey): boolean {
    return expiresAt < horizon || insert.run(kind, key, expiresAt).changes === 0
  }

  function release(keys: readonly ReplayKey[]): void {
    for (const { kind, key } of keys) remove.run(kind, key)
  }

  return {
    begin() {
      // Without this row, no key counts as unused.
      horizon = Number(readHorizon.get()?.['forgotten_before'] ?? Infinity)
    },
    take(keys) {
      const used = keys.findIndex(isTaken)
      if (used === -1) return undefined
      release(keys.slice(0, used))
      return keys[used]
    },
    release,
  }
}
