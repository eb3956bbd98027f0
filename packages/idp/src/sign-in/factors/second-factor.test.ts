import { decodeJwt } from 'jose'
import { TOTP } from 'otpauth'
import { describe, expect, test, vi } from 'vitest'

import type { Browser, Visited } from '../testing/browser.ts'
import { buildAuthorizationUrl, obtainTokens, redeem, refresh, signInAs } from '../testing/flow.ts'
import { AGENT0, createWorld, NATIVE, ORIGIN, PASSWORDS, PORTAL, type World } from '../testing/world.ts'

const MFA = { acr_values: 'mfa' }

/**
 * A world with a clock that only `wait` moves, so that codes and delays do not depend on the speed of the machine. Every
 * code works once, so the next one needs a later step.
 */
async function createWorldWithClock(
  change: Parameters<typeof createWorld>[0] = {},
  ports: Parameters<typeof createWorld>[1] = {},
) {
  let nowMs = Date.now()
  const clock = { nowMs: () => nowMs }
  const world = await createWorld(change, { ...ports, clock })
  return { ...world, clock, wait: (seconds: number) => void (nowMs += seconds * 1000) }
}
type ClockedWorld = Awaited<ReturnType<typeof createWorldWithClock>>

const codeOf = (world: ClockedWorld, secret: string, steps = 0) =>
  new TOTP({ secret }).generate({ timestamp: world.clock.nowMs() + steps * 30_000 })

function readSecret(page: Visited): string {
  const shown = /<p class="key"><code>([A-Z2-7 ]+)<\/code>/.exec(page.text)?.[1]
  if (shown === undefined) throw new Error(`no key at ${page.url}: ${page.text}`)
  return shown.replaceAll(' ', '')
}

/** Alice with a factor that she enrolled herself. */
async function enrol(world: ClockedWorld, browser: Browser = world.browse()) {
  const page = await signInAs(browser, 'alice', AGENT0, MFA)
  const secret = readSecret(page)
  const back = await browser.submit(page, { code: codeOf(world, secret) })
  world.wait(30)
  return { secret, back, browser }
}

async function claimsOf(world: World, back: Visited, app = AGENT0) {
  const { json } = await redeem(world, app, back.left?.searchParams.get('code'))
  return decodeJwt(json['id_token'] ?? '')
}

const eventsOf = ({ events }: World) =>
  events.map(({ type, reason, authentication }) => [type, reason ?? authentication?.amr.join('+')])

describe('setting up a second factor', () => {
  test('follows the password, shows the key as QR code and text, and results in an mfa sign-in', async () => {
    const world = await createWorldWithClock()
    const browser = world.browse()
    const page = await signInAs(browser, 'alice', AGENT0, MFA)
    expect([page.status, page.left]).toEqual([200, undefined])
    expect(page.text).toContain('Set up a second step')
    expect(page.text).toMatch(/<svg [^>]*viewBox/)
    const secret = readSecret(page)
    expect(page.text).toContain(`secret=${secret}`)
    const back = await browser.submit(page, { code: codeOf(world, secret) })
    expect(await claimsOf(world, back)).toMatchObject({
      sub: 'usr_alice',
      acr: 'mfa',
      amr: ['pwd', 'otp'],
    })
    expect(eventsOf(world)).toEqual([
      ['signin.succeeded', 'pwd'],
      ['signin.factor_enrolled', undefined],
      ['signin.succeeded', 'pwd+otp'],
    ])
    expect(JSON.stringify(world.events)).not.toContain(secret)
  })

  test('keeps the secret sealed, even before it is confirmed', async () => {
    const world = await createWorldWithClock()
    const { secret } = await enrol(world)
    const kept = await world.secondFactors.findTotp('usr_alice')
    expect(kept?.sealedSecret).toMatch(/^v1\./)
    const page = await signInAs(world.browse(), 'bob', PORTAL, MFA)
    const pending = await world.store.find('FactorEnrolment', `${page.url.split('/').at(-1)} usr_bob`)
    expect(pending).toBeDefined()
    expect(JSON.stringify([kept, pending])).not.toContain(secret)
    expect(JSON.stringify(pending)).not.toContain(readSecret(page))
  })

  test('a wrong code shows the same key again, without a sign-in', async () => {
    const world = await createWorldWithClock()
    const browser = world.browse()
    const page = await signInAs(browser, 'alice', AGENT0, MFA)
    const again = await browser.submit(page, { code: '000000' })
    expect([again.status, readSecret(again)]).toEqual([401, readSecret(page)])
    expect(again.text).toContain('Wrong code.')
    expect(await world.secondFactors.findTotp('usr_alice')).toBeUndefined()
    const secret = readSecret(again)
    const back = await browser.submit(again, { code: codeOf(world, secret).replace(/(...)/, '$1 ') })
    expect(await claimsOf(world, back)).toMatchObject({ acr: 'mfa' })
  })

  test('requires the password again in an open session', async () => {
    const world = await createWorldWithClock()
    const browser = world.browse()
    await signInAs(browser, 'alice', AGENT0)
    const page = await browser.open(buildAuthorizationUrl(AGENT0, MFA))
    expect(page.text).toContain('name="password"')
    const next = await browser.submit(page, { username: 'alice', password: PASSWORDS.alice })
    expect(next.text).toContain('Set up a second step')
  })

  test('requires the password also if the factor that the page asked for has been removed', async () => {
    const world = await createWorldWithClock()
    await enrol(world)
    const browser = world.browse()
    await signInAs(browser, 'alice', AGENT0)
    const page = await browser.open(buildAuthorizationUrl(AGENT0, MFA))
    expect(page.text).toContain('Enter your code')
    await world.secondFactors.remove('usr_alice')
    const shown = await browser.open(page.url)
    expect([shown.status, shown.text.includes('class="key"')]).toEqual([400, false])
    expect((await browser.submit(page, { code: '000000' })).status).toBe(400)
  })

  test('in two windows: the first key counts, and the second window asks for its code', async () => {
    const world = await createWorldWithClock()
    const [first, second] = [world.browse(), world.browse()]
    const [page, late] = [
      await signInAs(first, 'alice', AGENT0, MFA),
      await signInAs(second, 'alice', AGENT0, MFA),
    ]
    const [secret, lateSecret] = [readSecret(page), readSecret(late)]
    expect(secret).not.toBe(lateSecret)
    await first.submit(page, { code: codeOf(world, secret) })
    const refused = await second.submit(late, { code: codeOf(world, lateSecret) })
    expect([refused.status, refused.left]).toEqual([403, undefined])
    expect(refused.text).toContain('Enter your code')
    expect(refused.text).toContain('You already set up a second step on another page.')
    expect((await second.submit(refused, { code: codeOf(world, secret, 1) })).left).toBeDefined()
  })

  test('is not offered to a user who may not use the app', async () => {
    const world = await createWorldWithClock()
    const page = await signInAs(world.browse(), 'bob', AGENT0, MFA)
    expect([page.status, page.text]).toEqual([403, expect.stringContaining('You have no access')])
  })
})

describe('the code of a factor', () => {
  test.each([
    ['acr_values', MFA],
    ['acr_values with an unknown name', { acr_values: 'urn:other mfa' }],
    ['the acr claim', { claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'mfa' } } }) }],
    [
      'the acr claim with several values',
      { claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['mfa'] } } }) },
    ],
  ])('is requested by %s, even in a session, and renews auth_time', async (_, change) => {
    const world = await createWorldWithClock()
    const { secret } = await enrol(world)
    const browser = world.browse()
    const before = await claimsOf(world, await signInAs(browser, 'alice', AGENT0))
    expect(before).toMatchObject({ acr: 'pwd', amr: ['pwd'] })
    world.wait(120)
    const page = await browser.open(buildAuthorizationUrl(AGENT0, change))
    expect(page.text).toContain('Enter your code')
    expect(page.text).not.toContain('name="password"')
    const after = await claimsOf(world, await browser.submit(page, { code: codeOf(world, secret) }))
    expect(after).toMatchObject({ acr: 'mfa', amr: ['pwd', 'otp'], sub: 'usr_alice' })
    expect(Number(after['auth_time']) - Number(before['auth_time'])).toBeGreaterThanOrEqual(120)
    const silent = await browser.open(buildAuthorizationUrl(AGENT0, { ...change, prompt: 'none' }))
    expect(await claimsOf(world, silent)).toMatchObject({ acr: 'mfa', auth_time: after['auth_time'] })
  })

  test('works once, and within one step of now', async () => {
    const world = await createWorldWithClock()
    const { secret } = await enrol(world)
    world.wait(300)
    const attempt = async (code: string) => {
      const browser = world.browse()
      const page = await signInAs(browser, 'alice', AGENT0, MFA)
      const answer = await browser.submit(page, { code })
      return answer.left === undefined ? answer.status : 'signed in'
    }
    expect(await attempt(codeOf(world, secret, -2))).toBe(401)
    expect(await attempt(codeOf(world, secret, 2))).toBe(401)
    const [before, now, after] = [-1, 0, 1].map((steps) => codeOf(world, secret, steps)) as [
      string,
      string,
      string,
    ]
    expect(await attempt(before)).toBe('signed in')
    expect(await attempt(before)).toBe(401)
    expect(await attempt(now)).toBe('signed in')
    expect(await attempt(now)).toBe(401)
    expect(await attempt(after)).toBe('signed in')
    expect(await attempt(now)).toBe(401)
    expect(eventsOf(world).filter(([type]) => type === 'signin.factor_failed')).toEqual([
      ['signin.factor_failed', 'wrong-code'],
      ['signin.factor_failed', 'wrong-code'],
      ['signin.factor_failed', 'used-code'],
      ['signin.factor_failed', 'used-code'],
      ['signin.factor_failed', 'used-code'],
    ])
  })

  test('sent twice concurrently signs in once', async () => {
    const world = await createWorldWithClock()
    const { secret } = await enrol(world)
    const tries = await Promise.all(
      [world.browse(), world.browse()].map(async (browser) => ({
        browser,
        page: await signInAs(browser, 'alice', AGENT0, MFA),
      })),
    )
    const code = codeOf(world, secret)
    const answers = await Promise.all(tries.map(({ browser, page }) => browser.submit(page, { code })))
    expect(answers.filter(({ left }) => left !== undefined)).toHaveLength(1)
  })

  test('can be guessed only as often as a password', async () => {
    const world = await createWorldWithClock({ failedSignInsBeforeDelay: 2 })
    const { secret } = await enrol(world)
    const browser = world.browse()
    let page = await signInAs(browser, 'alice', AGENT0, MFA)
    for (const attempt of [1, 2]) {
      page = await browser.submit(page, { code: '000000' })
      expect([attempt, page.status]).toEqual([attempt, 401])
    }
    page = await browser.submit(page, { code: codeOf(world, secret) })
    expect([page.status, page.headers.get('retry-after')]).toEqual([429, '1'])
    expect(eventsOf(world).at(-1)).toEqual(['signin.factor_failed', 'too-many-attempts'])
    world.wait(1)
    expect((await browser.submit(page, { code: codeOf(world, secret) })).left).toBeDefined()
  })

  test('that is wrong counts at all nodes, and one that is right at none', async () => {
    const add = vi.fn(async (_: string, lastMs: number) => ({ count: 1, lastMs }))
    const none = async () => undefined
    const failedSignIns = { add, find: none, claim: async () => true, takeBack: none, forget: none }
    const world = await createWorldWithClock({}, { failedSignIns })
    const { secret } = await enrol(world)
    const browser = world.browse()
    const page = await signInAs(browser, 'alice', AGENT0, MFA)
    expect(add).not.toHaveBeenCalled()
    const again = await browser.submit(page, { code: '000000' })
    expect(add).toHaveBeenCalledOnce()
    expect((await browser.submit(again, { code: codeOf(world, secret) })).left).toBeDefined()
    expect(add).toHaveBeenCalledOnce()
  })

  test('guesses at one app cause a delay at every app and in every browser, but not for other users', async () => {
    const world = await createWorldWithClock({ failedSignInsBeforeDelay: 2 })
    await enrol(world)
    await signInAs(world.browse(), 'bob', PORTAL, MFA)
    for (const app of [AGENT0, PORTAL]) {
      const browser = world.browse()
      const page = await signInAs(browser, 'alice', app, MFA)
      expect([app.id, (await browser.submit(page, { code: '000000' })).status]).toEqual([app.id, 401])
    }
    for (const app of [AGENT0, PORTAL, NATIVE]) {
      const browser = world.browse()
      const page = await signInAs(browser, 'alice', app, MFA)
      expect([app.id, (await browser.submit(page, { code: '000000' })).status]).toEqual([app.id, 429])
    }
    const bob = world.browse()
    const page = await signInAs(bob, 'bob', PORTAL, MFA)
    expect((await bob.submit(page, { code: codeOf(world, readSecret(page)) })).left).toBeDefined()
  })

  test('of another user does not work', async () => {
    const world = await createWorldWithClock()
    const { secret } = await enrol(world)
    const browser = world.browse()
    const page = await signInAs(browser, 'bob', PORTAL, MFA)
    expect((await browser.submit(page, { code: codeOf(world, secret) })).status).toBe(401)
  })

  test('of a user who has been deactivated does not sign in', async () => {
    const world = await createWorldWithClock()
    const { secret } = await enrol(world)
    const browser = world.browse()
    const page = await signInAs(browser, 'alice', AGENT0, MFA)
    const alice = world.users.get('usr_alice')
    if (alice) world.users.set('usr_alice', { ...alice, active: false })
    const answer = await browser.submit(page, { code: codeOf(world, secret) })
    expect([answer.status, answer.left]).toEqual([400, undefined])
  })

  test('is not accepted from another site, or without the cookie of its page', async () => {
    const world = await createWorldWithClock()
    const { secret } = await enrol(world)
    const browser = world.browse()
    const page = await signInAs(browser, 'alice', AGENT0, MFA)
    const body = new URLSearchParams({ code: codeOf(world, secret) })
    const send = (headers: Record<string, string>) =>
      world.signIn.fetch(new Request(page.url, { method: 'POST', body, headers }))
    const cookie = [...browser.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ')
    expect((await send({ cookie, origin: 'https://evil.example' })).status).toBe(403)
    expect((await send({ origin: ORIGIN })).status).toBe(400)
    expect((await browser.submit(page, { code: codeOf(world, secret) })).left).toBeDefined()
  })
})

describe('strength and age of a sign-in', () => {
  test('ID tokens contain pwd if nothing more was requested, even for users with a factor', async () => {
    const world = await createWorldWithClock()
    await enrol(world)
    for (const change of [
      {},
      { acr_values: 'pwd' },
      { acr_values: 'urn:other' },
      { acr_values: 'mfa pwd' },
    ]) {
      const tokens = await obtainTokens(world, world.browse(), 'alice', NATIVE, change)
      expect(decodeJwt(tokens['id_token'] ?? '')).toMatchObject({ acr: 'pwd', amr: ['pwd'] })
    }
  })

  test.each([
    ['prompt=login', { prompt: 'login' }],
    ['a session older than max_age', { max_age: '60' }],
  ])('%s with acr_values=mfa requires both, password first', async (_, change) => {
    const world = await createWorldWithClock()
    const { secret, browser } = await enrol(world)
    if ('max_age' in change) {
      // The library computes the age by the system clock, so backdate the sign-in instead.
      const session = findSession(world)
      await world.store.upsert(
        'Session',
        session.id,
        { ...session.payload, loginTs: nowSeconds() - 61 },
        3600,
      )
    }
    const page = await browser.open(buildAuthorizationUrl(AGENT0, { ...MFA, ...change }))
    expect(page.text).toContain('name="password"')
    const next = await browser.submit(page, { username: 'alice', password: PASSWORDS.alice })
    expect(next.text).toContain('Enter your code')
    expect(await claimsOf(world, await browser.submit(next, { code: codeOf(world, secret) }))).toMatchObject({
      acr: 'mfa',
    })
  })

  test('only a password in an mfa session makes it a pwd session: the latest sign-in counts', async () => {
    const world = await createWorldWithClock()
    const { browser } = await enrol(world)
    const page = await browser.open(buildAuthorizationUrl(AGENT0, { prompt: 'login' }))
    const back = await browser.submit(page, { username: 'alice', password: PASSWORDS.alice })
    expect(await claimsOf(world, back)).toMatchObject({ acr: 'pwd', amr: ['pwd'] })
  })

  test('prompt=none cannot ask for a code, and returns an error', async () => {
    const world = await createWorldWithClock()
    await enrol(world)
    const browser = world.browse()
    await signInAs(browser, 'alice', AGENT0)
    const { left } = await browser.open(buildAuthorizationUrl(AGENT0, { ...MFA, prompt: 'none' }))
    expect(left?.searchParams.get('error')).toBe('interaction_required')
  })

  test('an essential but unreachable acr is refused before sign-in', async () => {
    const world = await createWorldWithClock()
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:other' } } })
    const { left } = await world.browse().open(buildAuthorizationUrl(AGENT0, { claims }))
    expect(left?.searchParams.get('error')).toBe('unmet_authentication_requirements')
  })

  test('a refresh token keeps acr and auth_time of its sign-in (RT-05)', async () => {
    const world = await createWorldWithClock()
    const { secret } = await enrol(world)
    const browser = world.browse()
    const weak = await obtainTokens(world, browser, 'alice', AGENT0)
    const page = await browser.open(buildAuthorizationUrl(AGENT0, MFA))
    const strong = await claimsOf(world, await browser.submit(page, { code: codeOf(world, secret) }))
    expect(strong).toMatchObject({ acr: 'mfa' })
    const refreshed = await refresh(world, AGENT0, weak['refresh_token'])
    const { auth_time } = decodeJwt(weak['id_token'] ?? '')
    expect(decodeJwt(refreshed.json['id_token'] ?? '')).toMatchObject({ acr: 'pwd', amr: ['pwd'], auth_time })
    const looked = await world.signIn.findRefreshToken(refreshed.json['refresh_token'] ?? '', 'agent0')
    expect(looked).toMatchObject({ accepted: true, value: { acr: 'pwd', authTime: auth_time } })
  })

  test('metadata lists the supported values', async () => {
    const world = await createWorldWithClock()
    expect(await world.signIn.metadata()).toMatchObject({
      acr_values_supported: ['pwd', 'mfa'],
      claims_parameter_supported: true,
    })
  })
})

const nowSeconds = () => Math.floor(Date.now() / 1000)

function findSession({ store }: World) {
  const [session] = store.list('Session')
  if (session === undefined) throw new Error('no user is signed in')
  return session
}
