import { expect, test } from 'vitest'

import { createAttemptCounter } from './attempt-counter.ts'
import type { SharedAttempts, SharedFailures } from './shared-attempts.ts'

/** @param found - what the store knows once alice failed here */
async function failOnce(found: SharedFailures, claims: boolean) {
  const attempts: SharedAttempts = {
    find: async () => found,
    add: async (_, now) => ({ count: 1, lastMs: now }),
    claim: async () => claims,
    takeBack: async () => undefined,
    forget: async () => undefined,
  }
  const counter = createAttemptCounter(
    { free: 1, longestDelaySeconds: 900 },
    { attempts, nameKey: (key) => key },
  )
  await counter.begin('alice', 0).fail()
  return counter
}

test.each<[string, SharedFailures, boolean, number, number]>([
  ['that continues counts as a failure until it succeeds', { count: 1, lastMs: 0, version: 1 }, true, 0, 2],
  ['that lost to another process is not a failure', { count: 1, lastMs: 0, version: 1 }, false, 1, 0],
  ['that another process delays is not a failure', { count: 1, lastMs: 500, version: 2 }, true, 1, 1],
])('an attempt after a delay %s', async (_, found, claims, waits, waitsAfterwards) => {
  const counter = await failOnce(found, claims)
  expect(counter.waitSeconds('alice', 1000)).toBe(0)
  expect(await counter.begin('alice', 1000).claim()).toBe(waits)
  expect(counter.waitSeconds('alice', 1000)).toBe(waitsAfterwards)
})
