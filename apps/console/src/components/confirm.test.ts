import { expect, it } from 'vitest'

import { pickTyped } from './confirm.ts'

it.each([
  ['Expense Agent 2', 'Expense Agent 2'],
  ['Zoë', 'id'],
  ['Agent0 → Todo0', 'id'],
  // The label would show one space.
  ['Expense  Agent', 'id'],
  ['', 'id'],
])('of %j and its ID, %j is typed', (name, typed) => expect(pickTyped(name, 'id')).toBe(typed))
