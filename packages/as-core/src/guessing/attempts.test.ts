import { expect, test } from 'vitest'

import { createAttempts, findWaitSeconds } from './attempts.ts'

const limitOf = (free: number) => ({ free, longestDelaySeconds: 900 })

/** Tries once. @returns the seconds to wait, or 0 if the attempt continued */
function tryOnce(attempts: ReturnType<typeof createAttempts>, key: string, now: number): number {
  const wait = attempts.waitSeconds(key, now)
  if (wait === 0) attempts.add(key, now)
  return wait
}

test('the delay begins after the free failures and doubles', () => {
  const attempts = createAttempts(limitOf(3))
  let now = 1_000_000
  for (const free of [1, 2, 3]) expect([free, tryOnce(attempts, 'alice', now)]).toEqual([free, 0])
  for (const delaySeconds of [1, 2, 4, 8]) {
    expect(tryOnce(attempts, 'alice', now)).toBe(delaySeconds)
    expect(tryOnce(attempts, 'alice', now + delaySeconds * 1000 - 1)).toBe(1)
    now += delaySeconds * 1000
    expect(tryOnce(attempts, 'alice', now)).toBe(0)
  }
})

test.each([60, 900])('the delay is at most %d seconds', (longestDelaySeconds) => {
  const attempts = createAttempts({ free: 1, longestDelaySeconds })
  let now = 0
  for (let attempt = 0; attempt < 40; attempt += 1) now += tryOnce(attempts, 'alice', now) * 1000
  tryOnce(attempts, 'alice', now)
  expect(tryOnce(attempts, 'alice', now)).toBe(longestDelaySeconds)
})

test('keys are counted separately, and forgetting one or an hour without failures resets its count', () => {
  const attempts = createAttempts(limitOf(1))
  tryOnce(attempts, 'alice', 0)
  expect(tryOnce(attempts, 'alice', 0)).toBe(1)
  expect(tryOnce(attempts, 'bob', 0)).toBe(0)
  attempts.forget('alice')
  expect(tryOnce(attempts, 'alice', 0)).toBe(0)
  expect(tryOnce(attempts, 'alice', 3_600_000)).toBe(0)
})

test.each([
  [3_599_999, 2],
  [3_600_000, 1],
])(
  'failures count for an hour after the last one: %i ms later, the next failure causes a delay of %i s',
  (later, delay) => {
    const attempts = createAttempts(limitOf(1))
    attempts.add('alice', 0)
    attempts.add('alice', later)
    expect(attempts.waitSeconds('alice', later)).toBe(delay)
  },
)

test.each([
  [900_000 - 1, 1800],
  [900_000, 0],
])(
  'a failure %i ms in the future, by a process whose clock is ahead, delays the next attempt by %i s',
  (ahead, waitSeconds) => {
    const limit = limitOf(1)
    expect(findWaitSeconds({ count: 40, lastMs: ahead }, limit, 0)).toBe(waitSeconds)
  },
)

test('undoing an attempt keeps the other attempts', () => {
  const attempts = createAttempts(limitOf(2))
  attempts.add('office', 0)
  const undo = attempts.add('office', 0)
  expect(attempts.waitSeconds('office', 0)).toBe(1)
  undo()
  expect(attempts.waitSeconds('office', 0)).toBe(0)
  attempts.add('office', 0)
  expect(attempts.waitSeconds('office', 0)).toBe(1)
})

test('undoing an attempt undoes its delay, but not that of a later failure', () => {
  const attempts = createAttempts(limitOf(1))
  attempts.add('office', 0)
  const undo = attempts.add('office', 1000)
  expect(attempts.waitSeconds('office', 1000)).toBe(2)
  undo()
  expect([999, 1000].map((now) => attempts.waitSeconds('office', now))).toEqual([1, 0])
  const undoEarlier = attempts.add('office', 1000)
  attempts.add('office', 2000)
  undoEarlier()
  expect(attempts.waitSeconds('office', 2000)).toBe(2)
})

test('distinguishes the first refusal of each delay from later ones', () => {
  const attempts = createAttempts(limitOf(1))
  attempts.add('alice', 0)
  expect([1, 2, 3].map(() => attempts.noteRefusal('alice'))).toEqual([true, false, false])
  attempts.add('alice', 1000)
  expect([1, 2].map(() => attempts.noteRefusal('alice'))).toEqual([true, false])
  expect(attempts.noteRefusal('nobody')).toBe(false)
})

test('0 disables the delay', () => {
  const attempts = createAttempts(limitOf(0))
  for (let attempt = 0; attempt < 100; attempt += 1) expect(tryOnce(attempts, 'alice', 0)).toBe(0)
})

test('memory is bounded: the key with the oldest attempt is forgotten first', () => {
  const attempts = createAttempts(limitOf(1))
  tryOnce(attempts, 'alice', 0)
  for (let other = 0; other < 10_000; other += 1) tryOnce(attempts, `other-${other}`, 0)
  expect(tryOnce(attempts, 'alice', 0)).toBe(0)
  expect(tryOnce(attempts, 'other-9999', 0)).toBe(1)
})

test('another attempt makes its key the last one to be forgotten', () => {
  const attempts = createAttempts(limitOf(1))
  attempts.add('alice', 0)
  for (let other = 0; other < 9_999; other += 1) attempts.add(`other-${other}`, 0)
  attempts.add('alice', 0)
  attempts.add('newcomer', 0)
  expect(attempts.waitSeconds('alice', 0)).toBe(2)
  expect(attempts.waitSeconds('other-0', 0)).toBe(0)
})

test.each([
  ['during the delay that was reported', false, 0],
  ['after it', true, 1000],
])('whether a refusal is reported again after failures at other processes %s: %s', (_, again, lastMs) => {
  const attempts = createAttempts(limitOf(1))
  attempts.add('alice', 0)
  expect(attempts.noteRefusal('alice')).toBe(true)
  attempts.learn('alice', { count: 5, lastMs })
  expect(attempts.noteRefusal('alice')).toBe(again)
})
