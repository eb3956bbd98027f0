// Entries with the name of an earlier one.
import { expect, it } from 'vitest'

import { findRepeats } from './find-repeats.ts'

it('pairs each repeated entry with the first one of its name', () => {
  const [a, b, again, third] = [
    { name: 'a', at: 0 },
    { name: 'b', at: 1 },
    { name: 'a', at: 2 },
    { name: 'a', at: 3 },
  ] as const
  expect(findRepeats([a, b, again, third])).toEqual([
    { later: again, earlier: a },
    { later: third, earlier: a },
  ])
  expect(findRepeats([a, b])).toEqual([])
})
