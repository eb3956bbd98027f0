// The return target after sign-in: only pages of the user's own access.
import { expect, test } from 'vitest'

import { buildSignInUrl, readReturnTarget } from './own-access-app.ts'

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
  ['http://[', '/me'],
  ['', '/me'],
  [undefined, '/me'],
  [['/me/requests'], '/me'],
])('%j leads to %s', (state, target) => {
  expect(readReturnTarget(state)).toBe(target)
})

test.each([
  ['2,048 characters are kept', `/me/ask?app=${'a'.repeat(2036)}`, `/me/ask?app=${'a'.repeat(2036)}`],
  ['of 2,049 characters only the page is kept', `/me/ask?app=${'a'.repeat(2037)}`, '/me/ask'],
  ['a long query cannot fill the headers', `/me?${'"'.repeat(10_000)}`, '/me'],
])('on the way to sign-in and back, %s', (_, target, kept) => {
  const url = new URL(buildSignInUrl('https://idp.acme.test', target))
  expect(url.searchParams.get('state')).toBe(kept)
  expect(readReturnTarget(target)).toBe(kept)
})

test.each([
  [undefined, null],
  [{ again: true }, 'login'],
])('sign-in asks again only on request: %j', (options, prompt) => {
  const url = new URL(buildSignInUrl('https://idp.acme.test', '/me', options))
  expect(url.searchParams.get('prompt')).toBe(prompt)
})
