import { expect, it } from 'vitest'

import { checkTarget } from './check-target.ts'

it.each(['/admin/', '/admin/users?q=b#x', '/admin/decisions/dec_1?tab=raw'])(
  '%s is a place of the console',
  (to) => {
    expect(checkTarget(to)).toBe(to)
  },
)

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

it('a place has at most 2,000 characters below it, so that a cookie can keep it', () => {
  const place = `/admin/${'a'.repeat(2000)}`
  expect([checkTarget(place), checkTarget(`${place}a`)]).toEqual([place, '/admin/'])
})
