import { expect, it } from 'vitest'

import { formatRelative } from './time.tsx'

const NOW = 1_800_000_000_000
const MINUTE = 60_000

it.each([
  [0, 'just now'],
  [-4_999, 'just now'],
  [-5_000, '5 s ago'],
  [-59_999, '59 s ago'],
  [-MINUTE, '1 min ago'],
  [60 * MINUTE - 1, 'in 59 min'],
  [60 * MINUTE, 'in 1 h'],
  [48 * 60 * MINUTE - 1, 'in 47 h'],
  [48 * 60 * MINUTE, 'in 2 days'],
  [100 * 24 * 60 * MINUTE - 1, 'in 99 days'],
  [100 * 24 * 60 * MINUTE, '25 Apr 2027'],
])('%i ms from now reads %s', (difference, text) => {
  expect(formatRelative(NOW + difference, NOW)).toBe(text)
})
