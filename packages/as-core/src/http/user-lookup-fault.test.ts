import { afterEach, expect, it, vi } from 'vitest'

import { lookUpUsers } from './user-lookup-fault.ts'

afterEach(() => void vi.useRealTimers())

it('ends a look-up that does not return, so that requests do not pile up', async () => {
  vi.useFakeTimers()
  let fault: unknown
  lookUpUsers(() => new Promise<never>(() => undefined)).catch((error: unknown) => (fault = error))
  await vi.advanceTimersByTimeAsync(9_999)
  expect(fault).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  expect(String(fault)).toBe('UserLookupFault: users cannot be looked up: no result after 10 seconds')
})

it('leaves no timer behind', async () => {
  vi.useFakeTimers()
  expect(await lookUpUsers(async () => 'u-1')).toBe('u-1')
  expect(vi.getTimerCount()).toBe(0)
})
