import { describe, expect, it } from 'vitest'

import { createTiming, MOST_BEHIND, QUIET_EVENTS } from './catalogue.ts'

describe('createTiming', () => {
  it.each([
    ['nothing happens', [0, 0, 0], [true, true, true]],
    ['a quiet second', [QUIET_EVENTS, 2 * QUIET_EVENTS], [true, true]],
    ['a busy second', [QUIET_EVENTS + 1, 2 * (QUIET_EVENTS + 1)], [false, false]],
    ['the first quiet second after a burst', [9000, 18_000, 18_000 + QUIET_EVENTS], [false, false, true]],
    ['nearly too far behind', [MOST_BEHIND - 1], [false]],
    ['too far behind', [MOST_BEHIND], [true]],
    ['busy without end', [9000, 18_000, 27_000, 36_000, 45_000], [false, false, true, false, false]],
  ])('%s', (_, written, expected) => {
    const isTime = createTiming()
    expect(written.map(isTime)).toEqual(expected)
  })
})
