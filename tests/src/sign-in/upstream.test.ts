// Sign-in through the company's own identity provider, over real HTTP: which user it is here, the facts of the sign-in, and who is
// rejected.
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { TOTP } from 'otpauth'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

import { describeWithBrowser, openTestBrowser } from '../../../tools/test-browser.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import {
  type Answer,
  basic,
  exchange,
  postForm,
  redeem as redeemIdJag,
  type Tokens,
} from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { buildAuthorizationUrl, redeemCode, redeemTokens } from './code-flow.ts'
import { openRedirectBrowser, type Page, type RedirectBrowser } from './redirect-browser.ts'
import { type CorpUser, type CorpProvider, startCorpProvider } from './upstream-provider.ts'

let corp: CorpProvider
let server: TestServer
let admin: Admin

beforeAll(async () => {
  corp = await startCorpProvider()
  server = await startTestServer({
    file(baseUrl) {
      corp.open(['corp', 'jit'].map((id) => `${baseUrl}/sign-in/upstream/${id}`))
      const { issuer, client } = corp
      const upstream = {
        id: 'corp',
        type: 'oidc',
        name: 'Acme SSO',
        issuer,
        clientId: client.id,
        clientSecret: client.secret,
        claims: { groups: 'groups' },
        mfa: ['mfa', 'urn:corp:smartcard'],
        link: ['username'],
      }
      const file = company(baseUrl, {
        idp: {
          name: 'Acme',
          upstream: [
            upstream,
            { ...upstream, id: 'jit', name: 'Acme Partners', provisioning: 'jit', role: 'auditor' },
          ],
        },
      })
      const roles = { owner: { groups: ['chiefs'] }, auditor: { groups: ['auditors'] } }
      return { ...file, admin: { ...(file.admin as object), roles } }
    },
  })
  admin = adminOf(server.baseUrl)
})
afterEach(() => {
  expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
})
afterAll(async () => {
  await server.stop()
  await corp.close()
})

const openBrowser = () => openRedirectBrowser(REDIRECT_URI)

const authorizationUrl = (extra: Readonly<Record<string, string>> = {}) =>
  buildAuthorizationUrl(server.baseUrl, extra)

async function signInWith(
  person: CorpUser | undefined,
  {
    upstream = 'corp',
    extra = {},
    browser = openBrowser(),
  }: {
    upstream?: string
    extra?: Readonly<Record<string, string>>
    browser?: RedirectBrowser
  } = {},
): Promise<Page & { readonly browser: RedirectBrowser }> {
  corp.user = person
  const page = await browser.go(authorizationUrl(extra))
  return { ...(await browser.submit(page, { upstream })), browser }
}

const redeem = (page: Page) => redeemCode(server.baseUrl, page)

const person = (username: string, more: Partial<CorpUser> = {}, claims = {}): CorpUser => ({
  sub: `corp-${username}`,
  claims: { preferred_username: username, name: `The ${username}`, ...claims },
  amr: ['pwd'],
  ...more,
})

const failures = async () =>
  server.events(async (reader) =>
    (await reader.list({ log: 'idp', limit: 100 })).items
      .map(({ event }) => event)
      .filter(({ type }) => type === 'signin.failed')
      .map(({ reason, actor }) => [reason, actor.id]),
  )

describe('the sign-in page', () => {
  it('links to each provider by name, next to the password form', async () => {
    const page = await openBrowser().go(authorizationUrl())
    expect(page.text).toContain('name="password"')
    expect(page.text).toMatch(/name="upstream"\s+value="corp"/)
    expect(page.text).toContain('Continue with Acme SSO')
    expect(page.text).toContain('<span>Acme</span>')
  })

  it('sends PKCE, state, nonce, and the requirements of the app', async () => {
    await signInWith(person('alice'), { extra: { prompt: 'login', max_age: '3600', login_hint: 'alice' } })
    const asked = corp.asked.at(-1) ?? new URLSearchParams()
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: corp.client.id,
      response_type: 'code',
      redirect_uri: `${server.baseUrl}/sign-in/upstream/corp`,
      scope: 'openid profile email',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      prompt: 'login',
      max_age: '3600',
      login_hint: 'alice',
    })
  })

  it('returns to an administrator testing the app, with a code', async () => {
    const callback = `${server.baseUrl}/admin/prove/callback`
    const page = await signInWith(person('alice'), { extra: { redirect_uri: callback, prompt: 'login' } })
    expect(page.url).toMatch(`${callback}?code=`)
    expect(page.text).toContain('This proof cannot continue')
  })
})

describe('the user', () => {
  it('is found by username once, then by subject, with the facts of the sign-in', async () => {
    const signedInAt = Math.floor(Date.now() / 1000) - 500
    const idToken = await redeem(await signInWith(person('alice', { signedInAt, acr: 'urn:corp:silver' })))
    expect(decodeJwt(idToken)).toMatchObject({
      sub: 'usr_alice',
      preferred_username: 'alice',
      auth_time: signedInAt,
      acr: 'urn:corp:silver',
      amr: ['pwd'],
    })
    const { items } = await server.events((reader) =>
      reader.list({ log: 'idp', types: ['signin.succeeded'], limit: 1 }),
    )
    expect(items[0]?.event).toMatchObject({
      actor: { kind: 'user', id: 'usr_alice' },
      target: { kind: 'app', id: AGENT.id },
      authentication: { acr: 'urn:corp:silver', amr: ['pwd'] },
      source: { upstream: 'corp' },
    })
    expect((await exchange(server.baseUrl, idToken, { resource: TODO })).status).toBe(200)
    const renamed = person('alice', {}, { preferred_username: 'alice.married' })
    expect(decodeJwt(await redeem(await signInWith(renamed)))).toMatchObject({ sub: 'usr_alice' })
  })

  it('is not another user who gets the username there later', async () => {
    await signInWith(person('bob'))
    const successor = await signInWith(person('bob', { sub: 'corp-another-bob' }))
    expect([successor.status, successor.text]).toEqual([
      403,
      expect.stringContaining('no account for you here'),
    ])
    expect((await failures())[0]).toEqual(['upstream-user-taken', 'upstream:corp'])
    expect(decodeJwt(await redeem(await signInWith(person('bob'))))).toMatchObject({ sub: 'usr_bob' })
  })

  it('is rejected if no user here matches, with advice', async () => {
    const page = await signInWith(person('mallory'))
    expect([page.status, page.text]).toEqual([403, expect.stringContaining('Ask your IT administrator')])
    expect((await failures())[0]).toEqual(['upstream-user-unknown', 'upstream:corp'])
    // It is still the sign-in page.
    expect(page.text).toContain('name="password"')
  })

  it('is rejected while deactivated or suspended here', async () => {
    const page = await signInWith(person('dave'))
    expect([page.status, page.text]).toEqual([403, expect.stringContaining('not active')])
    expect((await failures())[0]).toEqual(['inactive', 'usr_dave'])
    const body = { reason: 'test' }
    await admin('POST', '/users/usr_carol/suspend', { body })
    expect((await signInWith(person('carol'))).text).toContain('not active')
    await admin('POST', '/users/usr_carol/resume', { body })
    expect(decodeJwt(await redeem(await signInWith(person('carol'))))).toMatchObject({ sub: 'usr_carol' })
  })

  it('is created just in time if configured, and updated at each sign-in', async () => {
    const erin = person(
      'erin',
      {},
      { email: 'erin@acme.test', email_verified: true, groups: ['engineering'] },
    )
    const idToken = await redeem(await signInWith(erin, { upstream: 'jit' }))
    const { sub, ...claims } = decodeJwt(idToken)
    expect(claims).toMatchObject({
      preferred_username: 'erin',
      name: 'The erin',
      email: 'erin@acme.test',
      email_verified: true,
    })
    expect((await exchange(server.baseUrl, idToken, { resource: TODO })).status).toBe(200)
    expect((await admin('GET', `/users/${sub}`)).body).toMatchObject({
      owner: 'database',
      updatedBy: 'upstream:jit',
      groups: ['engineering'],
      hasPassword: false,
    })
    const moved = person('erin', {}, { email: 'erin@acme.test', email_verified: true, groups: ['sales'] })
    const later = await redeem(await signInWith(moved, { upstream: 'jit' }))
    expect(decodeJwt(later).sub).toBe(sub)
    expect((await exchange(server.baseUrl, later, { resource: TODO })).status).toBe(400)
    const events = await server.events((reader) => reader.list({ log: 'admin', limit: 10 }))
    expect(events.items.slice(0, 2).map(({ event }) => [event.type, event.actor])).toEqual([
      ['user.changed', { kind: 'system', id: 'upstream:jit' }],
      ['user.created', { kind: 'system', id: 'upstream:jit' }],
    ])
    for (const { event } of events.items.slice(0, 2))
      expect(event.source).toEqual({ interface: 'sign-in', ip: '127.0.0.1' })
    // An unchanged user is not written.
    await signInWith(moved, { upstream: 'jit' })
    const again = await server.events((reader) => reader.list({ log: 'admin', limit: 1 }))
    expect(again.items[0]?.event.id).toBe(events.items[0]?.event.id)
  })

  it('gets an admin role by its groups only up to the limit of the provider', async () => {
    const signInAs = async (...groups: string[]) => {
      const idToken = await redeem(await signInWith(person('hal', {}, { groups }), { upstream: 'jit' }))
      return `/users/${decodeJwt(idToken).sub}`
    }
    const readGroups = async (path: string) => (await admin('GET', path)).body.groups
    const path = await signInAs('chiefs', 'auditors', 'sales')
    expect(await readGroups(path)).toEqual(['auditors', 'sales'])
    await signInAs('chiefs', 'auditors')
    expect(await readGroups(path)).toEqual(['auditors'])
    // An owner gives it; from then on the provider may take it away.
    const body = { groups: ['chiefs'] }
    expect((await admin('PATCH', path, { ifMatch: '*', body })).status).toBe(200)
    await signInAs('chiefs', 'auditors')
    expect(await readGroups(path)).toEqual(['chiefs', 'auditors'])
    await signInAs('auditors')
    expect(await readGroups(path)).toEqual(['auditors'])
  })

  it('loses live tokens together with the group', async () => {
    const signInAs = async (...groups: string[]) =>
      redeem(await signInWith(person('gil', {}, { groups }), { upstream: 'jit' }))
    const issue = async (idToken: string) => {
      const { body } = await exchange(server.baseUrl, idToken, { resource: TODO })
      return String((await redeemIdJag(server.baseUrl, String(body.access_token))).body.access_token)
    }
    const isLive = async (token: string) => {
      const authorization = basic({ id: 'todo0-api', secret: 'todo0 api secret' })
      return (await postForm(`${server.baseUrl}/as/vendor/introspect`, { token }, { authorization })).body
        .active
    }
    const token = await issue(await signInAs('engineering'))
    await signInAs('engineering', 'sales')
    expect(await isLive(token)).toBe(true)
    await signInAs('sales')
    expect(await isLive(token)).toBe(false)
    const { items } = await server.events((reader) => reader.list({ types: ['token.revoked'], limit: 1 }))
    expect(items[0]?.event).toMatchObject({
      actor: { id: 'upstream:jit' },
      target: { kind: 'user' },
      change: { revoked_tokens: 1 },
    })
  })

  it.each([
    ['the unverified address of another user', 'hal', { email: 'alice@acme.test' }],
    ['an invalid address', 'ida', { email: 'ida' }],
    ['the user name of another user', 'jon', { preferred_username: 'alice' }],
  ])('loses a removed group even with %s', async (_, name, names) => {
    const address = { email: `${name}@acme.test`, email_verified: true }
    const before = person(name, {}, { ...address, groups: ['engineering'] })
    const { sub } = decodeJwt(await redeem(await signInWith(before, { upstream: 'jit' })))
    const after = person(name, {}, { ...address, email_verified: false, groups: ['sales'], ...names })
    await signInWith(after, { upstream: 'jit' })
    expect((await admin('GET', `/users/${sub}`)).body).toMatchObject({
      username: name,
      email: address.email,
      groups: ['sales'],
    })
  })

  it('keeps the names that a directory provisions, and follows the groups', async () => {
    const signInAs = async (email: string, group: string) => {
      const claims = { email, email_verified: true, groups: [group] }
      return decodeJwt(await redeem(await signInWith(person('kim', {}, claims), { upstream: 'jit' }))).sub
    }
    const sub = await signInAs('kim@acme.test', 'engineering')
    const body = { directory: 'okta' }
    expect((await admin('PATCH', `/users/${sub}`, { body, ifMatch: '*' })).status).toBe(200)
    await signInAs('ceo@acme.test', 'sales')
    expect((await admin('GET', `/users/${sub}`)).body).toMatchObject({
      username: 'kim',
      email: 'kim@acme.test',
      groups: ['sales'],
    })
  })

  it('created just in time takes no one else’s place', async () => {
    const other = person('fay', {}, { email: 'erin@acme.test', email_verified: true })
    expect((await signInWith(other, { upstream: 'jit' })).status).toBe(403)
    const nameless = { sub: 'corp-gus', claims: { name: 'Gus' } }
    const page = await signInWith(nameless, { upstream: 'jit' })
    expect(page.status).toBe(403)
    expect((await failures()).slice(0, 2)).toEqual([
      ['upstream-user-incomplete', 'upstream:jit'],
      ['upstream-user-taken', 'upstream:jit'],
    ])
    const [incomplete, taken] = (
      await server.events((reader) => reader.list({ log: 'idp', limit: 100 }))
    ).items
      .map(({ event }) => event)
      .filter(({ type }) => type === 'signin.failed')
    expect(incomplete?.change).toEqual({ missing_claims: ['preferred_username'] })
    expect(taken).not.toHaveProperty('change')
  })

  it('from the file keeps the attributes in the file', async () => {
    await redeem(await signInWith(person('alice', {}, { groups: ['sales'] })))
    expect((await admin('GET', '/users/usr_alice')).body).toMatchObject({
      owner: 'file',
      groups: ['engineering'],
    })
  })
})

describe('a second factor', () => {
  it.each([
    [{ amr: ['pwd', 'mfa'] }, ['pwd', 'mfa']],
    [{ acr: 'urn:corp:smartcard', amr: ['sc'] }, ['sc']],
  ])('is required here if configured: %j', async (strength, amr) => {
    const page = await signInWith(person('alice', strength), { extra: { acr_values: 'mfa' } })
    expect(decodeJwt(await redeem(page))).toMatchObject({ acr: 'mfa', amr })
    expect(Object.fromEntries(corp.asked.at(-1) ?? [])).toMatchObject({
      prompt: 'login',
      acr_values: 'mfa urn:corp:smartcard',
    })
  })

  it('is added here if the sign-in there was not strong enough', async () => {
    const { browser, ...page } = await signInWith(person('carol'), { extra: { acr_values: 'mfa' } })
    expect(page.text).toContain('Set up a second step')
    const secret = /<p class="key"><code>([A-Z2-7 ]+)</.exec(page.text)?.[1]?.replaceAll(' ', '') ?? ''
    const back = await browser.submit(page, { code: new TOTP({ secret }).generate() })
    expect(decodeJwt(await redeem(back))).toMatchObject({
      sub: 'usr_carol',
      acr: 'mfa',
      amr: ['pwd', 'otp'],
    })
  })

  it('is not claimed if nothing is known', async () => {
    const { acr, amr } = decodeJwt(await redeem(await signInWith(person('bob', { amr: undefined as never }))))
    expect([acr, amr]).toEqual([undefined, undefined])
  })
})

describe('the return', () => {
  /** Signs in there, and withholds the response from the browser. */
  async function intercept(browser: RedirectBrowser) {
    corp.user = person('alice')
    const page = await browser.go(authorizationUrl())
    const action = /<form[^>]*\baction="([^"]*)"/.exec(page.text)?.[1] ?? ''
    return { page, action }
  }

  /** Signs in at the provider. @returns the URL to which it redirects, without going there */
  async function findReturn(browser: RedirectBrowser): Promise<string> {
    const { action } = await intercept(browser)
    const original = globalThis.fetch
    let back = ''
    globalThis.fetch = async (input, init) => {
      const response = await original(input, init)
      const location = response.headers.get('location') ?? ''
      if (!location.includes('/sign-in/upstream/corp?')) return response
      back = location
      return new Response(null, { status: 204 })
    }
    try {
      await browser.go(action, { upstream: 'corp' })
    } finally {
      globalThis.fetch = original
    }
    return back
  }

  it('is not accepted at the redirect URI of another provider, which could be the one that sent it', async () => {
    const browser = openBrowser()
    const back = await findReturn(browser)
    const mixed = await browser.go(back.replace('/upstream/corp?', '/upstream/jit?'))
    expect([mixed.status, mixed.text]).toEqual([400, expect.stringContaining('This sign-in has expired')])
    expect((await browser.go(back)).url).toContain('?code=')
  })

  it('of a user who declines shows it and offers another attempt', async () => {
    const page = await signInWith(undefined)
    expect([page.status, page.text]).toEqual([
      403,
      expect.stringContaining('You were not signed in by Acme SSO'),
    ])
    corp.user = person('alice')
    expect(decodeJwt(await redeem(await page.browser.submit(page, { upstream: 'corp' })))).toMatchObject({
      sub: 'usr_alice',
    })
  })

  it('works once, in the browser that started', async () => {
    const sent: string[] = []
    const browser = openBrowser()
    const { action } = await intercept(browser)
    const original = globalThis.fetch
    globalThis.fetch = async (input, init) => {
      const response = await original(input, init)
      const location = response.headers.get('location')
      if (location?.includes('/sign-in/upstream/corp?') === true) sent.push(location)
      return response
    }
    try {
      expect(
        new URL((await browser.go(action, { upstream: 'corp' })).url).searchParams.get('code'),
      ).not.toBeNull()
    } finally {
      globalThis.fetch = original
    }
    const [back = ''] = sent
    expect((await browser.go(back)).text).toContain('This sign-in has expired')
    const other = openBrowser()
    await intercept(other)
    const foreign = await other.go(back)
    expect([foreign.status, foreign.text]).toEqual([400, expect.stringContaining('This sign-in has expired')])
  })

  it('is not accepted on the page of another browser, which would sign its user in as someone else', async () => {
    const [browser, other] = [openBrowser(), openBrowser()]
    const back = await findReturn(browser)
    const { headers } = await fetch(back, { redirect: 'manual' })
    const own = new URL(headers.get('location') ?? '', back).href
    const { action: foreign } = await intercept(other)
    const refused = await other.go(`${foreign}${new URL(own).search}`)
    expect([refused.status, refused.text]).toEqual([
      403,
      expect.stringContaining('This attempt to sign in is over. Try again.'),
    ])
    expect((await browser.go(own)).url).toContain('?code=')
  })

  it.each([
    ['nothing', ''],
    ['an unknown state', '?state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code=x'],
  ])('with %s is rejected', async (_, query) => {
    const page = await openBrowser().go(`${server.baseUrl}/sign-in/upstream/corp${query}`)
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('This sign-in has expired')])
  })

  it('with an earlier sign-in is not enough if a new one was requested', async () => {
    const signedInAt = (seconds: number) =>
      person('carol', { signedInAt: Math.floor(Date.now() / 1000) - seconds })
    const old = await signInWith(signedInAt(600), { extra: { prompt: 'login' } })
    expect([old.status, old.text]).toEqual([403, expect.stringContaining('does not work at the moment')])
    const faults = (server.log as string[]).splice(0).filter((line) => line.startsWith('fault'))
    expect(faults).toEqual([expect.stringContaining('the user did not sign in again')])
    const fresh = await signInWith(signedInAt(5), { extra: { prompt: 'login' } })
    expect(fresh.url).toContain('?code=')
    expect((await signInWith(signedInAt(600))).url).toContain('?code=')
  })

  it('for an unconfigured provider does not exist', async () => {
    const browser = openBrowser()
    const page = await browser.go(authorizationUrl())
    expect((await browser.submit(page, { upstream: 'other' })).status).toBe(400)
  })
})

describe('the end of the session there (IDP-19)', () => {
  const OFFLINE = { scope: 'openid offline_access' }
  const now = () => Math.floor(Date.now() / 1000)
  const until = (end: unknown, more = {}) => person('alice', {}, { session_expiry: end, ...more })
  const setTime = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: ms })
  const silently = (browser: RedirectBrowser, extra = {}) =>
    browser.go(authorizationUrl({ prompt: 'none', ...extra }))
  const byIdToken = ({ idToken }: Tokens) => exchange(server.baseUrl, idToken, { resource: TODO })
  const byRefreshToken = ({ refreshToken }: Tokens) =>
    exchange(server.baseUrl, refreshToken, { subject_token_type: TOKEN_TYPE.refreshToken, resource: TODO })
  const refresh = ({ refreshToken }: Tokens) => {
    const form = { grant_type: GRANT_TYPE.refreshToken, refresh_token: refreshToken }
    return postForm(`${server.baseUrl}/token`, form, { authorization: basic(AGENT) })
  }
  const readUserinfo = ({ accessToken }: Tokens) =>
    fetch(`${server.baseUrl}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } })
  const codeOf = async ({ headers }: Answer) =>
    (await admin('GET', `/decisions/${headers.get('crosswalk-decision') ?? ''}`)).body.code
  afterEach(() => void vi.useRealTimers())

  it('ends the session here, and all that apps got from it', async () => {
    const end = now() + 200
    const { browser, ...page } = await signInWith(until(end), { extra: OFFLINE })
    const tokens = await redeemTokens(server.baseUrl, page)
    expect(decodeJwt(tokens.idToken)).toMatchObject({ exp: end, session_expiry: end })
    for (const { body } of [await byIdToken(tokens), await byRefreshToken(tokens)])
      expect(decodeJwt(String(body.access_token))).toMatchObject({ exp: end, session_expiry: end })
    setTime(end * 1000 - 1)
    expect((await readUserinfo(tokens)).status).toBe(200)
    expect([(await byIdToken(tokens)).status, (await byRefreshToken(tokens)).status]).toEqual([200, 200])
    const { body } = await refresh(tokens)
    expect(decodeJwt(String(body.id_token)).exp).toBe(end)
    // Neither use lengthens it.
    expect((await silently(browser)).url).toContain('?code=')
    const last = { ...tokens, refreshToken: String(body.refresh_token) }
    setTime(end * 1000)
    expect((await silently(browser)).url).toContain('error=login_required')
    expect((await readUserinfo(last)).status).toBe(401)
    expect((await refresh(last)).body.error).toBe('invalid_grant')
    const denied = [await byIdToken(last), await byRefreshToken(last)]
    vi.useRealTimers()
    expect(await Promise.all(denied.map(codeOf))).toEqual(['XAA1205', 'XAA1205'])
  })

  it('moves with another sign-in there, also for the refresh tokens of the app', async () => {
    const [end, later] = [now() + 100, now() + 300]
    const { browser, ...page } = await signInWith(until(end), { extra: OFFLINE })
    const tokens = await redeemTokens(server.baseUrl, page)
    const extra = { ...OFFLINE, prompt: 'login' }
    expect((await signInWith(until(later), { browser, extra })).url).toContain('?code=')
    setTime(later * 1000 - 1)
    expect((await silently(browser)).url).toContain('?code=')
    expect((await byRefreshToken(tokens)).status).toBe(200)
    setTime(later * 1000)
    expect((await silently(browser)).url).toContain('error=login_required')
    expect((await byRefreshToken(tokens)).status).toBe(400)
  })

  it('no longer counts after a sign-in that states none', async () => {
    const { browser } = await signInWith(until(now() + 100))
    const page = await signInWith(person('alice'), { browser, extra: { prompt: 'login' } })
    const idToken = await redeem(page)
    const { body } = await exchange(server.baseUrl, idToken, { resource: TODO })
    for (const token of [idToken, String(body.access_token)])
      expect(decodeJwt(token)).not.toHaveProperty('session_expiry')
    setTime((now() + 101) * 1000)
    expect((await silently(browser)).url).toContain('?code=')
  })

  it('stays the same with a second factor that is added here', async () => {
    const end = now() + 100
    const extra = { acr_values: 'mfa' }
    const mona = { ...until(end, { preferred_username: 'mona' }), sub: 'corp-mona' }
    const { browser, ...page } = await signInWith(mona, { upstream: 'jit', extra })
    const secret = /<p class="key"><code>([A-Z2-7 ]+)</.exec(page.text)?.[1]?.replaceAll(' ', '') ?? ''
    const back = await browser.submit(page, { code: new TOTP({ secret }).generate() })
    expect(decodeJwt(await redeem(back))).toMatchObject({ acr: 'mfa', exp: end })
    setTime(end * 1000)
    expect((await silently(browser)).url).toContain('error=login_required')
  })

  it('does not lengthen the session here', async () => {
    const hours = 3600_000
    const { browser } = await signInWith(until(now() + 90 * 86_400))
    const usedAt = Date.now()
    setTime(usedAt + 12 * hours - 10_000)
    expect((await silently(browser)).url).toContain('?code=')
    setTime(usedAt + 24 * hours)
    expect((await silently(browser)).url).toContain('error=login_required')
  })

  it.each([
    ['is over', () => now() - 31],
    ['is not a time', () => 'tomorrow'],
  ])('that %s rejects the sign-in, and the event says why', async (_, end) => {
    const page = await signInWith(until(end()))
    expect([page.status, page.text]).toEqual([403, expect.stringContaining('does not work at the moment')])
    expect((await failures())[0]).toEqual(['upstream-failed', 'upstream:corp'])
    const faults = (server.log as string[]).splice(0).filter((line) => line.startsWith('fault'))
    expect(faults).toEqual([expect.stringContaining('session_expiry')])
  })

  it('that is over within the clock skew signs in for one second', async () => {
    setTime(Math.ceil(Date.now() / 1000) * 1000)
    const { browser, ...page } = await signInWith(until(now() - 29))
    expect(decodeJwt(await redeem(page)).exp).toBe(now() + 1)
    setTime(Date.now() + 1000)
    expect((await silently(browser)).url).toContain('error=login_required')
  })
})

describe('signing out', () => {
  it('here continues with signing out there', async () => {
    const { browser } = await signInWith(person('alice'))
    const question = await browser.go(`${server.baseUrl}/session/end`)
    const xsrf = /name="xsrf"\s+value="([^"]*)"/.exec(question.text)?.[1] ?? ''
    const done = await browser.submit(question, { xsrf, logout: 'yes' })
    expect(done.text).toContain('You are signed out')
    expect(done.text).toContain('Sign out of Acme SSO')
    expect(done.text).toContain(`href="${corp.issuer}/session/end?client_id=${corp.client.id}"`)
  })
})

describeWithBrowser('in a browser', () => {
  it('has a page whose content policy allows the redirects to the provider and the app', async () => {
    corp.user = person('alice')
    const browser = await openTestBrowser()
    const context = await browser.newContext({
      viewport: { width: 320, height: 720 },
      javaScriptEnabled: false,
    })
    context.setDefaultTimeout(10_000)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    await page.goto(authorizationUrl())
    // Nothing listens at the app; only the redirect matters.
    const arrived = page.waitForRequest((request) => request.url().startsWith(REDIRECT_URI))
    await page.getByRole('button', { name: 'Continue with Acme SSO' }).click()
    expect(new URL((await arrived).url()).searchParams.get('code')).toMatch(/^[\w-]{20,}$/)
    expect(complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([])
    await browser.close()
  })
})

it('accepts no password if users only sign in elsewhere', async () => {
  const { issuer, client } = corp
  const only = await startTestServer({
    file: (baseUrl) =>
      company(baseUrl, {
        idp: {
          passwordSignIn: false,
          upstream: [{ id: 'corp', type: 'oidc', issuer, clientId: client.id, clientSecret: client.secret }],
        },
      }),
  })
  const browser = openBrowser()
  const page = await browser.go(authorizationUrl().replace(server.baseUrl, only.baseUrl))
  expect(page.text).not.toContain('name="password"')
  expect(page.text).toContain(`Continue with ${new URL(issuer).host}`)
  const refused = await browser.submit(page, { username: 'alice', password: PASSWORD })
  expect(refused.status).toBe(400)
  await only.stop()
})
