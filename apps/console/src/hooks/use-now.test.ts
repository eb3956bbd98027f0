import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { followClock, readClock } from './use-now.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('advances while observed, and is immediately correct when observed again', () => {
  const told = vi.fn()
  const leave = followClock(told)
  const began = readClock()
  vi.advanceTimersByTime(5000)
  expect(readClock()).toBe(began + 5000)
  expect(told).toHaveBeenCalledTimes(1)
  leave()
  vi.advanceTimersByTime(60_000)
  expect(readClock()).toBe(began + 5000)
  followClock(told)()
  expect(readClock()).toBe(began + 65_000)
})
