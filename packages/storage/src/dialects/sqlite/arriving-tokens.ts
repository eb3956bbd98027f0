// Access tokens just issued, those of a transaction in one row. In `access_tokens` each is a row and two entries of
// indexes, too much for an answer to wait for; so they are spread there in quiet seconds, when the catalogue of events
// catches up too, and whoever reads that table first has it done.
import type { DatabaseSync } from 'node:sqlite'

import type { AccessTokenOrigin } from '@crosswalk/authorization-server'

import { buildAccessTokenRow } from '../../ledger/rows.ts'
import type { AccessTokenTable } from '../../schema/tables.ts'

export interface ArrivingTokens {
  /** Inside the transaction that makes their audit events durable */
  append(tokens: readonly AccessTokenOrigin[]): void
  /**
   * Finds one that came lately and nearly alone, so that whoever asks about it at once waits for no transaction.
   * @returns undefined also for one that is elsewhere
   */
  findLatest(server: string, id: string): AccessTokenOrigin | undefined
  isEmpty(): boolean
  /** Spreads the oldest; only inside a transaction that holds the write lock. @returns whether there may be more */
  spreadSome(): boolean
}

/** Transactions whose tokens are spread in one: other work in the process waits some 10 ms for it under full load. */
const SLICE_ROWS = 32

/** What is cheaper to look through than to spread: so many transactions, and in each no more than some tokens. */
const LATEST_ROWS = 8
const LATEST_LENGTH = 4096

const COLUMNS: readonly (keyof AccessTokenTable)[] = [
  'id',
  'authorization_server',
  'client_id',
  'account_id',
  'issuer',
  'issuer_subject',
  'tenant',
  'grant_id',
  'resource',
  'issued_at',
  'expires_at',
  'revoked_at',
  'details',
]

export function createArrivingTokens(database: DatabaseSync): ArrivingTokens {
  const readFirst = database.prepare('select position from arriving_access_tokens limit 1')
  const append = database.prepare('insert into arriving_access_tokens (tokens) values (?)')
  const readOldest = database.prepare(
    `select position, tokens from arriving_access_tokens order by position limit ${SLICE_ROWS}`,
  )
  const readLatest = database.prepare(
    `select tokens from (select tokens from arriving_access_tokens order by position desc limit ${LATEST_ROWS})
      where length(tokens) <= ${LATEST_LENGTH} and instr(tokens, ?) > 0`,
  )
  const remove = database.prepare('delete from arriving_access_tokens where position <= ?')
  // Never in the way of others: one that could not be spread would keep all behind it from being withdrawn.
  const insert = database.prepare(
    `insert or ignore into access_tokens (${COLUMNS.join(', ')}) values (${COLUMNS.map(() => '?').join(', ')})`,
  )
  return {
    append(tokens) {
      if (tokens.length > 0) append.run(JSON.stringify(tokens))
    },
    findLatest(server, id) {
      const rows = readLatest.all(JSON.stringify(id))
      const tokens = rows.flatMap((row) => JSON.parse(row['tokens'] as string) as AccessTokenOrigin[])
      return tokens.find((token) => token.id === id && token.authorizationServer === server)
    },
    isEmpty: () => readFirst.get() === undefined,
    spreadSome() {
      const rows = readOldest.all()
      for (const row of rows) {
        for (const token of JSON.parse(row['tokens'] as string) as AccessTokenOrigin[]) {
          const values = buildAccessTokenRow(token)
          insert.run(...COLUMNS.map((column) => values[column]))
        }
      }
      const last = rows.at(-1)
      if (last !== undefined) remove.run(last['position'] as number)
      return rows.length === SLICE_ROWS
    },
  }
}
