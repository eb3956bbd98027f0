import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { createReadMemo } from './read-memo.ts'

let folder: string
let own: DatabaseSync
let other: DatabaseSync
let reads: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-memo-'))
  own = new DatabaseSync(join(folder, 'db'))
  own.exec('pragma journal_mode = wal')
  own.exec('create table person (id text, name text)')
  own.exec(`insert into person values ('a', 'Alice'), ('b', 'Bob')`)
  other = new DatabaseSync(join(folder, 'db'))
  reads = 0
})
afterEach(() => {
  own.close()
  other.close()
  rmSync(folder, { recursive: true })
})

function lookUpName(memo = createReadMemo(own)) {
  const statement = own.prepare('select name from person where id = ?')
  const find = memo.remember(([id = '']) => {
    reads += 1
    return statement.get(id)?.['name']
  })
  return { memo, find: (id: string) => find([id]) }
}

test('reads each key once while nothing changes', async () => {
  const { find } = lookUpName()
  expect([find('a'), find('b'), find('a')]).toEqual(['Alice', 'Bob', 'Alice'])
  await nextTurn()
  expect([find('a'), find('none'), find('none')]).toEqual(['Alice', undefined, undefined])
  expect(reads).toBe(3)
})

test('reads anew in the turn after another connection committed', async () => {
  const { find } = lookUpName()
  expect(find('a')).toBe('Alice')
  await nextTurn()
  other.exec(`update person set name = 'Alicia' where id = 'a'`)
  expect(find('a')).toBe('Alicia')
  await nextTurn()
  other.exec('begin immediate')
  other.exec(`update person set name = 'Nobody' where id = 'a'`)
  expect(find('a')).toBe('Alicia')
  other.exec('rollback')
  expect(reads).toBe(2)
})

test('reads anew at once when told that this connection wrote', () => {
  const { memo, find } = lookUpName()
  expect(find('a')).toBe('Alice')
  own.exec(`update person set name = 'Alicia' where id = 'a'`)
  memo.forget()
  expect(find('a')).toBe('Alicia')
})

test('keeps look-ups apart', () => {
  const memo = createReadMemo(own)
  const first = memo.remember(() => 'first')
  const second = memo.remember(() => 'second')
  expect([first(['x']), second(['x'])]).toEqual(['first', 'second'])
})
