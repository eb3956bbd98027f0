import { describe, expect, test } from 'vitest'

import { evictOldest, memoizeBounded, memoize } from './memoize.ts'

describe.each([
  ['once', memoize],
  ['lately', memoizeBounded],
])('made %s', (_, made) => {
  test('makes one value per key, in whatever order they come', () => {
    const keys: string[] = []
    const find = made((key: string) => ({ key, place: keys.push(key) }))
    const answers = ['a', 'a', 'b', 'a', 'c', 'b'].map(find)
    expect(answers.map(({ key }) => key)).toEqual(['a', 'a', 'b', 'a', 'c', 'b'])
    expect(answers.map(({ place }) => place)).toEqual([1, 1, 2, 1, 3, 2])
    expect(keys).toEqual(['a', 'b', 'c'])
  })
})

describe('memoizeBounded', () => {
  test.each([
    ['of the maximum length', 512, 1],
    ['longer', 513, 3],
  ])('computes once for a text %s only if it is not too long', (_, length, times) => {
    let made = 0
    const find = memoizeBounded((key: string) => {
      made += 1
      return key.length
    })
    const text = 'a'.repeat(length)
    expect([find(text), find(text), find('b'), find(text)]).toEqual([length, length, 1, length])
    expect(made).toBe(times + 1)
  })

  test.each([
    ['256 keys', 256, 1],
    ['257 keys', 257, 2],
  ])('keeps %s', (_, count, times) => {
    let first = 0
    const find = memoizeBounded((key: number) => {
      if (key === 0) first += 1
      return key
    })
    for (let key = 0; key < count; key += 1) find(key)
    expect(find(0)).toBe(0)
    expect(first).toBe(times)
  })
})

test('evictOldest keeps the newest entries up to the limit', () => {
  const entries = new Map([
    ['a', 1],
    ['b', 2],
  ])
  evictOldest(entries, 2)
  expect([...entries.keys()]).toEqual(['a', 'b'])
  entries.set('c', 3)
  evictOldest(entries, 2)
  expect([...entries.keys()]).toEqual(['b', 'c'])
})
