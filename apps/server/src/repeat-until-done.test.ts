import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { repeatUntilDone } from './repeat-until-done.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('begins at once, and again each minute until it succeeds', async () => {
  const faults: unknown[] = []
  const work = vi.fn(async () => {
    if (work.mock.calls.length < 3) throw new Error(`fault ${work.mock.calls.length}`)
  })
  const { tried, stop } = repeatUntilDone(work, (fault) => faults.push(String(fault)))
  await tried
  expect(faults).toEqual(['Error: fault 1'])
  await vi.advanceTimersByTimeAsync(300_000)
  expect(faults).toEqual(['Error: fault 1', 'Error: fault 2'])
  expect(work).toHaveBeenCalledTimes(3)
  await stop()
})

it('does not begin again once it was stopped', async () => {
  const work = vi.fn(async () => {
    throw new Error('a fault')
  })
  await repeatUntilDone(work, () => undefined).stop()
  await vi.advanceTimersByTimeAsync(300_000)
  expect(work).toHaveBeenCalledTimes(1)
})
