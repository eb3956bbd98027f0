// Builds the rows of a batch: each event chained to the previous one. Pure.
import type { LedgerOutcome } from '@crosswalk/as-core'

import { KEYS_COMMITTED, type Prepared } from '../../ledger/batch-writer.ts'
import { chainHash } from '../../ledger/chain-hash.ts'
import { buildAccessTokenRow, buildAccountRow, type NewAccountRow } from '../../ledger/rows.ts'
import type { SignInRows } from '../../ledger/sign-in-rows.ts'
import type { KeyVerdicts } from './batch-keys.ts'
import type { Head, Heads } from './chain-heads.ts'

/** The rows and results of a batch. */
export interface Chained {
  readonly outcomes: readonly LedgerOutcome[]
  readonly events: readonly object[]
  readonly tokens: readonly object[]
  readonly accounts: readonly NewAccountRow[]
  readonly signIn: SignInRows
  /** Heads before the batch */
  readonly before: Heads
  readonly heads: Heads
}

/** @param used - by entry, the used replay key that prevents writing it */
export function chainEntries(batch: readonly Prepared[], used: KeyVerdicts['used'], before: Heads): Chained {
  const heads = new Map<string, Head>(before)
  const events: object[] = []
  const tokens: object[] = []
  const accounts: NewAccountRow[] = []
  const signIn: SignInRows[] = []
  const outcomes = batch.map((prepared, index): LedgerOutcome => {
    const key = used[index]
    if (key !== undefined) return { committed: false, used: key }
    if (!('columns' in prepared)) return KEYS_COMMITTED
    const { entry, body, columns, signIn: rows } = prepared
    const { log, accessToken, account } = entry
    const head = heads.get(log)
    if (head === undefined) throw new Error(`the head of log ${log} is missing`)
    const { chain } = head
    const seq = head.seq + 1
    const hash = chainHash(head.hash, chain, seq, body)
    heads.set(log, { chain, seq, hash })
    events.push({ log, chain, seq, ...columns, prev_hash: head.hash, hash, body })
    if (accessToken !== undefined) tokens.push(buildAccessTokenRow(accessToken))
    if (account !== undefined) accounts.push(buildAccountRow(account))
    if (rows !== undefined) signIn.push(rows)
    return { committed: true, chain, seq }
  })
  return {
    ...{ outcomes, events, tokens, before, heads },
    accounts: accounts.toSorted(compareAccounts),
    signIn: {
      saved: signIn.flatMap(({ saved }) => saved),
      consumed: signIn.flatMap(({ consumed }) => consumed),
    },
  }
}

/** The same order for all writers, so that writers of the same accounts wait for each other instead of deadlocking. */
function compareAccounts(one: NewAccountRow, other: NewAccountRow): number {
  return one.id < other.id ? -1 : 1
}
