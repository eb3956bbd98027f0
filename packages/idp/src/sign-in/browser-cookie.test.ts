import { expect, test, vi } from 'vitest'

import { type BrowserContext, createBrowserCookie } from './browser-cookie.ts'

test.each([
  [true, '__Host-crosswalk_known'],
  [false, 'crosswalk_known'],
])('secure %s: only this server reads the cookie %s, and no script', (secure, name) => {
  const set = vi.fn()
  const ctx = { secure, cookies: { set } } as unknown as BrowserContext
  const cookie = createBrowserCookie('crosswalk_known', 60)
  cookie.write(ctx, 'value')
  cookie.clear(ctx)
  const attributes = { httpOnly: true, sameSite: 'lax', secure, path: '/' }
  expect(set.mock.calls).toEqual([
    [name, 'value', expect.objectContaining({ ...attributes, maxAge: 60_000 })],
    [name, null, expect.objectContaining(attributes)],
  ])
})
