import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeEach, describe, expect, it } from 'vitest'

import { openTodos, type Todos } from './todos.ts'

const folder = mkdtempSync(join(tmpdir(), 'todo0-'))
afterAll(() => rmSync(folder, { recursive: true }))

let path = ''
let todos: Todos
let runs = 0
beforeEach(() => {
  path = join(folder, `${(runs += 1)}`, 'todos.json')
  todos = openTodos(path)
})

const titles = (account: string, from = todos) =>
  from.list(account).map(({ title, done }) => `${title}${done ? ' ✓' : ''}`)

describe('todos', () => {
  it('shows a new account the same two todos each time, without writing', () => {
    expect(titles('acc_1')).toEqual(['Read the README', 'Ask Agent0 to list my todos'])
    expect(todos.list('acc_1')).toEqual(todos.list('acc_1'))
    expect(() => statSync(path)).toThrow('ENOENT')
  })

  it('adds, changes and removes todos for one account only', () => {
    const todo = todos.add('acc_1', 'buy milk', 'agent')
    expect(todos.change('acc_1', todo?.id ?? '', { done: true, by: 'page' })).toMatchObject({
      title: 'buy milk',
      done: true,
      added: { by: 'agent' },
      changed: { by: 'page' },
    })
    expect(todos.remove('acc_1', 'first-1')).toBe(true)
    expect(titles('acc_1')).toEqual(['Ask Agent0 to list my todos', 'buy milk ✓'])
    expect(titles('acc_2')).toEqual(['Read the README', 'Ask Agent0 to list my todos'])
  })

  it("does not find another account's todo", () => {
    const id = todos.add('acc_1', 'buy milk', 'agent')?.id ?? ''
    expect(todos.change('acc_2', id, { done: true, by: 'page' })).toBeUndefined()
    expect(todos.remove('acc_2', id)).toBe(false)
    expect(titles('acc_1').at(-1)).toBe('buy milk')
  })

  it('survives a restart, in a file that only its owner can read', () => {
    todos.add('acc_1', 'buy milk', 'agent')
    expect(titles('acc_1', openTodos(path)).at(-1)).toBe('buy milk')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveProperty('acc_1')
  })

  it('accepts at most 500 todos per account', () => {
    for (let count = todos.list('acc_1').length; count < 500; count += 1)
      expect(todos.add('acc_1', 'x', 'agent')).toBeDefined()
    expect(todos.add('acc_1', 'x', 'agent')).toBeUndefined()
  })
})
