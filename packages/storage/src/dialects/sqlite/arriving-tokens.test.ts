import { DatabaseSync } from 'node:sqlite'

import { Kysely } from 'kysely'
import { expect, test } from 'vitest'

import { sampleToken } from '../../contract/samples.ts'
import { migrate } from '../../schema/migrate.ts'
import type { Tables } from '../../schema/tables.ts'
import { createArrivingTokens } from './arriving-tokens.ts'
import { NodeSqliteDialect } from './database.ts'
import { sqliteTraits } from './traits.ts'

async function openTokens() {
  const database = new DatabaseSync(':memory:')
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) })
  await migrate(db, sqliteTraits)
  const list = (table: string) => database.prepare(`select * from ${table} order by position`).all()
  return { database, db, tokens: createArrivingTokens(database), list }
}

test('tokens wait in one row for each transaction, and are spread in the order in which they came', async () => {
  const { tokens, list } = await openTokens()
  expect(tokens.isEmpty()).toBe(true)
  tokens.append([sampleToken(2), sampleToken(1)])
  expect(tokens.isEmpty()).toBe(false)
  tokens.append([])
  tokens.append([sampleToken(3)])
  expect(list('arriving_access_tokens')).toHaveLength(2)
  expect(list('access_tokens')).toEqual([])
  expect(tokens.spreadSome()).toBe(false)
  expect(list('access_tokens').map(({ id }) => id)).toEqual(['tok-2', 'tok-1', 'tok-3'])
  expect(list('arriving_access_tokens')).toEqual([])
})

test.each([
  [31, false, 0],
  [32, true, 0],
  [33, true, 1],
])('of %i rows some are spread in one transaction: more to come is %s, %i left', async (rows, more, left) => {
  const { tokens, list } = await openTokens()
  for (let number = 0; number < rows; number += 1) tokens.append([sampleToken(number)])
  expect(tokens.spreadSome()).toBe(more)
  expect(list('arriving_access_tokens')).toHaveLength(left)
  expect(tokens.spreadSome()).toBe(false)
  expect(list('access_tokens')).toHaveLength(rows)
})

test('a token that came lately and nearly alone is found where it waits, at its own server only', async () => {
  const { tokens, list } = await openTokens()
  tokens.append([sampleToken(1), sampleToken(2)])
  expect(tokens.findLatest('todo0', 'tok-2')).toEqual(sampleToken(2))
  expect(tokens.findLatest('todo0', 'tok-3')).toBeUndefined()
  expect(tokens.findLatest('other', 'tok-2')).toBeUndefined()
  // Part of what a row says, and no id.
  expect(tokens.findLatest('todo0', 'idp.test')).toBeUndefined()
  expect(list('access_tokens')).toEqual([])
})

test.each([
  ['among many', 40, 0],
  ['behind others', 1, 8],
])('a token that is %s is not looked for there', async (_, together, later) => {
  const { tokens } = await openTokens()
  tokens.append(Array.from({ length: together }, (_, number) => sampleToken(number)))
  for (let number = 0; number < later; number += 1) tokens.append([sampleToken(100 + number)])
  expect(tokens.findLatest('todo0', 'tok-0')).toBeUndefined()
  tokens.append([sampleToken(200)])
  expect(tokens.findLatest('todo0', 'tok-200')).toEqual(sampleToken(200))
})

test('a token that cannot be spread keeps no other from it', async () => {
  const { tokens, list } = await openTokens()
  tokens.append([sampleToken(1), sampleToken(1, { clientId: 'the same name again' }), sampleToken(2)])
  tokens.spreadSome()
  expect(list('access_tokens').map(({ id, client_id }) => [id, client_id])).toEqual([
    ['tok-1', 'agent0-at-todo0'],
    ['tok-2', 'agent0-at-todo0'],
  ])
})

test('what fails while it is spread is there for the next time', async () => {
  const { database, db, tokens, list } = await openTokens()
  tokens.append([sampleToken(1)])
  database.exec("create trigger refuse before insert on access_tokens begin select raise(abort, 'no'); end")
  const spread = () => db.transaction().execute(async () => tokens.spreadSome())
  await expect(spread()).rejects.toThrow('no')
  expect(database.isTransaction).toBe(false)
  database.exec('drop trigger refuse')
  await spread()
  expect(list('access_tokens')).toHaveLength(1)
})
