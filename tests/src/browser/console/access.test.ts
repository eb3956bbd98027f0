// Access to the console over HTTP: what is served to whom, and that a session cookie is useless to another site.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { ADMIN_TOKEN } from '../../admin/admin.ts'
import { company } from '../../support/company.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'
import { buildConsole } from './build-console.ts'

const ASKED = { 'crosswalk-console': '1' }

describe('a console without roles', () => {
  let server: TestServer
  beforeAll(async () => {
    buildConsole()
    server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  })
  afterAll(() => server.stop())

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${server.baseUrl}${path}`, { redirect: 'manual', ...init })

  async function signIn(token = ADMIN_TOKEN) {
    const response = await ask('/admin/sign-in/token', {
      method: 'POST',
      headers: { ...ASKED, 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })
    const cookie = response.headers.get('set-cookie') ?? ''
    return { status: response.status, cookie, sent: cookie.split(';')[0] ?? '' }
  }

  it('serves one page for every path, uncached, with a policy that allows only its own scripts', async () => {
    const pages = await Promise.all(['/admin/', '/admin/connections/x'].map(async (path) => ask(path)))
    for (const page of pages) {
      expect(page.status).toBe(200)
      expect(page.headers.get('cache-control')).toBe('no-store')
      const policy = page.headers.get('content-security-policy') ?? ''
      expect(policy).toMatch(/default-src 'none'; script-src 'self';/)
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      const html = await page.text()
      expect(html).toContain(/'nonce-([^']+)'/.exec(policy)?.[1])
      expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/)
      expect(html).not.toMatch(/__[A-Z_]+__/)
    }
    const nonces = pages.map(({ headers }) => headers.get('content-security-policy'))
    expect(new Set(nonces).size).toBe(2)
    expect((await ask('/admin')).headers.get('location')).toBe('/admin/')
  })

  it('serves immutable files, compressed for clients that accept it', async () => {
    const html = await (await ask('/admin/')).text()
    const [, path = ''] = /<script type="module"[^>]* src="([^"]+)"/.exec(html) ?? []
    const file = await ask(path, { headers: { 'accept-encoding': 'gzip' } })
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(file.headers.get('content-encoding')).toBe('gzip')
    const plain = await ask(path, { headers: { 'accept-encoding': 'identity' } })
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(await plain.text()).toBe(await file.text())
    expect((await ask('/admin/assets/none.js')).status).toBe(404)
    expect((await ask('/admin/assets/..%2Findex.html')).status).toBe(404)
  })

  it('signs in only with the configured token, into an HttpOnly cookie', async () => {
    expect(await signIn('another token of more than 32 characters')).toMatchObject({
      status: 401,
      cookie: '',
    })
    const { status, cookie } = await signIn()
    expect(status).toBe(204)
    expect(cookie).toMatch(/Path=\/admin; HttpOnly; SameSite=Strict/)
    expect(cookie).not.toContain(ADMIN_TOKEN)
  })

  it('accepts API calls by session only from its own pages', async () => {
    const { sent } = await signIn()
    const users = (headers: Readonly<Record<string, string>>) =>
      ask('/admin/api/v1/users', { headers: { cookie: sent, ...headers } }).then(({ status }) => status)
    expect(await users(ASKED)).toBe(200)
    expect(await users({})).toBe(403)
    expect(await users({ ...ASKED, origin: 'https://evil.test' })).toBe(403)
    expect(await users({ ...ASKED, 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await users({ ...ASKED, cookie: `${sent}x` })).toBe(401)
    expect(await users({ authorization: `Bearer ${ADMIN_TOKEN}` })).toBe(200)
  })

  it('ends the session and all its streams on sign-out', async () => {
    const { sent } = await signIn()
    const headers = { cookie: sent, ...ASKED }
    expect(await (await ask('/admin/session', { headers })).json()).toMatchObject({
      signedIn: true,
      role: 'owner',
    })
    expect((await ask('/admin/sign-out', { method: 'POST', headers: { cookie: sent } })).status).toBe(403)
    const out = await ask('/admin/sign-out', { method: 'POST', headers })
    expect(out.headers.get('set-cookie')).toMatch(/Max-Age=0/)
    expect(await (await ask('/admin/session', { headers })).json()).toEqual({
      signedIn: false,
      why: 'no-session',
      signIn: 'token',
    })
    expect((await ask('/admin/live', { headers })).status).toBe(401)
  })
})

describe('a console with roles', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({
      file: (baseUrl) => ({
        ...company(baseUrl),
        admin: { token: ADMIN_TOKEN, roles: { auditor: { users: ['usr_alice'] } } },
      }),
    })
  })
  afterAll(() => server.stop())

  it('redirects to the IdP with PKCE, and seals the return path', async () => {
    const response = await fetch(`${server.baseUrl}/admin/sign-in?to=/admin/users`, { redirect: 'manual' })
    expect(response.status).toBe(303)
    const location = new URL(response.headers.get('location') ?? '')
    expect(location.origin).toBe(server.baseUrl)
    expect(location.searchParams.get('code_challenge_method')).toBe('S256')
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/Path=\/admin; HttpOnly; SameSite=Lax/)
    expect(cookie).not.toContain('users')
  })

  it('rejects the configured token, and unsolicited responses', async () => {
    const token = await fetch(`${server.baseUrl}/admin/sign-in/token`, {
      method: 'POST',
      headers: { ...ASKED, 'content-type': 'application/json' },
      body: JSON.stringify({ token: ADMIN_TOKEN }),
    })
    expect(token.status).toBe(401)
    const callback = await fetch(`${server.baseUrl}/admin/callback?code=x&state=y`)
    expect(callback.status).toBe(400)
    expect(callback.headers.get('set-cookie')).toBeNull()
  })
})
