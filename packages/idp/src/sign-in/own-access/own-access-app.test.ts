// Where sign-in leads back to: pages of one's own access, nowhere else.
import { expect, test } from 'vitest'

import { readReturnTarget } from './own-access-app.ts'

test.each([
  ['/me', '/me'],
  ['/me/requests', '/me/requests'],
  ['/me/blocked?decision=dec_1', '/me/blocked?decision=dec_1'],
  ['/me/return', '/me'],
  ['/me/../session/end', '/me'],
  ['/method', '/me'],
  ['//evil.example/me', '/me'],
  ['https://evil.example/me', '/me'],
  ['/\\evil.example/me', '/me'],
  ['', '/me'],
  [undefined, '/me'],
  [['/me/requests'], '/me'],
])('%j leads to %s', (state, target) => {
  expect(readReturnTarget(state)).toBe(target)
})
