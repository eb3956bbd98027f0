// Who can read the cookies of a sign-in: this server only, over https only if it has it.
import { createSealing } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { createSealedCookies } from './sealed-cookies.ts'

const cookiesOf = (endpoint: string, server = 'todo0') =>
  createSealedCookies({
    ...{ sealing: createSealing(new Uint8Array(32)), endpoint, server: () => server },
    ttlMs: 600_000,
  })

it.each([
  [
    'https://as.test',
    /^__Host-crosswalk-todo0-user=[^ ;]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/,
  ],
  ['http://127.0.0.1:4002', /^crosswalk-todo0-user=[^ ;]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/],
])('a cookie of %s is hidden from scripts, other hosts and posts of other sites', (endpoint, pattern) => {
  const cookies = cookiesOf(endpoint)
  expect(cookies.write('user', { id: 'usr_alice' })['set-cookie']).toMatch(pattern)
  expect(cookies.clear('user')).toContain('Max-Age=0; HttpOnly; SameSite=Lax')
})

it('a cookie is read by its own server and under its own name only', () => {
  const cookies = cookiesOf('https://as.test')
  const [pair = ''] = cookies.write('user', { id: 'usr_alice' })['set-cookie'].split(';')
  const [, value = ''] = pair.split('=')
  const read = (server: string, cookie: string, name = 'user') =>
    cookiesOf('https://as.test', server).read(new Request('https://as.test', { headers: { cookie } }), name)
  expect(read('todo0', `other=1; ${pair}`)).toEqual({ id: 'usr_alice' })
  expect(read('notes0', `__Host-crosswalk-notes0-user=${value}`)).toBeUndefined()
  expect(read('todo0', `__Host-crosswalk-todo0-form=${value}`, 'form')).toBeUndefined()
  expect(read('todo0', `crosswalk-todo0-user=${value}`)).toBeUndefined()
})
