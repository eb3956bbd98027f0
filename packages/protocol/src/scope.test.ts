import { expect, it } from 'vitest'

import { MAX_SCOPE_TOKENS, parseScope, renderScope } from './scope.ts'

it.each([
  ['a b', ['a', 'b']],
  ['  a  a b ', ['a', 'b']],
  ['', []],
])('reads the scope %j as distinct tokens', (text, tokens) => {
  expect(parseScope(text)).toEqual({ accepted: true, value: tokens })
})

it.each([
  ['a "b"', '"b"'],
  ['a\\b', 'a\\b'],
  ['todos é', 'é'],
  [' ', ' '],
  ['   ', '   '],
])('names the malformed token of %j', (text, malformed) => {
  expect(parseScope(text)).toEqual({ accepted: false, refusal: { malformed } })
})

it.each([
  [MAX_SCOPE_TOKENS, true],
  [MAX_SCOPE_TOKENS + 1, false],
])('a scope of %i tokens is accepted: %s', (count, accepted) => {
  const text = Array.from({ length: count }, (_, index) => `s${index}`).join(' ')
  expect(parseScope(text).accepted).toBe(accepted)
})

it('renders what it parsed', () => {
  expect(renderScope(['a', 'b'])).toBe('a b')
})
