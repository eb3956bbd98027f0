// Decision codes as administrators type them into a filter.
import { expect, it } from 'vitest'

import { parseCode } from './filter-fields.ts'

it.each([
  ['XAA1503', 'XAA1503'],
  ['xaa15', 'XAA15'],
  ['1503', 'XAA1503'],
  ['', ''],
  ['x', ''],
  ['XAA', ''],
  ['XAA15033', undefined],
  ['bob', undefined],
  ['XAA15x', undefined],
])('filters by %j as %j', (typed, code) => {
  expect(parseCode(typed)).toBe(code)
})
