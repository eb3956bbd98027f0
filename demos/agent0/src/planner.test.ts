import { describe, expect, it } from 'vitest'

import { findTodo, planSentence } from './planner.ts'

const call = (product: string, tool: string, args: Record<string, string>, scope: string) => ({
  kind: 'call',
  call: { product, tool, arguments: args, scope: [scope] },
})
const listTodos = call('Todo0', 'list_todos', {}, 'todos.read')
const listNotes = call('Notes0', 'list_notes', {}, 'notes.read')
const add = (title: string) => call('Todo0', 'add_todo', { title }, 'todos.write')
const note = (text: string) => call('Notes0', 'add_note', { text }, 'notes.write')

describe('planSentence', () => {
  it.each([
    ['list my todos', listTodos],
    ['What are my todos?', listTodos],
    ['please show me the tasks', listTodos],
    ['add buy milk', add('buy milk')],
    ['  Add   buy  milk. ', add('buy milk')],
    ['add todo call mum', add('call mum')],
    ['add buy milk to my todos', add('buy milk')],
    ['remember to water the plants', add('water the plants')],
    ['add notebook', add('notebook')],
    ['finish 2', { kind: 'finish', which: { number: 2 } }],
    ['finish #2', { kind: 'finish', which: { number: 2 } }],
    ['mark 3 as done', { kind: 'finish', which: { number: 3 } }],
    ['finish buy milk', { kind: 'finish', which: { words: 'buy milk' } }],
    ['what are my notes', listNotes],
    ['show notes', listNotes],
    ['add note the gate code is blue', note('the gate code is blue')],
    ['please write a note: ask Bob', note('ask Bob')],
    ['add note', { kind: 'unclear' }],
    ['help', { kind: 'help' }],
    ['hello', { kind: 'help' }],
    ['', { kind: 'help' }],
    ['sing me a song', { kind: 'unclear' }],
  ])('%j', (sentence, plan) => {
    expect(planSentence(sentence)).toEqual(plan)
  })

  it('reads at most 500 characters', () => {
    const plan = planSentence(`add ${'x'.repeat(600)}`)
    expect(plan).toEqual(add('x'.repeat(496)))
  })
})

describe('findTodo', () => {
  const todos = [
    { id: 'a', title: 'Buy milk', done: false },
    { id: 'b', title: 'Buy bread', done: false },
    { id: 'c', title: 'Old bread', done: true },
  ]
  it.each([
    [{ number: 1 }, 'a'],
    [{ number: 3 }, 'c'],
    [{ number: 0 }, undefined],
    [{ number: 4 }, undefined],
    [{ words: 'MILK' }, 'a'],
    [{ words: 'bread' }, 'b'],
    [{ words: 'old bread' }, 'c'],
    [{ words: 'buy' }, undefined],
    [{ words: 'eggs' }, undefined],
  ])('%j', (which, id) => {
    expect(findTodo(which, todos)?.id).toBe(id)
  })
})
