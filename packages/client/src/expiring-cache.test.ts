import { beforeEach, describe, expect, test } from 'vitest'

import { ExpiringCache } from './expiring-cache.ts'

let nowMs: number
let loads: string[]
let cache: ExpiringCache<string>
beforeEach(() => {
  nowMs = 1000
  loads = []
  cache = new ExpiringCache({ nowMs: () => nowMs, maxEntries: 2 })
})

const get = (key: string, value = key) =>
  cache.get(key, async () => {
    loads.push(value)
    return { value, expiresAtMs: 2000 }
  })

describe('a cache of expiring values', () => {
  test.each([
    [1999, ['a']],
    [2000, ['a', 'a']],
  ])('at %i ms a value that expires at 2000 was loaded this often: %j', async (later, expected) => {
    await get('a')
    nowMs = later
    await get('a')
    expect(loads).toEqual(expected)
  })

  test('loads once for all concurrent callers, and again after a failure', async () => {
    expect(await Promise.all([get('a'), get('a'), get('a')])).toEqual(['a', 'a', 'a'])
    expect(loads).toEqual(['a'])
    const fail = () => cache.get('b', () => Promise.reject(new Error('no')))
    const failed = await Promise.allSettled([fail(), fail()])
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await get('b')).toBe('b')
  })

  test('evicts the oldest beyond its size, and no others', async () => {
    for (const key of ['a', 'b', 'c']) await get(key)
    loads = []
    for (const key of ['b', 'c', 'a']) await get(key)
    expect(loads).toEqual(['a'])
  })

  test('deletes a value only if it is still current', async () => {
    await get('a', 'first')
    cache.drop('a', 'other')
    await get('a', 'second')
    expect(loads).toEqual(['first'])
    cache.drop('a', 'first')
    expect(await get('a', 'second')).toBe('second')
  })
})
