import { zOidcUpstream } from '@crosswalk/protocol'
import { describe, expect, test } from 'vitest'

import type { Upstreams } from '../ports.ts'
import { createBrowser } from './testing/browser.ts'
import { buildAuthorizationUrl, post, signInAs } from './testing/flow.ts'
import { AGENT0, type App, createWorld, NATIVE, ORIGIN, PASSWORDS, PORTAL } from './testing/world.ts'
import { limitPending } from './pending-requests.ts'

const MODELS = [
  'Interaction',
  'Session',
  'PushedAuthorizationRequest',
  'UpstreamSignIn',
  'Grant',
  'ReplayDetection',
]

describe('abandoned requests', () => {
  test('of a thousand from one address the newest 300 remain, and the last one still signs in', async () => {
    const world = await createWorld()
    const send = (request: Request) => world.signIn.fetch(request, '203.0.113.66')
    const first = createBrowser(ORIGIN, send)
    const oldest = await first.open(buildAuthorizationUrl(PORTAL))
    for (let time = 0; time < 999; time += 1)
      await send(new Request(buildAuthorizationUrl(PORTAL, { state: 's'.repeat(2048) })))
    expect(MODELS.map((model) => world.store.count(model))).toEqual([300, 0, 0, 0, 0, 0])
    expect((await first.open(oldest.url)).status).toBe(400)

    const last = createBrowser(ORIGIN, send)
    const page = await last.open(buildAuthorizationUrl(PORTAL))
    const back = await last.submit(page, { username: 'alice', password: PASSWORDS.alice })
    expect(back.left?.searchParams.get('code')).toEqual(expect.any(String))
    expect(world.store.count('Interaction')).toBe(299)
  })

  test('from one address do not displace those of another', async () => {
    const world = await createWorld()
    const here = createBrowser(ORIGIN, (request) => world.signIn.fetch(request, '198.51.100.10'))
    const page = await here.open(buildAuthorizationUrl(PORTAL))
    for (let time = 0; time < 400; time += 1)
      await world.signIn.fetch(new Request(buildAuthorizationUrl(PORTAL)), '203.0.113.66')
    expect(world.store.count('Interaction')).toBe(301)
    const back = await here.submit(page, { username: 'alice', password: PASSWORDS.alice })
    expect(back.left?.searchParams.get('code')).toEqual(expect.any(String))
  })

  test('have a total limit: the address with the most of them loses its oldest', async () => {
    const { store } = await createWorld()
    const limited = limitPending(store, { nowMs: () => Date.now() }, { perAddress: 5, altogether: 3 })
    for (const id of ['a', 'b', 'c', 'd']) await limited.upsert('Interaction', id, { jti: id }, 60)
    expect(store.list('Interaction').map(({ id }) => id)).toEqual(['b', 'c', 'd'])
    // Ended requests and updates do not count.
    await limited.destroy('Interaction', 'b')
    await limited.upsert('Interaction', 'c', { jti: 'c', result: {} }, 60)
    await limited.upsert('Interaction', 'e', { jti: 'e' }, 60)
    expect(store.list('Interaction').map(({ id }) => id)).toEqual(['c', 'd', 'e'])
    for (const id of ['1', '2', '3', '4'])
      await limited.upsert('Session', id, { jti: id, accountId: 'usr_alice' }, 60)
    expect(store.count('Session')).toBe(4)
  })

  test('to sign out without a session are limited in number and size', async () => {
    const world = await createWorld()
    const send = (request: Request) => world.signIn.fetch(request, '203.0.113.66')
    const alice = createBrowser(ORIGIN, send)
    // Her session begins without a user.
    await alice.open(`${ORIGIN}/session/end`)
    await signInAs(alice, 'alice', PORTAL)
    for (let time = 0; time < 400; time += 1) await send(new Request(`${ORIGIN}/session/end?state=s`))
    expect(
      world.store.list('Session').filter(({ payload }) => payload['accountId'] === undefined),
    ).toHaveLength(300)
    const again = await alice.open(buildAuthorizationUrl(PORTAL, { prompt: 'none' }))
    expect(again.left?.searchParams.get('code')).toEqual(expect.any(String))

    const open = (length: number) => send(new Request(`${ORIGIN}/session/end?state=${'s'.repeat(length)}`))
    expect((await open(8186)).status).toBe(200)
    expect((await open(8187)).status).toBe(400)
  })

  test('that a public app pushed are limited, those of an app with a secret are not', async () => {
    const world = await createWorld()
    const push = async (app: App) => {
      const url = new URL(buildAuthorizationUrl(app))
      const body = url.searchParams
      const headers = new Headers()
      app.authenticate(headers, body)
      const request = new Request(`${ORIGIN}/par`, { method: 'POST', body, headers })
      return (await world.signIn.fetch(request, '203.0.113.66')).json() as Promise<{ request_uri: string }>
    }
    for (let time = 0; time < 310; time += 1) await push(NATIVE)
    expect(world.store.count('PushedAuthorizationRequest')).toBe(300)
    for (let time = 0; time < 10; time += 1) await push(AGENT0)
    expect(world.store.count('PushedAuthorizationRequest')).toBe(310)

    const { request_uri } = await push(NATIVE)
    const query = new URLSearchParams({ client_id: NATIVE.id, request_uri })
    const page = await world.browse().open(`${ORIGIN}/authorize?${query}`)
    expect(page.text).toContain('name="password"')
  })
})

describe('sign-ins at another provider', () => {
  const ISSUER = 'https://login.corp.test'
  const upstream = [
    zOidcUpstream.parse({ id: 'corp', type: 'oidc', issuer: ISSUER, clientId: 'c', clientSecret: 's' }),
  ]
  const metadata = { issuer: ISSUER, authorization_endpoint: `${ISSUER}/authorize` }
  const upstreams = { fetch: () => async () => Response.json(metadata) } as unknown as Upstreams

  test('that one address began do not displace those of another', async () => {
    const world = await createWorld({ upstream }, { upstreams })
    const begin = async (ip: string, times: number) => {
      const browser = createBrowser(ORIGIN, (request) => world.signIn.fetch(request, ip))
      const page = await browser.open(buildAuthorizationUrl(PORTAL))
      for (let time = 0; time < times; time += 1)
        expect((await browser.submit(page, { upstream: 'corp' })).left?.origin).toBe(ISSUER)
    }
    await begin('198.51.100.10', 1)
    const [mine] = world.store.list('UpstreamSignIn')
    await begin('203.0.113.66', 310)
    expect(world.store.count('UpstreamSignIn')).toBe(301)
    expect(world.store.list('UpstreamSignIn')[0]?.id).toBe(mine?.id)
  })
})

describe('parameters of a request', () => {
  const sized = (length: number) => 'x'.repeat(length)

  test.each([
    ['state', {}],
    ['nonce', {}],
    ['login_hint', {}],
    ['ui_locales', {}],
  ])('%s may have 2048 characters, but not more', async (name) => {
    const world = await createWorld()
    const fits = await world.browse().open(buildAuthorizationUrl(PORTAL, { [name]: sized(2048) }))
    expect([fits.status, fits.left]).toEqual([200, undefined])
    const { left } = await world.browse().open(buildAuthorizationUrl(PORTAL, { [name]: sized(2049) }))
    expect(left?.searchParams.get('error')).toBe('invalid_request')
    expect(left?.searchParams.get('error_description')).toBe(`${name} is longer than 2048 characters`)
    expect(world.store.count('Interaction')).toBe(1)
  })

  test('together may have 6144 characters, but not more', async () => {
    const world = await createWorld()
    const own = buildAuthorizationUrl(PORTAL, { state: undefined, nonce: undefined })
    const used = [...new URL(own).searchParams.values()].join('').length
    const rest = 6144 - used - 4096
    const change = { state: sized(2048), nonce: sized(2048) }
    const fits = await world
      .browse()
      .open(buildAuthorizationUrl(PORTAL, { ...change, login_hint: sized(rest) }))
    expect(fits.left).toBeUndefined()
    const { left } = await world
      .browse()
      .open(buildAuthorizationUrl(PORTAL, { ...change, login_hint: sized(rest + 1) }))
    expect(left?.searchParams.get('error_description')).toBe('the request is longer than 6144 characters')
  })

  test('the limits apply to pushed requests as well', async () => {
    const world = await createWorld()
    const push = (state: string) => {
      const url = new URL(buildAuthorizationUrl(AGENT0, { state }))
      return post(world, '/par', AGENT0, Object.fromEntries(url.searchParams))
    }
    expect((await push(sized(2048))).status).toBe(201)
    expect((await push(sized(2049))).json).toMatchObject({ error: 'invalid_request' })
  })
})
