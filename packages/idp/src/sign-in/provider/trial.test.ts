import { describe, expect, test } from 'vitest'

import type { Browser } from '../testing/browser.ts'
import { buildAuthorizationUrl, post, redeem, signInAs } from '../testing/flow.ts'
import { AGENT0, createWorld, NATIVE, ORIGIN, PORTAL, type World } from '../testing/world.ts'

const CALLBACK = `${ORIGIN}/admin/prove/callback`
const TRIAL = { redirect_uri: CALLBACK, prompt: 'login' }

async function createTrialWorld() {
  const ended: unknown[] = []
  const world = await createWorld(
    { trialRedirectUri: CALLBACK },
    { revokeSession: async (session) => void ended.push(session) },
  )
  return { world, browser: world.browse(), ended }
}

/** Reads the code at the browser's return address, which has no server here. */
const codeOf = (url: string) => new URL(url).searchParams.get('code')

const endTrial = (world: World, browser: Browser) => {
  const cookie = [...browser.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ')
  return world.signIn.endTrial(new Request(CALLBACK, { headers: { cookie } }), undefined)
}

describe('a trial', () => {
  test('signs in another user, while the session of the browser is unchanged', async () => {
    const { world, browser, ended } = await createTrialWorld()
    const own = await signInAs(browser, 'bob', PORTAL)
    const session = browser.cookies.get('crosswalk_session')
    const page = await browser.open(buildAuthorizationUrl(AGENT0, TRIAL))
    expect(page.text).toContain('This is a trial')
    const trial = await signInAs(browser, 'alice', AGENT0, TRIAL)
    expect(trial.url).toContain(`${CALLBACK}?code=`)
    expect(browser.cookies.get('crosswalk_session')).toEqual(session)
    const tokens = await redeem(world, AGENT0, codeOf(trial.url), { redirect_uri: CALLBACK })
    expect(tokens.status).toBe(200)
    expect((await redeem(world, PORTAL, own.left?.searchParams.get('code'))).status).toBe(200)
    const { userId, cookies } = await endTrial(world, browser)
    expect({ userId, ended }).toEqual({
      userId: 'usr_alice',
      ended: Array(2).fill({ userId: 'usr_alice', session: expect.any(String) }),
    })
    expect(cookies.map((cookie) => cookie.split('=')[0]).sort()).toEqual([
      'crosswalk_trial_session',
      'crosswalk_trial_session.sig',
    ])
    const userinfo = await world.signIn.fetch(
      new Request(`${ORIGIN}/userinfo`, {
        headers: { authorization: `Bearer ${tokens.json['access_token']}` },
      }),
    )
    expect(userinfo.status).toBe(401)
    const again = await browser.open(buildAuthorizationUrl(PORTAL))
    expect(again.left?.searchParams.has('code'), 'the own session is still good').toBe(true)
  })

  test('that a fault interrupts at its end can be ended again', async () => {
    const { world, browser, ended } = await createTrialWorld()
    await signInAs(browser, 'alice', AGENT0, TRIAL)
    ended.push = () => {
      ended.push = Array.prototype.push
      throw new Error('the database is away')
    }
    await expect(endTrial(world, browser)).rejects.toThrow('away')
    expect((await endTrial(world, browser)).userId).toBe('usr_alice')
    expect(ended).toHaveLength(2)
  })

  test('cannot be pushed: it would use the session of the browser', async () => {
    const { world, browser } = await createTrialWorld()
    await signInAs(browser, 'bob', PORTAL)
    const { searchParams } = new URL(buildAuthorizationUrl(PORTAL, { redirect_uri: CALLBACK }))
    const pushed = await post(world, '/par', PORTAL, Object.fromEntries(searchParams))
    expect(pushed).toMatchObject({ status: 400, json: { error: 'invalid_request' } })
  })

  test('leaves no code after it ends, and the next trial starts without a user', async () => {
    const { world, browser } = await createTrialWorld()
    const first = await signInAs(browser, 'alice', AGENT0, TRIAL)
    const second = await signInAs(browser, 'bob', PORTAL, TRIAL)
    expect(codeOf(second.url)).not.toBeNull()
    const refused = await redeem(world, AGENT0, codeOf(first.url), { redirect_uri: CALLBACK })
    expect(refused).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    await endTrial(world, browser)
    const late = await redeem(world, PORTAL, codeOf(second.url), { redirect_uri: CALLBACK })
    expect(late).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    expect(await endTrial(world, world.browse())).toEqual({ cookies: [] })
  })

  test.each([
    ['an app without sign-in', { redirectUris: [] }, CALLBACK],
    ['another port, for an app that may use any port', {}, CALLBACK.replace('4000', '4999')],
    ['an address with a longer path', {}, `${CALLBACK}/more`],
  ])('is refused for %s', async (_, change, redirectUri) => {
    const { world, browser } = await createTrialWorld()
    const native = world.apps.get(NATIVE.id)
    if (native !== undefined) world.apps.set(NATIVE.id, { ...native, ...change })
    const page = await browser.open(buildAuthorizationUrl(NATIVE, { ...TRIAL, redirect_uri: redirectUri }))
    expect(page.status).toBe(400)
  })

  test('does not exist unless an address is configured', async () => {
    const world = await createWorld()
    const page = await world.browse().open(buildAuthorizationUrl(AGENT0, TRIAL))
    expect(page.status).toBe(400)
  })
})
