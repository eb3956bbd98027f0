import { expect, test } from 'vitest'

import { createAttempts } from './attempts.ts'

test('the delay begins after the free failures and doubles', () => {
  const attempts = createAttempts(3)
  let now = 1_000_000
  for (const free of [1, 2, 3]) expect([free, attempts.start('alice', now)]).toEqual([free, 0])
  for (const delaySeconds of [1, 2, 4, 8]) {
    expect(attempts.start('alice', now)).toBe(delaySeconds)
    expect(attempts.start('alice', now + delaySeconds * 1000 - 1)).toBe(1)
    now += delaySeconds * 1000
    expect(attempts.start('alice', now)).toBe(0)
  }
})

test('the delay has an upper end', () => {
  const attempts = createAttempts(1)
  let now = 0
  for (let attempt = 0; attempt < 40; attempt += 1) now += attempts.start('alice', now) * 1000
  attempts.start('alice', now)
  expect(attempts.start('alice', now)).toBe(900)
})

test('users are counted apart, and a success or an hour forgets', () => {
  const attempts = createAttempts(1)
  attempts.start('alice', 0)
  expect(attempts.start('alice', 0)).toBe(1)
  expect(attempts.start('bob', 0)).toBe(0)
  attempts.succeed('alice')
  expect(attempts.start('alice', 0)).toBe(0)
  expect(attempts.start('alice', 3_600_000)).toBe(0)
})

test('0 switches the delay off', () => {
  const attempts = createAttempts(0)
  for (let attempt = 0; attempt < 100; attempt += 1) expect(attempts.start('alice', 0)).toBe(0)
})

test('memory is bounded: the one longest without attempt is forgotten first', () => {
  const attempts = createAttempts(1)
  attempts.start('alice', 0)
  for (let other = 0; other < 10_000; other += 1) attempts.start(`other-${other}`, 0)
  expect(attempts.start('alice', 0)).toBe(0)
  expect(attempts.start('other-9999', 0)).toBe(1)
})
