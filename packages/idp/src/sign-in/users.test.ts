import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { type Browser, createBrowser } from './testing/browser.ts'
import { buildAuthorizationUrl, obtainTokens, post, redeem, refresh, signInAs } from './testing/flow.ts'
import { AGENT0, createWorld, NATIVE, ORIGIN, PASSWORDS, PORTAL, type World } from './testing/world.ts'

const GENERIC = 'We could not sign you in. Check user name and password.'

async function tryPassword(browser: Browser, username: string, password: string) {
  return browser.submit(await browser.open(buildAuthorizationUrl(AGENT0)), { username, password })
}

const eventsOf = ({ events }: World) => events.map(({ type, actor, reason }) => [type, actor.id, reason])

describe('authentication', () => {
  test.each([
    ['a wrong password', 'alice', 'wrong', [['signin.failed', 'usr_alice', 'wrong-password']]],
    [
      'an inactive user with the right password',
      'dave',
      PASSWORDS.dave,
      [['signin.failed', 'usr_dave', 'inactive']],
    ],
    ['a user without password', 'erin', 'anything', [['signin.failed', 'usr_erin', 'no-password']]],
    ['an unknown user', 'mallory', 'anything', []],
    ['an empty password', 'alice', '', [['signin.failed', 'usr_alice', 'wrong-password']]],
    ['an overlong password', 'alice', 'x'.repeat(1025), []],
  ])('%s is refused with the same message', async (_, username, password, events) => {
    const world = await createWorld()
    const page = await tryPassword(world.browse(), username, password)
    expect([page.status, page.left]).toEqual([401, undefined])
    expect(page.text).toContain(GENERIC)
    expect(page.text).toMatch(/role="alert"/)
    expect(eventsOf(world)).toEqual(events)
    expect(world.signIn.unknownUserAttempts()).toBe(username === 'mallory' ? 1 : 0)
    expect(world.store.count('Session')).toBe(0)
  })

  test('after a refusal, the same page accepts the correct password', async () => {
    const world = await createWorld()
    const browser = world.browse()
    const page = await tryPassword(browser, 'alice', 'wrong')
    expect(page.text).toContain('value="alice"')
    const back = await browser.submit(page, { password: PASSWORDS.alice })
    expect(back.left?.searchParams.get('code')).toEqual(expect.any(String))
    expect(eventsOf(world).map(([type]) => type)).toEqual(['signin.failed', 'signin.succeeded'])
  })

  test.each(['alice', 'ALICE', ' alice@acme.test ', 'Alice@Acme.test'])(
    'accepts the user name or verified email address in any case: %s',
    async (login) => {
      const world = await createWorld()
      const back = await tryPassword(world.browse(), login, PASSWORDS.alice)
      expect(back.left?.searchParams.get('code')).toEqual(expect.any(String))
      expect(eventsOf(world)).toEqual([['signin.succeeded', 'usr_alice', undefined]])
    },
  )

  test('too many failures delay a name, known or not, with the time to wait', async () => {
    const world = await createWorld({ failedSignInsBeforeDelay: 2 })
    for (const name of ['alice', 'mallory']) {
      for (const attempt of [1, 2])
        expect([attempt, (await tryPassword(world.browse(), name, 'wrong')).status]).toEqual([attempt, 401])
      const delayed = await tryPassword(world.browse(), name, name === 'alice' ? PASSWORDS.alice : 'wrong')
      expect([delayed.status, delayed.headers.get('retry-after')]).toEqual([429, '1'])
      expect(delayed.text).toContain('Too many failed attempts.')
    }
    expect((await tryPassword(world.browse(), 'ALICE', PASSWORDS.alice)).status).toBe(429)
    expect((await tryPassword(world.browse(), 'bob', PASSWORDS.bob)).status).toBe(403)
  })
})

describe('assignment', () => {
  test('an unassigned user gets an explanation, and can return to the app or use another account', async () => {
    const world = await createWorld()
    const browser = world.browse()
    const page = await signInAs(browser, 'bob', AGENT0)
    expect([page.status, page.left]).toEqual([403, undefined])
    expect(page.text).toContain('You have no access to Agent0')
    const other = /href="([^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const back = await browser.submit(page, { choice: 'return' })
    expect(back.left?.searchParams.get('error')).toBe('access_denied')
    expect(back.left?.searchParams.get('state')).toBe('state-1')

    const signInPage = await browser.open(other)
    const between = await browser.submit(signInPage, { username: 'alice', password: PASSWORDS.alice })
    const done = await browser.submit(between, {})
    const tokens = await redeem(world, AGENT0, done.left?.searchParams.get('code'))
    expect(decodeJwt(tokens.json['id_token'] ?? '').sub).toBe('usr_alice')
  })

  test('single sign-on stops at an app that the user is not assigned to', async () => {
    const world = await createWorld()
    const browser = world.browse()
    expect((await signInAs(browser, 'bob', PORTAL)).left?.searchParams.get('code')).toEqual(
      expect.any(String),
    )
    const page = await browser.open(buildAuthorizationUrl(AGENT0))
    expect([page.status, page.left]).toEqual([403, undefined])
    const silent = await browser.open(buildAuthorizationUrl(AGENT0, { prompt: 'none' }))
    expect(silent.left?.searchParams.get('error')).toBe('access_denied')
  })

  test('a deactivated user cannot use their session', async () => {
    const world = await createWorld()
    const browser = world.browse()
    const tokens = await obtainTokens(world, browser, 'alice', AGENT0)
    const { sid } = decodeJwt<{ sid: string }>(tokens['id_token'] ?? '')
    const alice = world.users.get('usr_alice')
    if (alice) world.users.set('usr_alice', { ...alice, active: false })
    expect(await world.signIn.findSession(sid)).toBeUndefined()
    const silent = await browser.open(buildAuthorizationUrl(AGENT0, { prompt: 'none' }))
    expect(silent.left?.searchParams.get('error')).toBe('login_required')
    expect((await browser.open(buildAuthorizationUrl(AGENT0))).text).toContain('name="password"')
    expect((await refresh(world, AGENT0, tokens['refresh_token'])).json['error']).toBe('invalid_grant')
    const response = await world.signIn.fetch(
      new Request(`${ORIGIN}/userinfo`, { headers: { authorization: `Bearer ${tokens['access_token']}` } }),
    )
    expect(response.status).toBe(401)
    expect(world.faults).toEqual([])
  })

  test('a user whose assignment ended cannot refresh', async () => {
    const world = await createWorld()
    const tokens = await obtainTokens(world, world.browse(), 'alice', AGENT0)
    const alice = world.users.get('usr_alice')
    if (alice) world.users.set('usr_alice', { ...alice, groups: [] })
    expect((await refresh(world, AGENT0, tokens['refresh_token'])).json['error']).toBe('invalid_grant')
  })
})

const failing = (fault: Error) => ({
  findById: () => Promise.reject(fault),
  findByLogin: () => Promise.reject(fault),
})

describe('prompting the user', () => {
  const claimsOf = async (world: World, code: string | null | undefined) =>
    decodeJwt<{ auth_time: number; sid: string }>((await redeem(world, AGENT0, code)).json['id_token'] ?? '')

  async function makeOlder(world: World, sid: string, seconds: number): Promise<void> {
    const session = (await world.store.findByUid('Session', sid.split('.')[0] ?? '')) ?? {}
    const loginTs = Number(session['loginTs']) - seconds
    await world.store.upsert('Session', String(session['jti']), { ...session, loginTs })
  }

  test('never with a session, even for consent and prompt=none, including offline_access', async () => {
    const world = await createWorld()
    const browser = world.browse()
    await signInAs(browser, 'alice', AGENT0)
    for (const prompt of [undefined, 'none', 'consent']) {
      const { left } = await browser.open(
        buildAuthorizationUrl(AGENT0, { prompt, scope: 'openid offline_access' }),
      )
      const { json } = await redeem(world, AGENT0, left?.searchParams.get('code'))
      expect([prompt, typeof json['refresh_token']]).toEqual([prompt, 'string'])
    }
  })

  test('offline_access is granted in a first sign-in without prompt=consent', async () => {
    const world = await createWorld()
    const tokens = await obtainTokens(world, world.browse(), 'alice', AGENT0, {
      scope: 'openid offline_access',
    })
    expect(tokens['refresh_token']).toEqual(expect.any(String))
    expect(tokens['scope']).toBe('openid offline_access')
  })

  test('apps can neither send nor push the parameter that carries offline_access', async () => {
    const world = await createWorld()
    const change = { scope: 'openid', crosswalk_offline_access: 'true' }
    const sent = await obtainTokens(world, world.browse(), 'alice', AGENT0, change)
    expect(sent['refresh_token']).toBeUndefined()
    const query = new URL(buildAuthorizationUrl(AGENT0, change)).searchParams
    const pushed = await post(world, '/par', AGENT0, Object.fromEntries(query))
    const asked = new URLSearchParams({ client_id: AGENT0.id, request_uri: pushed.json['request_uri'] ?? '' })
    const browser = world.browse()
    const page = await browser.open(`${ORIGIN}/authorize?${asked}`)
    const back = await browser.submit(page, { username: 'alice', password: PASSWORDS.alice })
    const { status, json } = await redeem(world, AGENT0, back.left?.searchParams.get('code'))
    expect([status, json['refresh_token']]).toEqual([200, undefined])
  })

  test('prompt=login and max_age prompt again, and auth_time advances', async () => {
    const world = await createWorld()
    const browser = world.browse()
    const first = await claimsOf(
      world,
      (await signInAs(browser, 'alice', AGENT0)).left?.searchParams.get('code'),
    )
    for (const change of [{ prompt: 'login' }, { max_age: '0' }, { max_age: '3599' }]) {
      await makeOlder(world, first.sid, 3600)
      const page = await browser.open(buildAuthorizationUrl(AGENT0, change))
      expect(page.text).toContain('Confirm it’s you')
      const back = await browser.submit(page, { password: PASSWORDS.alice })
      const again = await claimsOf(world, back.left?.searchParams.get('code'))
      expect(again.auth_time).toBeGreaterThanOrEqual(first.auth_time)
      expect(again.sid).toBe(first.sid)
    }
    await makeOlder(world, first.sid, 7200)
    const stale = await browser.open(buildAuthorizationUrl(AGENT0, { max_age: '3600', prompt: 'none' }))
    expect(stale.left?.searchParams.get('error')).toBe('login_required')
    await makeOlder(world, first.sid, -3700)
    const fresh = await browser.open(buildAuthorizationUrl(AGENT0, { max_age: '3600' }))
    const kept = await claimsOf(world, fresh.left?.searchParams.get('code'))
    expect(kept.auth_time).toBeLessThan(first.auth_time)
  })

  test('a re-authentication as another user ends the first session', async () => {
    const world = await createWorld()
    const browser = world.browse()
    const tokens = await obtainTokens(world, browser, 'alice', PORTAL)
    const { sid } = decodeJwt<{ sid: string }>(tokens['id_token'] ?? '')
    const page = await browser.open(buildAuthorizationUrl(PORTAL, { prompt: 'login' }))
    const between = await browser.submit(page, { username: 'bob', password: PASSWORDS.bob })
    const back = await browser.submit(between, {})
    const answer = await redeem(world, PORTAL, back.left?.searchParams.get('code'))
    expect(decodeJwt(answer.json['id_token'] ?? '').sub).toBe('usr_bob')
    expect(await world.signIn.findSession(sid)).toBeUndefined()
    expect((await refresh(world, PORTAL, tokens['refresh_token'])).json['error']).toBe('invalid_grant')
  })

  test('login_hint fills in the user name, safely escaped', async () => {
    const world = await createWorld()
    const page = await world
      .browse()
      .open(buildAuthorizationUrl(AGENT0, { login_hint: '"><script>alert(1)</script>' }))
    expect(page.text).toContain('value="&quot;&gt;&lt;script&gt;')
    expect(page.text).not.toContain('<script')
  })
})

describe('the pages', () => {
  test('cannot be framed, cached, scripted, or made to send a referrer', async () => {
    const world = await createWorld()
    const page = await world.browse().open(buildAuthorizationUrl(PORTAL))
    expect(page.status).toBe(200)
    expect(page.text).toContain('<strong>Portal &amp; &lt;More&gt;</strong>')
    expect(page.headers.get('x-frame-options')).toBe('DENY')
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; font-src 'self'; form-action 'self' https:; frame-ancestors 'none'; base-uri 'none'$/,
    )
  })

  test('forms may only lead to the registered plain-http redirect URI of the app', async () => {
    const world = await createWorld()
    const page = await world.browse().open(buildAuthorizationUrl(AGENT0))
    expect(page.headers.get('content-security-policy')).toContain(
      "form-action 'self' https: http://127.0.0.1:4004;",
    )
  })

  test.each([
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['another site, according to the browser', { 'sec-fetch-site': 'cross-site', origin: 'null' }, 403],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }, 403],
    ['our own page without referrer', { 'sec-fetch-site': 'same-origin', origin: 'null' }, 401],
    ['a program without browser headers', {}, 401],
  ])('a form sent from %s', async (_, headers, status) => {
    const world = await createWorld()
    const browser = world.browse()
    const page = await browser.open(buildAuthorizationUrl(AGENT0))
    const cookie = [...browser.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ')
    const body = new URLSearchParams({ username: 'alice', password: 'wrong' })
    const sent = await world.signIn.fetch(
      new Request(page.url, { method: 'POST', body, headers: { ...headers, cookie } }),
    )
    expect(sent.status).toBe(status)
  })

  test('a sign-in belongs to the browser that started it', async () => {
    const world = await createWorld()
    const page = await world.browse().open(buildAuthorizationUrl(AGENT0))
    const stranger = await world.browse().open(page.url)
    expect([stranger.status, stranger.text.includes('This sign-in has expired')]).toEqual([400, true])
  })

  test('cookies are inaccessible to scripts, other sites and, over https, sibling hosts', async () => {
    const baseUrl = 'https://idp.acme.test'
    const world = await createWorld({ baseUrl, loopback: false })
    const cookies: string[] = []
    const browser = createBrowser(baseUrl, async (request) => {
      request.headers.set('host', 'evil.example')
      request.headers.set('x-forwarded-proto', 'http')
      const response = await world.signIn.fetch(request)
      cookies.push(...response.headers.getSetCookie())
      return response
    })
    expect((await signInAs(browser, 'alice', AGENT0, {}, baseUrl)).left?.searchParams.has('code')).toBe(true)
    for (const cookie of cookies)
      expect(cookie).toMatch(/; samesite=lax; secure; httponly(; expires=[^;]+)?$/)
    const names = new Set(cookies.map((cookie) => cookie.split(/[=.]/)[0]))
    expect(names).toEqual(
      new Set([
        'crosswalk_interaction',
        'crosswalk_resume',
        '__Host-crosswalk_pending',
        '__Host-crosswalk_session',
        '__Host-crosswalk_browser',
      ]),
    )
  })

  test('plain http is only allowed for loopback', async () => {
    await expect(createWorld({ loopback: false })).rejects.toThrow('baseUrl must be https')
    await expect(createWorld({ cookieKeys: ['short'] })).rejects.toThrow('cookieKeys')
  })

  test('programs get errors in JSON, users as a page; nothing is cached', async () => {
    const world = await createWorld()
    const token = await post(world, '/token', AGENT0, { grant_type: 'password' })
    expect([token.status, token.json['error']]).toEqual([400, 'unsupported_grant_type'])
    const body = new URLSearchParams({ grant_type: 'refresh_token' })
    const asBrowser = await world.signIn.fetch(
      new Request(`${ORIGIN}/token`, { method: 'POST', body, headers: { accept: 'text/html' } }),
    )
    expect(asBrowser.headers.get('content-type')).toContain('application/json')
    expect(asBrowser.headers.get('cache-control')).toBe('no-store')
    const page = await world.browse().open(`${ORIGIN}/nothing`)
    expect([page.status, page.text.includes('Page not found')]).toEqual([404, true])
    expect(world.faults).toEqual([])
  })

  test.each(['/jwks', '/.well-known/openid-configuration', '/JWKS/'])(
    '%s is served elsewhere',
    async (path) => {
      const world = await createWorld()
      expect((await world.signIn.fetch(new Request(`${ORIGIN}${path}`))).status).toBe(404)
    },
  )

  test.each(['/token', '/par', '/introspect', '/revoke', '/userinfo'])(
    '%s refuses other methods',
    async (path) => {
      const world = await createWorld()
      const response = await world.signIn.fetch(new Request(`${ORIGIN}${path}`, { method: 'DELETE' }))
      expect([response.status, response.headers.get('allow')?.includes('POST')]).toEqual([405, true])
      expect(response.headers.get('cache-control')).toBe('no-store')
    },
  )

  test('a fault is logged under the reference that the user sees, without further details', async () => {
    const reported: [unknown, string][] = []
    const fault = new Error('the disk at /var/secret is full')
    const world = await createWorld({}, { reportFault: (...report) => void reported.push(report) })
    const page = await world.browse().open(buildAuthorizationUrl(AGENT0))
    expect(page.status).toBe(200)
    world.store.upsert = () => Promise.reject(fault)
    const broken = await world.browse().open(buildAuthorizationUrl(AGENT0, { redirect_uri: AGENT0.callback }))
    expect(reported.map(([error]) => error)).toEqual([fault])
    const told = `${broken.text}${broken.left?.href}`
    expect(told).toContain('server_error')
    expect(told).not.toContain('secret')
    const lost = await createWorld(
      {},
      { reportFault: (...report) => void reported.push(report), users: failing(fault) },
    )
    const form = lost.browse()
    const refused = await form.submit(await form.open(buildAuthorizationUrl(AGENT0)), {
      username: 'alice',
      password: 'x',
    })
    expect([refused.status, refused.text.includes(reported.at(-1)?.[1] ?? 'none')]).toEqual([500, true])
  })

  test('a body over 64 KiB is refused', async () => {
    const world = await createWorld()
    const body = new URLSearchParams({ token: 'x'.repeat(65_536) })
    const response = await world.signIn.fetch(new Request(`${ORIGIN}/introspect`, { method: 'POST', body }))
    expect(response.status).toBe(413)
  })
})

test('everything also works under a path', async () => {
  const world = await createWorld({ baseUrl: `${ORIGIN}/idp` })
  const browser = world.browse()
  const page = await browser.open(buildAuthorizationUrl(NATIVE).replace(`${ORIGIN}/`, `${ORIGIN}/idp/`))
  expect(page.url).toMatch(/^http:\/\/127\.0\.0\.1:4000\/idp\/sign-in\//)
  const back = await browser.submit(page, { username: 'alice', password: PASSWORDS.alice })
  expect(back.left?.searchParams.get('code')).toEqual(expect.any(String))
  expect((await world.signIn.metadata())['token_endpoint']).toBe(`${ORIGIN}/idp/token`)
})
