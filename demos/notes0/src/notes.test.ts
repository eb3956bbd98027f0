import { describe, expect, it } from 'vitest'

import { createNotes } from './notes.ts'

function inMemory() {
  let current = {}
  return createNotes({
    read: () => current,
    write: (value) => {
      current = value
    },
  })
}

describe('notes', () => {
  it('has two notes for a new account, and separates accounts', () => {
    const notes = inMemory()
    expect(notes.list('acc_1')).toHaveLength(2)
    expect(notes.add('acc_1', 'hello')).toMatchObject({ text: 'hello' })
    expect(notes.list('acc_1').at(-1)).toMatchObject({ text: 'hello' })
    expect(notes.list('acc_2')).toHaveLength(2)
  })

  it('accepts at most 500 notes per account', () => {
    const notes = inMemory()
    for (let count = 2; count < 500; count += 1) expect(notes.add('acc_1', 'x')).toBeDefined()
    expect(notes.add('acc_1', 'x')).toBeUndefined()
  })
})
