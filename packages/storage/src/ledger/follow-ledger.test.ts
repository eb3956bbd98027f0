import { describe, expect, it } from 'vitest'

import { createTiming, MOST_BEHIND, QUIET_ENTRIES } from './follow-ledger.ts'

describe('createTiming', () => {
  it.each([
    ['nothing happens', [0, 0, 0], [true, true, true]],
    ['a quiet second', [QUIET_ENTRIES, 2 * QUIET_ENTRIES], [true, true]],
    ['a busy second', [QUIET_ENTRIES + 1, 2 * (QUIET_ENTRIES + 1)], [false, false]],
    ['the first quiet second after a burst', [9000, 18_000, 18_000 + QUIET_ENTRIES], [false, false, true]],
    ['nearly too far behind', [MOST_BEHIND - 1], [false]],
    ['too far behind', [MOST_BEHIND], [true]],
    ['busy without end', [9000, 18_000, 27_000, 36_000, 45_000], [false, false, true, false, false]],
  ])('%s', (_, written, expected) => {
    const isTime = createTiming()
    expect(written.map(isTime)).toEqual(expected)
  })
})
