import { expect, it } from 'vitest'

import { createConsoleCookies, PROOF_COOKIE, SESSION_COOKIE } from './cookies.ts'

const OPTIONS = { sameSite: 'Strict', maxAgeSeconds: 60 } as const
const ask = (cookie: string) => new Request('https://acme.test/admin', { headers: { cookie } })

it('over https, only this host can set the cookies', () => {
  const cookies = createConsoleCookies('https://acme.test')
  expect(cookies.render(SESSION_COOKIE, 'v', OPTIONS)).toBe(
    '__Host-crosswalk_console=v; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure',
  )
  // The prefix demands it.
  expect(cookies.render(PROOF_COOKIE, 'v', { ...OPTIONS, path: '/admin/prove' })).toContain('; Path=/;')
  expect(cookies.read(ask('a=b; __Host-crosswalk_console=v=w'), SESSION_COOKIE)).toBe('v=w')
  // A sibling host could have set this one.
  expect(cookies.read(ask('crosswalk_console=v'), SESSION_COOKIE)).toBeUndefined()
})

it('over http, other ports of the host do not receive them with every request', () => {
  const cookies = createConsoleCookies('http://127.0.0.1:4000')
  expect(cookies.render(SESSION_COOKIE, 'v', OPTIONS)).toBe(
    'crosswalk_console=v; Path=/admin; HttpOnly; SameSite=Strict; Max-Age=60',
  )
  expect(cookies.render(PROOF_COOKIE, 'v', { ...OPTIONS, path: '/admin/prove' })).toContain(
    '; Path=/admin/prove;',
  )
  expect(cookies.read(ask('crosswalk_console=v'), SESSION_COOKIE)).toBe('v')
})
