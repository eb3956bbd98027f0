import { expect, it } from 'vitest'

import { checkTarget } from './check-target.ts'

it.each(['/admin/', '/admin/users?q=b#x', '/admin/decisions/dec_1?tab=raw'])('%s is a console path', (to) => {
  expect(checkTarget(to)).toBe(to)
})

it.each([
  null,
  '',
  'https://evil.test/',
  '//evil.test/',
  '/admin//evil.test',
  '/admin/\\evil.test',
  '\\\\evil.test',
  '/token',
  '/administrator',
  '/admin/a b',
  '/admin/\r\nset-cookie: x',
  'javascript:alert(1)',
])('%j is not', (to) => {
  expect(checkTarget(to)).toBe('/admin/')
})

it('a path has at most 2,000 characters after the prefix, to fit in a cookie', () => {
  const place = `/admin/${'a'.repeat(2000)}`
  expect([checkTarget(place), checkTarget(`${place}a`)]).toEqual([place, '/admin/'])
})
