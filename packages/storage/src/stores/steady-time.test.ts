import { expect, test } from 'vitest'

import { createSteadyTime } from './steady-time.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

function startClock() {
  let elapsedMs = 7_000
  let nowMs = 1_700_000_000_000
  const look = createSteadyTime(() => elapsedMs)
  return {
    /** Advances both clocks; the adjustable one also jumps. */
    pass(ms: number, jumpMs = 0) {
      elapsedMs += ms
      nowMs += ms + jumpMs
      return look(nowMs) === nowMs
    },
  }
}

test.each([
  ['runs evenly', 0, true],
  ['gained the tolerance', 5_000, true],
  ['gained more than the tolerance', 5_001, false],
  ['lost the tolerance', -5_000, true],
  ['lost more than the tolerance', -5_001, false],
  ['jumped by a day', 24 * HOUR_MS, false],
])('a clock that %s since the last look is trusted: %s ms, %s', (_, jumpMs, believed) => {
  const clock = startClock()
  expect(clock.pass(0)).toBe(true)
  expect(clock.pass(MINUTE_MS, jumpMs)).toBe(believed)
})

test('a clock that jumped is trusted again after it ran steadily for an hour, and not before', () => {
  const clock = startClock()
  clock.pass(0)
  expect(clock.pass(MINUTE_MS, HOUR_MS)).toBe(false)
  expect(clock.pass(HOUR_MS - 1)).toBe(false)
  expect(clock.pass(1)).toBe(true)
})

test('a clock that jumps back and forth is not trusted for an hour after the second jump', () => {
  const clock = startClock()
  clock.pass(0)
  clock.pass(MINUTE_MS, HOUR_MS)
  expect(clock.pass(30 * MINUTE_MS, -HOUR_MS)).toBe(false)
  expect(clock.pass(59 * MINUTE_MS)).toBe(false)
  expect(clock.pass(MINUTE_MS)).toBe(true)
})
