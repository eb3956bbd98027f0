// Identifiers are drawn in bulk: none may repeat when a new draw begins, which is after 512 tokens and 819 ids.
import { expect, onTestFinished, test, vi } from 'vitest'

import { newId, newTokenId, randomToken } from './ids.ts'

const MANY = 2000

test.each<[string, () => string, RegExp]>([
  ['an id', () => newId('dec'), /^dec_[0-9a-f]{12}[0-9a-f]{20}$/],
  ['a token id', newTokenId, /^[0-9a-f]{12}[\w-]{22}$/],
  ['a random token', randomToken, /^[\w-]{22}$/],
])('%s has its random part, and never repeats', (_, make, form) => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const made = Array.from({ length: MANY }, make)
  expect(made.filter((id) => !form.test(id))).toEqual([])
  expect(new Set(made).size).toBe(MANY)
})

test.each<[string, () => string]>([
  ['ids', () => newId('dec')],
  ['token ids', newTokenId],
])('%s sort by time', (_, make) => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const made = [0, 1, 15, 16, 1e12, 2 ** 44].map((ms) => {
    vi.setSystemTime(ms)
    return make()
  })
  expect(made.toSorted()).toEqual(made)
})
