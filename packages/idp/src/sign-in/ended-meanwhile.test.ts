// What ends while a request uses it stays ended: the provider library saves the state it read before, which could
// otherwise let a stolen cookie keep a session alive across a password change.
import { expect, test } from 'vitest'

import { revokeGrant } from './provider/adapter.ts'
import { createBrowser } from './testing/browser.ts'
import { hashPassword } from './passwords.ts'
import { buildAuthorizationUrl, obtainTokens, redeem, refresh, signInAs } from './testing/flow.ts'
import { createMemorySignInStore } from './testing/memory-sign-in-store.ts'
import { AGENT0, createWorld, ORIGIN, PASSWORDS, PORTAL, type World } from './testing/world.ts'

/** A world in which something happens once, right after a record was read. */
async function createHeldWorld() {
  const store = createMemorySignInStore({ nowMs: () => Date.now() })
  let held: { readonly model: string; readonly meanwhile: () => Promise<unknown> } | undefined
  const world = await createWorld(
    {},
    {
      store: {
        ...store,
        async find(model, id) {
          const found = await store.find(model, id)
          if (found === undefined || held?.model !== model) return found
          const { meanwhile } = held
          held = undefined
          await meanwhile()
          return found
        },
      },
    },
  )
  return {
    ...world,
    store,
    once(model: string, meanwhile: () => Promise<unknown>) {
      held = { model, meanwhile }
    },
  }
}

const silently = (app = AGENT0) => buildAuthorizationUrl(app, { prompt: 'none' })

test('a session that an administrator ends during its use', async () => {
  const world = await createHeldWorld()
  const browser = world.browse()
  await obtainTokens(world, browser, 'alice', AGENT0)
  expect((await browser.open(silently())).left?.searchParams.get('code')).toEqual(expect.any(String))
  world.once('Session', () => world.signIn.endSessionsOfUser('usr_alice'))
  await browser.open(silently())
  expect([world.store.count('Session'), world.store.count('Grant')]).toEqual([0, 0])
  expect((await browser.open(silently())).left?.searchParams.get('error')).toBe('login_required')
})

test('a session that ends while the user continues to an app without a grant', async () => {
  const world = await createHeldWorld()
  const browser = world.browse()
  await obtainTokens(world, browser, 'alice', AGENT0)
  world.once('Session', () => world.signIn.endSessionsOfUser('usr_alice'))
  await browser.open(silently(PORTAL))
  expect([world.store.count('Session'), world.store.count('Grant')]).toEqual([0, 0])
})

test('a grant that ends during its use revokes its refresh tokens', async () => {
  const world = await createHeldWorld()
  const browser = world.browse()
  const tokens = await obtainTokens(world, browser, 'alice', AGENT0)
  const next = await refresh(world, AGENT0, tokens['refresh_token'])
  expect(next.status).toBe(200)
  world.once('Grant', () => world.signIn.endSessionsOfUser('usr_alice'))
  await browser.open(silently())
  expect(world.store.count('Grant')).toBe(0)
  expect((await refresh(world, AGENT0, next.json['refresh_token'])).json['error']).toBe('invalid_grant')
})

test('a grant that is revoked during its use, while the session continues', async () => {
  const world = await createHeldWorld()
  const browser = world.browse()
  await obtainTokens(world, browser, 'alice', AGENT0)
  const [grant] = world.store.list('Grant')
  world.once('Grant', () => revokeGrant(world.store, String(grant?.payload['jti'])))
  const { left } = await browser.open(silently())
  expect(world.store.count('Grant')).toBe(0)
  const late = await redeem(world, AGENT0, left?.searchParams.get('code'))
  expect([late.status, late.json['error']]).toEqual([400, 'invalid_grant'])
  const again = await browser.open(silently())
  expect((await redeem(world, AGENT0, again.left?.searchParams.get('code'))).status).toBe(200)
})

test('a session that its user ends in one window while another window uses it', async () => {
  const world = await createHeldWorld()
  const browser = world.browse()
  await obtainTokens(world, browser, 'alice', AGENT0)
  world.once('Session', async () => {
    const page = await browser.open(`${ORIGIN}/session/end`)
    await browser.submit(page, { logout: 'yes' })
  })
  const kept = new Map(browser.cookies)
  await browser.open(silently())
  expect(kept.size).toBeGreaterThan(0)
  expect(world.store.list('Session').filter(({ payload }) => payload['accountId'] !== undefined)).toEqual([])
})

test('a sign-in in a browser with a session gets a new cookie', async () => {
  const world = await createHeldWorld()
  const browser = world.browse()
  await obtainTokens(world, browser, 'alice', AGENT0)
  const [before] = world.store.list('Session')
  await obtainTokens(world, browser, 'alice', AGENT0, { prompt: 'login' })
  const after = world.store.list('Session')
  expect(after).toHaveLength(1)
  expect(after[0]?.id).not.toBe(before?.id)
  expect(after[0]?.payload['uid']).toBe(before?.payload['uid'])
  expect((await browser.open(silently())).left?.searchParams.get('code')).toEqual(expect.any(String))
})

test('a sign-in that was complete but for its last redirect when an administrator ended all sessions', async () => {
  const world = await createHeldWorld()
  const browser = createBrowser(ORIGIN, async (request) => {
    if (new URL(request.url).pathname.startsWith('/authorize/'))
      await world.signIn.endSessionsOfUser('usr_alice')
    return world.signIn.fetch(request)
  })
  const { status, left } = await signInAs(browser, 'alice', AGENT0)
  expect([status, left, world.store.count('Session'), world.store.count('Grant')]).toEqual([
    400,
    undefined,
    0,
    0,
  ])
})

test.each([
  ['the same password', PASSWORDS.alice, [303, 1, 1]],
  ['another password', 'another horse of alice', [400, 0, 0]],
])('a sign-in that continues after an administrator set %s', async (_, next, expected) => {
  let hash = await hashPassword(PASSWORDS.alice)
  const nextHash = next === PASSWORDS.alice ? hash : await hashPassword(next)
  const world: World = await createWorld(
    {},
    {
      passwordHashes: { find: async () => hash },
      // Between the verification and its response
      async record({ type }) {
        if (type !== 'signin.succeeded') return
        hash = nextHash
        await world.signIn.endSessionsOfUser('usr_alice')
      },
    },
  )
  const { status } = await signInAs(world.browse(), 'alice', AGENT0)
  expect([status, world.store.count('Session'), world.store.count('Grant')]).toEqual(expected)
})

test.each([
  ['keeps', PORTAL.callback, PORTAL.callback],
  ['loses', 'https://portal.example/other', undefined],
])('a redirect URI that an app %s while its user signs in', async (_, next, destination) => {
  const world = await createWorld()
  const browser = world.browse()
  const page = await browser.open(buildAuthorizationUrl(PORTAL))
  const portal = world.apps.get('portal')
  if (portal === undefined) throw new Error('no such app')
  world.apps.set('portal', { ...portal, redirectUris: [next] })
  const after = await browser.submit(page, { username: 'alice', password: PASSWORDS.alice })
  expect(after.left && after.left.origin + after.left.pathname).toBe(destination)
  if (destination === undefined)
    expect([after.status, after.text.includes('invalid_redirect_uri')]).toEqual([400, true])
})
