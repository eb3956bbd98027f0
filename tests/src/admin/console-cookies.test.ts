// The session cookie of the console: behind a proxy that ends TLS, and on a developer's machine.
import { afterEach, expect, it } from 'vitest'

import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ADMIN_TOKEN } from './admin.ts'

let server: TestServer
afterEach(() => server.stop())

async function signIn(origin: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${server.running.port}/admin/sign-in/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'crosswalk-console': '1', origin },
    body: JSON.stringify({ token: ADMIN_TOKEN }),
  })
  expect(response.status).toBe(204)
  return response.headers.get('set-cookie') ?? ''
}

async function isSignedIn(cookie: string): Promise<unknown> {
  const url = `http://127.0.0.1:${server.running.port}/admin/session`
  const response = await fetch(url, { headers: { cookie } })
  return ((await response.json()) as { readonly signedIn: unknown }).signedIn
}

it('belongs to this host alone behind a proxy with https', async () => {
  const origin = 'https://crosswalk.acme.test'
  server = await startTestServer({ file: () => ({ ...company(origin), baseUrl: origin }) })
  const set = await signIn(origin)
  expect(set).toMatch(
    /^__Host-crosswalk_console=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/,
  )
  const [cookie = ''] = set.split(';')
  expect(await isSignedIn(cookie)).toBe(true)
  expect(await isSignedIn(cookie.replace('__Host-', ''))).toBe(false)
})

it('is sent only to the console over http on a loopback address', async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  const set = await signIn(server.baseUrl)
  expect(set).toMatch(/^crosswalk_console=[\w-]+; Path=\/admin; HttpOnly; SameSite=Strict; Max-Age=\d+$/)
  expect(await isSignedIn(set.split(';')[0] ?? '')).toBe(true)
})
