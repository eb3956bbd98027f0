// Keys fit into the database, whatever users are called, and different names have different keys.
import { expect, it } from 'vitest'

import { attributeKey, GROUP_PREFIX, groupKey, groupOfKey, nameKey } from './user-keys.ts'

it('are the same for a name in any case', () => {
  expect(nameKey('Ann@X.example')).toBe('name:ann@x.example')
  // The Kelvin sign is a k in lower case.
  expect(nameKey('\u212Aate')).toBe(nameKey('kate'))
})

it('distinguish values of different types', () => {
  const keys = ['1', 1, true, 'true', null].map((value) => attributeKey('cost', value))
  expect(new Set(keys).size).toBe(keys.length)
})

it.each([
  [506, 'as it is', 512],
  [507, 'as a digest', 78],
])('of a group of %i characters is stored %s', (length, _, expected) => {
  const group = 'g'.repeat(length)
  expect(groupKey(group)).toHaveLength(expected)
  expect(groupKey(group).startsWith(GROUP_PREFIX)).toBe(true)
  expect(groupKey(group)).not.toBe(groupKey(`${group.slice(1)}h`))
  expect(groupOfKey(groupKey(group))).toBe(length === 506 ? group : undefined)
})

it('have no NUL, which PostgreSQL cannot store', () => {
  const key = attributeKey('a\0b', 'c')
  expect(key).not.toContain('\0')
  expect(key).not.toBe(attributeKey('ab', 'c'))
})
