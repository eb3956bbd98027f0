import { expect, it } from 'vitest'

import { renderJson } from './output.ts'

it('JSON says the same, and nothing that controls a terminal', () => {
  const value = { name: 'a\u001b[2J b\u009b2J c\u007f d\u0080 é\u00a0' }
  const text = renderJson(value)
  expect(text).not.toMatch(/\p{Cc}/u)
  expect(text).toContain('é\u00a0')
  expect(JSON.parse(text)).toEqual(value)
})
