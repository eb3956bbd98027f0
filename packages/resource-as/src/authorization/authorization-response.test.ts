// The URL that leads back to the app. A registered redirect URI may already have a query, which stays.
import { expect, it } from 'vitest'

import { buildReturnUrl } from './authorization-response.ts'

it.each([
  ['https://web.test/callback', 'https://web.test/callback?code=a+code&state=1&iss=https%3A%2F%2Fas.test'],
  [
    'https://web.test/callback?tenant=acme',
    'https://web.test/callback?tenant=acme&code=a+code&state=1&iss=https%3A%2F%2Fas.test',
  ],
])('an app at %s gets its code at %s', (redirectUri, url) => {
  const back = { redirectUri, state: '1', issuer: 'https://as.test' }
  expect(buildReturnUrl(back, { code: 'a code' })).toBe(url)
})
