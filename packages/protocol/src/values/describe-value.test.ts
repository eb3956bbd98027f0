import { expect, it } from 'vitest'

import { describeValue } from './describe-value.ts'

it.each([
  ['text', 'text'],
  [7, '7'],
  [null, 'null'],
  [undefined, 'undefined'],
  [['a'], '["a"]'],
  [{ toString: 1, valueOf: null, toJSON: 'x' }, '{"toString":1,"valueOf":null,"toJSON":"x"}'],
  [JSON.parse('{"__proto__":null}'), '{"__proto__":null}'],
])('%# describes a value without calling its members', (value, text) => {
  expect(describeValue(value)).toBe(text)
})

it('describes a value that is nested deeper than a runtime can write', () => {
  const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
  expect(describeValue(deep)).toMatch(/^(\[+\]+|a value that is nested too deeply)$/)
})
