import { decodeJwt } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'

import {
  buildAuthorizationUrl,
  introspect,
  obtainTokens,
  post,
  redeem,
  refresh,
  toForm,
} from './testing/flow.ts'
import { GRANT_TTL_SECONDS, REFRESH_TOKEN_TTL_SECONDS } from './lifetimes.ts'
import type { EndedSession } from './contract.ts'
import { nameSession } from './provider/sessions.ts'
import type { Browser } from './testing/browser.ts'
import { AGENT0, createSigningKey, createWorld, ORIGIN, PORTAL, type World } from './testing/world.ts'

afterEach(() => void vi.useRealTimers())

const sidOf = (idToken: string | undefined) => decodeJwt<{ sid: string }>(idToken ?? '').sid

async function prepare() {
  const world = await createWorld()
  const browser = world.browse()
  const tokens = await obtainTokens(world, browser, 'alice', AGENT0)
  return { world, browser, tokens, refreshToken: tokens['refresh_token'] ?? '' }
}

const refusal = async (world: World, token: string, clientId = 'agent0') => {
  const found = await world.signIn.findRefreshToken(token, clientId)
  return found.accepted ? 'live' : found.refusal
}

async function signOut(
  browser: Browser,
  parameters: Record<string, string | undefined> = {},
  answer = 'yes',
) {
  const page = await browser.open(`${ORIGIN}/session/end?${toForm(parameters)}`)
  return browser.submit(page, answer === '' ? {} : { logout: answer })
}

describe('refresh tokens', () => {
  test('rotate, and keep the user, the sign-in time and the session', async () => {
    const { world, tokens, refreshToken } = await prepare()
    const second = await refresh(world, AGENT0, refreshToken)
    expect(second.status).toBe(200)
    expect(second.json['refresh_token']).not.toBe(refreshToken)
    const [before, after] = [tokens['id_token'], second.json['id_token']].map((token) =>
      decodeJwt(token ?? ''),
    )
    for (const claim of ['sub', 'auth_time', 'sid', 'azp', 'aud', 'iss', 'amr', 'email']) {
      expect([claim, after?.[claim]]).toEqual([claim, before?.[claim]])
    }
    expect(after?.['at_hash']).not.toBe(before?.['at_hash'])
  })

  test('reusing a rotated token revokes the family (RFC 9700 section 4.14)', async () => {
    const { world, refreshToken } = await prepare()
    const second = await refresh(world, AGENT0, refreshToken)
    const reused = await refresh(world, AGENT0, refreshToken)
    expect([reused.status, reused.json['error']]).toEqual([400, 'invalid_grant'])
    expect((await refresh(world, AGENT0, second.json['refresh_token'])).json['error']).toBe('invalid_grant')
    expect((await introspect(world, AGENT0, second.json['access_token'])).json).toEqual({ active: false })
  })

  test.each([
    [
      'one after the other',
      async (world: World, token: string) => {
        await refresh(world, AGENT0, token)
        await refresh(world, AGENT0, token)
      },
    ],
    [
      'at once',
      (world: World, token: string) =>
        Promise.all([refresh(world, AGENT0, token), refresh(world, AGENT0, token)]),
    ],
    [
      'and then exchanged',
      async (world: World, token: string) => {
        await refresh(world, AGENT0, token)
        await refusal(world, token)
      },
    ],
  ])('a token used twice, %s, ends what the ID tokens of this app lead to', async (_, useTwice) => {
    const ended: [EndedSession, boolean][] = []
    let sid = ''
    const world: World = await createWorld(
      {},
      {
        async revokeSession(session) {
          ended.push([session, (await world.signIn.findSession(sid)) !== undefined])
        },
      },
    )
    const browser = world.browse()
    const tokens = await obtainTokens(world, browser, 'alice', AGENT0)
    sid = sidOf(tokens['id_token'])
    const portal = sidOf((await obtainTokensSilently(world, browser))['id_token'])
    expect(await world.signIn.findSession(sid)).toBeDefined()
    await useTwice(world, tokens['refresh_token'] ?? '')
    expect(await world.signIn.findSession(sid)).toBeUndefined()
    expect(await world.signIn.findSession(portal)).toBeDefined()
    const session = { userId: 'usr_alice', clientId: 'agent0', session: nameSession(sid), byApp: true }
    // Once more after the end, which finds what was issued in between.
    expect([ended[0], ended.at(-1)]).toEqual([
      [session, true],
      [session, false],
    ])
    // The next sign-in of the app in this session does not bring the old ID tokens back.
    const next = await obtainTokensSilently(world, browser, AGENT0)
    expect(await world.signIn.findSession(sidOf(next['id_token']))).toBeDefined()
    expect(await world.signIn.findSession(sid)).toBeUndefined()
  })

  test('two concurrent uses: at most one wins, and the family is revoked', async () => {
    const { world, refreshToken } = await prepare()
    const answers = await Promise.all([
      refresh(world, AGENT0, refreshToken),
      refresh(world, AGENT0, refreshToken),
    ])
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    for (const { json } of answers) {
      if (json['refresh_token'] !== undefined)
        expect(await refusal(world, json['refresh_token'])).not.toBe('live')
    }
  })

  test('are bound to their app', async () => {
    const { world, refreshToken } = await prepare()
    expect((await refresh(world, PORTAL, refreshToken)).json['error']).toBe('invalid_grant')
    expect((await introspect(world, PORTAL, refreshToken)).json).toEqual({ active: false })
    await post(world, '/revoke', PORTAL, { token: refreshToken })
    expect((await refresh(world, AGENT0, refreshToken)).status).toBe(200)
  })

  test('may be narrowed, never widened', async () => {
    const { world, refreshToken } = await prepare()
    const wider = await refresh(world, AGENT0, refreshToken, { scope: 'openid admin' })
    expect(wider.json['error']).toBe('invalid_scope')
    const narrower = await refresh(world, AGENT0, refreshToken, { scope: 'openid' })
    expect(decodeJwt(narrower.json['id_token'] ?? '')['email']).toBeUndefined()
  })

  test('revoking a refresh token ends the grant', async () => {
    const { world, tokens, refreshToken } = await prepare()
    expect((await post(world, '/revoke', AGENT0, { token: refreshToken })).status).toBe(200)
    expect((await refresh(world, AGENT0, refreshToken)).json['error']).toBe('invalid_grant')
    expect((await introspect(world, AGENT0, tokens['access_token'])).json).toEqual({ active: false })
    expect(world.store.count('Grant')).toBe(0)
  })

  test('revoking an access token ends its refresh token, but not the grant', async () => {
    const { world, tokens, refreshToken } = await prepare()
    expect((await post(world, '/revoke', AGENT0, { token: tokens['access_token'] })).status).toBe(200)
    expect((await introspect(world, AGENT0, tokens['access_token'])).json).toEqual({ active: false })
    expect((await refresh(world, AGENT0, refreshToken)).json['error']).toBe('invalid_grant')
    expect(world.store.count('Grant')).toBe(1)
  })

  test('a new sign-in works after a revocation', async () => {
    const { world, browser, refreshToken } = await prepare()
    await post(world, '/revoke', AGENT0, { token: refreshToken })
    const { left } = await browser.open(buildAuthorizationUrl(AGENT0, { scope: 'openid offline_access' }))
    const again = await redeem(world, AGENT0, left?.searchParams.get('code'))
    expect((await refresh(world, AGENT0, again.json['refresh_token'])).status).toBe(200)
  })
})

describe('a refresh token as the subject of a token exchange (RT-02)', () => {
  test('is read without being consumed, with the original authentication (RT-05, RT-06)', async () => {
    const { world, tokens, refreshToken } = await prepare()
    const idToken = decodeJwt<{ auth_time: number; sid: string }>(tokens['id_token'] ?? '')
    const live = {
      accepted: true,
      value: {
        userId: 'usr_alice',
        authTime: idToken.auth_time,
        acr: 'pwd',
        amr: ['pwd'],
        sid: idToken.sid,
        scope: 'openid profile email offline_access',
      },
    }
    expect(await world.signIn.findRefreshToken(refreshToken, 'agent0')).toEqual(live)
    expect(await world.signIn.findRefreshToken(refreshToken, 'agent0')).toEqual(live)
    const second = (await refresh(world, AGENT0, refreshToken)).json['refresh_token'] ?? ''
    expect(await world.signIn.findRefreshToken(second, 'agent0')).toEqual(live)
  })

  test('an unknown token, or one of another app, changes nothing (RT-09)', async () => {
    const { world, refreshToken } = await prepare()
    expect(await refusal(world, 'x'.repeat(43))).toBe('unknown')
    expect(await refusal(world, '')).toBe('unknown')
    expect(await refusal(world, refreshToken, 'portal')).toBe('other-client')
    expect(await refusal(world, refreshToken)).toBe('live')
  })

  test('a rotated token revokes the family (RT-06)', async () => {
    const { world, refreshToken } = await prepare()
    const second = (await refresh(world, AGENT0, refreshToken)).json['refresh_token'] ?? ''
    expect(await refusal(world, refreshToken)).toBe('rotated')
    expect(await refusal(world, second)).toBe('unknown')
    expect((await refresh(world, AGENT0, second)).json['error']).toBe('invalid_grant')
  })

  test('reports an expired token', async () => {
    const { world, refreshToken } = await prepare()
    const row = (await world.store.find('RefreshToken', refreshToken)) ?? {}
    await world.store.upsert('RefreshToken', refreshToken, { ...row, exp: Math.floor(Date.now() / 1000) })
    expect(await refusal(world, refreshToken)).toBe('expired')
  })

  test.each([
    ['the user is inactive', async (world: World) => change(world.users, 'usr_alice', { active: false })],
    [
      'the user is no longer assigned',
      async (world: World) => change(world.users, 'usr_alice', { groups: [] }),
    ],
    ['the app is inactive', async (world: World) => change(world.apps, 'agent0', { active: false })],
    ['the user was removed', async (world: World) => world.users.delete('usr_alice')],
    ['the grant was removed', async (world: World) => world.store.revokeByGrantId('Grant', 'user:usr_alice')],
  ])('revoked when %s (RT-07)', async (_, revoke) => {
    const { world, refreshToken } = await prepare()
    expect(await refusal(world, refreshToken)).toBe('live')
    await revoke(world)
    expect(await refusal(world, refreshToken)).toBe('revoked')
  })

  test('sign-out ends it, but the expiry of the session does not', async () => {
    const { world, browser, refreshToken } = await prepare()
    const timedOut = await obtainTokens(world, world.browse(), 'alice', AGENT0)
    const { sid } = decodeJwt<{ sid: string }>(timedOut['id_token'] ?? '')
    await signOut(browser)
    expect(await refusal(world, refreshToken)).toBe('unknown')
    const [uid = ''] = sid.split('.')
    const session = await world.store.findByUid('Session', uid)
    await world.store.destroy('Session', String(session?.['jti']))
    expect(await world.store.findByUid('Session', uid)).toBeUndefined()
    expect(await world.signIn.findSession(sid)).toMatchObject({ userId: 'usr_alice', clientId: 'agent0' })
    expect(await refusal(world, timedOut['refresh_token'] ?? '')).toBe('live')
    const refreshed = await refresh(world, AGENT0, timedOut['refresh_token'])
    expect(sidOf(refreshed.json['id_token'])).toBe(sid)
    await post(world, '/revoke', AGENT0, { token: refreshed.json['refresh_token'] })
    expect(await world.signIn.findSession(sid)).toBeUndefined()
  })
})

test.each([
  ['as long as the sign-in, if that ends first', 3600, 3600],
  ['the normal lifetime, if the sign-in ends later', GRANT_TTL_SECONDS + 1, GRANT_TTL_SECONDS],
  ['the normal lifetime, if the sign-in does not end', undefined, GRANT_TTL_SECONDS],
])('a grant for a sign-in at another provider lives %s', async (_, endsInSeconds, lives) => {
  const world = await createWorld()
  const now = Math.floor(Date.now() / 1000)
  const about = { userId: 'usr_alice', clientId: 'agent0', scope: ['openid'], authTime: now }
  const token = await world.signIn.issueRefreshToken({ ...about, endsInSeconds })
  const { exp } = (await world.store.find('RefreshToken', token)) ?? {}
  const refreshToken = Number(exp) - now
  expect(Math.abs(refreshToken - Math.min(lives, REFRESH_TOKEN_TTL_SECONDS))).toBeLessThanOrEqual(5)
  vi.useFakeTimers({ toFake: ['Date'], now: (now + lives - 1) * 1000 })
  expect(world.store.count('Grant')).toBe(1)
  vi.setSystemTime((now + lives + 5) * 1000)
  expect(world.store.count('Grant')).toBe(0)
})

test('a refresh token for a sign-in at another provider is bound to the key that was proved', async () => {
  const world = await createWorld()
  const about = { userId: 'usr_alice', clientId: 'agent0', scope: ['openid'], authTime: 1 }
  const token = await world.signIn.issueRefreshToken({ ...about, dpopThumbprint: 'thumbprint' })
  expect(await world.signIn.findRefreshToken(token, 'agent0')).toMatchObject({
    accepted: true,
    value: { userId: 'usr_alice', dpopThumbprint: 'thumbprint' },
  })
})

function change<T extends object>(rows: Map<string, T>, id: string, members: Partial<T>): void {
  const row = rows.get(id)
  if (row) rows.set(id, { ...row, ...members })
}

describe('sessions', () => {
  test('an ID token leads to its session and app, until sign-out', async () => {
    const { world, browser, tokens } = await prepare()
    const { sid, auth_time } = decodeJwt<{ sid: string; auth_time: number }>(tokens['id_token'] ?? '')
    const portal = sidOf((await obtainTokensSilently(world, browser))['id_token'])
    expect(portal).not.toBe(sid)
    const session = { userId: 'usr_alice', authTime: auth_time, acr: 'pwd', amr: ['pwd'] }
    expect(await world.signIn.findSession(sid)).toEqual({ ...session, clientId: 'agent0' })
    expect(await world.signIn.findSession(portal)).toEqual({ ...session, clientId: 'portal' })
    for (const wrong of [
      '',
      sid.slice(0, -1),
      `${sid}x`,
      sid.split('.')[0] ?? '',
      `${sid.split('.')[0]}.${'x'.repeat(16)}`,
    ]) {
      expect([wrong, await world.signIn.findSession(wrong)]).toEqual([wrong, undefined])
    }
    const page = await signOut(browser)
    expect(page.text).toContain('You are signed out')
    expect(await world.signIn.findSession(sid)).toBeUndefined()
    expect(await world.signIn.findSession(portal)).toBeUndefined()
    expect(world.events.at(-1)).toMatchObject({ type: 'session.ended', actor: { id: 'usr_alice' } })
    expect((await introspect(world, AGENT0, tokens['access_token'])).json).toEqual({ active: false })
    expect((await browser.open(buildAuthorizationUrl(AGENT0))).text).toContain('name="password"')
  })

  test('a sign-out asks first, naming the app that sent the user', async () => {
    const { browser, tokens } = await prepare()
    const query = new URLSearchParams({ id_token_hint: tokens['id_token'] ?? '' })
    const [own, sent] = [
      await browser.open(`${ORIGIN}/session/end`),
      await browser.open(`${ORIGIN}/session/end?${query}`),
    ]
    for (const { text } of [own, sent]) expect(text).toContain('<h1>Sign out?</h1>')
    expect(own.text).not.toContain('asked to sign you out')
    expect(sent.text).toContain('<strong>Agent0</strong> asked to sign you out')
  })

  test('a sign-out that a fault interrupts revokes first, and can be repeated', async () => {
    const found: boolean[] = []
    let sid = ''
    const world: World = await createWorld(
      {},
      {
        async revokeSession() {
          found.push((await world.store.findByUid('Session', sid.split('.')[0] ?? '')) !== undefined)
          if (found.length === 1) throw new Error('the database is away')
        },
      },
    )
    const browser = world.browse()
    sid = sidOf((await obtainTokens(world, browser, 'alice', AGENT0, { scope: 'openid' }))['id_token'])
    const page = await browser.open(`${ORIGIN}/session/end`)
    expect((await browser.submit(page, { logout: 'yes' })).status).toBe(500)
    expect((await browser.submit(page, { logout: 'yes' })).text).toContain('You are signed out')
    // Once more after the end was recorded, which finds what was issued in between.
    expect([found, world.faults.length]).toEqual([[true, true, false], 1])
  })

  test('a sign-out of one app that a fault interrupts revokes first, and can be repeated', async () => {
    const asked: unknown[] = []
    let sid = ''
    const world: World = await createWorld(
      {},
      {
        async revokeSession({ clientId }) {
          asked.push([clientId, (await world.signIn.findSession(sid)) !== undefined])
          if (asked.length === 1) throw new Error('the database is away')
        },
      },
    )
    const browser = world.browse()
    const { id_token } = await obtainTokens(world, browser, 'alice', AGENT0, { scope: 'openid' })
    sid = sidOf(id_token)
    const page = await browser.open(`${ORIGIN}/session/end?${toForm({ id_token_hint: id_token })}`)
    expect((await browser.submit(page, {})).status).toBe(500)
    expect((await browser.submit(page, {})).status).toBe(200)
    const of = (isThere: boolean) => ['agent0', isThere]
    expect([asked, world.faults.length]).toEqual([[of(true), of(true), of(false)], 1])
  })

  test('without offline_access, an expired session leaves nothing', async () => {
    const world = await createWorld()
    const tokens = await obtainTokens(world, world.browse(), 'alice', AGENT0, { scope: 'openid' })
    const sid = sidOf(tokens['id_token'])
    expect(await world.signIn.findSession(sid)).toBeDefined()
    const session = await world.store.findByUid('Session', sid.split('.')[0] ?? '')
    await world.store.destroy('Session', String(session?.['jti']))
    expect(await world.signIn.findSession(sid)).toBeUndefined()
    expect((await introspect(world, AGENT0, tokens['access_token'])).json).toEqual({ active: false })
  })

  test('staying signed in signs out only the app that asked', async () => {
    const { world, browser, tokens } = await prepare()
    const portal = sidOf((await obtainTokensSilently(world, browser))['id_token'])
    const page = await signOut(browser, { id_token_hint: tokens['id_token'] }, '')
    expect(page.text).toContain('You are still signed in')
    expect(await world.signIn.findSession(sidOf(tokens['id_token']))).toBeUndefined()
    expect(await world.signIn.findSession(portal)).toBeDefined()
    const { left } = await browser.open(buildAuthorizationUrl(AGENT0))
    const again = await redeem(world, AGENT0, left?.searchParams.get('code'))
    expect(sidOf(again.json['id_token'])).not.toBe(sidOf(tokens['id_token']))
    expect(await world.signIn.findSession(sidOf(tokens['id_token']))).toBeUndefined()
  })

  test('all sessions of a user end together, but not those of others', async () => {
    const { world, tokens, refreshToken } = await prepare()
    const elsewhere = await obtainTokens(world, world.browse(), 'alice', PORTAL)
    const bob = await obtainTokens(world, world.browse(), 'bob', PORTAL)
    await world.signIn.endSessionsOfUser('usr_alice')
    for (const token of [tokens, elsewhere])
      expect(await world.signIn.findSession(sidOf(token['id_token']))).toBeUndefined()
    expect(await refusal(world, refreshToken)).toBe('revoked')
    expect((await refresh(world, AGENT0, refreshToken)).json['error']).toBe('invalid_grant')
    expect((await introspect(world, PORTAL, elsewhere['access_token'])).json).toEqual({ active: false })
    expect(await world.signIn.findSession(sidOf(bob['id_token']))).toBeDefined()
    expect((await refresh(world, PORTAL, bob['refresh_token'])).status).toBe(200)
  })

  test('sign-out returns the user to a registered address of the app, with its state', async () => {
    const { browser, tokens } = await prepare()
    const post_logout_redirect_uri = 'http://127.0.0.1:4004/bye'
    const { left } = await signOut(browser, {
      id_token_hint: tokens['id_token'],
      post_logout_redirect_uri,
      state: 's1',
    })
    expect(left?.href).toBe(`${post_logout_redirect_uri}?state=s1`)
  })

  test.each([
    ['an unregistered address', { client_id: 'agent0', post_logout_redirect_uri: 'https://evil.example/' }],
    [
      'a registered address with a suffix',
      { client_id: 'agent0', post_logout_redirect_uri: 'http://127.0.0.1:4004/bye/..' },
    ],
    ['an unknown app', { client_id: 'nobody', post_logout_redirect_uri: 'https://evil.example/' }],
  ])('sign-out is not an open redirect: %s', async (_, parameters) => {
    const { world, browser, tokens } = await prepare()
    const page = await browser.open(`${ORIGIN}/session/end?${toForm(parameters)}`)
    expect([page.status, page.left]).toEqual([400, undefined])
    expect(await world.signIn.findSession(sidOf(tokens['id_token']))).toBeDefined()
  })

  test('an address without an app is ignored', async () => {
    const { browser } = await prepare()
    const page = await signOut(browser, { post_logout_redirect_uri: 'https://evil.example/' })
    expect([page.left, page.text.includes('You are signed out')]).toEqual([undefined, true])
  })

  test('a tampered, foreign or borrowed id_token_hint is refused', async () => {
    const { world, browser, tokens } = await prepare()
    const [header, payload, signature = ''] = (tokens['id_token'] ?? '').split('.')
    const bent = Buffer.from(
      JSON.stringify({ ...decodeJwt(tokens['id_token'] ?? ''), sub: 'usr_bob' }),
    ).toString('base64url')
    const foreign = await createWorld()
    const theirs = await obtainTokens(foreign, foreign.browse(), 'alice', AGENT0)
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
    for (const hint of [
      `${header}.${bent}.${signature}`,
      `${none}.${payload}.`,
      theirs['id_token'],
      'rubbish',
      tokens['access_token'],
    ]) {
      const page = await browser.open(`${ORIGIN}/session/end?${toForm({ id_token_hint: hint })}`)
      expect([hint, page.status]).toEqual([hint, 400])
    }
    const page = await browser.open(
      `${ORIGIN}/session/end?${toForm({ id_token_hint: tokens['id_token'], client_id: 'portal' })}`,
    )
    expect(page.status).toBe(400)
    expect(world.faults).toEqual([])
  })

  test('sign-out requires the form of its own page', async () => {
    const { world, browser, tokens } = await prepare()
    const page = await browser.open(`${ORIGIN}/session/end`)
    const refused = await browser.submit(page, { xsrf: 'f'.repeat(48), logout: 'yes' })
    expect(refused.status).toBe(400)
    expect(await world.signIn.findSession(sidOf(tokens['id_token']))).toBeDefined()
  })
})

test('apps with a back-channel address get a logout token, which cannot be mistaken for another token', async () => {
  const calls: { url: string; body: string }[] = []
  const world = await createWorld(
    {},
    {
      fetch: async (url, init) => {
        calls.push({ url: String(url), body: String(init?.body) })
        return new Response(null, { status: 204 })
      },
    },
  )
  change(world.apps, 'agent0', { backchannelLogoutUri: 'http://127.0.0.1:4004/backchannel' })
  world.keys.unshift(await createSigningKey())
  const browser = world.browse()
  const tokens = await obtainTokens(world, browser, 'alice', AGENT0)
  await signOut(browser)
  expect(calls.map(({ url }) => url)).toEqual(['http://127.0.0.1:4004/backchannel'])
  const token = new URLSearchParams(calls[0]?.body).get('logout_token') ?? ''
  const { sub, sid, aud, iss, events, nonce } = decodeJwt(token)
  expect({ sub, sid, aud, iss, nonce }).toEqual({
    sub: 'usr_alice',
    sid: sidOf(tokens['id_token']),
    aud: 'agent0',
    iss: 'https://idp.acme.test',
    nonce: undefined,
  })
  expect(events).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} })
})

test.each([204, 500])(
  'apps get a logout token when all sessions of a user end, even if one responds %i',
  async (status) => {
    const calls: { url: string; sid: unknown }[] = []
    const world = await createWorld(
      {},
      {
        async fetch(url, init) {
          const token = new URLSearchParams(String(init?.body)).get('logout_token') ?? ''
          calls.push({ url: String(url), sid: decodeJwt(token)['sid'] })
          return new Response(null, { status })
        },
      },
    )
    change(world.apps, 'agent0', { backchannelLogoutUri: 'http://127.0.0.1:4004/agent' })
    change(world.apps, 'portal', { backchannelLogoutUri: 'http://127.0.0.1:4004/portal' })
    const [desk, phone] = [world.browse(), world.browse()]
    const agent = await obtainTokens(world, desk, 'alice', AGENT0)
    const portal = await obtainTokensSilently(world, desk)
    const other = await obtainTokens(world, phone, 'alice', AGENT0)
    await obtainTokens(world, world.browse(), 'bob', PORTAL)
    await world.signIn.endSessionsOfUser('usr_alice')
    await world.signIn.endSessionsOfUser('usr_alice')
    const told = [
      { url: 'http://127.0.0.1:4004/agent', sid: sidOf(agent['id_token']) },
      { url: 'http://127.0.0.1:4004/agent', sid: sidOf(other['id_token']) },
      { url: 'http://127.0.0.1:4004/portal', sid: sidOf(portal['id_token']) },
    ]
    await vi.waitFor(() => expect(calls).toHaveLength(told.length))
    expect(calls).toEqual(expect.arrayContaining(told))
  },
)

async function obtainTokensSilently(world: World, browser: Browser, app = PORTAL) {
  const { left } = await browser.open(buildAuthorizationUrl(app))
  return (await redeem(world, app, left?.searchParams.get('code'))).json
}
