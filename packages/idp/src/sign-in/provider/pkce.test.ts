import { beforeEach, describe, expect, test } from 'vitest'

import { buildAuthorizationUrl, redeem, signInAs, toForm, VERIFIER } from '../testing/flow.ts'
import { AGENT0, type App, createWorld, NATIVE, PORTAL, type World } from '../testing/world.ts'

const WITHOUT = { code_challenge: undefined, code_challenge_method: undefined }

let world: World
beforeEach(async () => {
  world = await createWorld()
  for (const { id } of [PORTAL, NATIVE]) {
    const app = world.apps.get(id)
    if (app) world.apps.set(id, { ...app, pkce: 'optional' })
  }
})

const ask = async (app: App, change = {}) =>
  (await world.browse().open(buildAuthorizationUrl(app, change))).left?.searchParams

describe('a confidential app with optional PKCE', () => {
  test('signs users in with a nonce', async () => {
    const { left } = await signInAs(world.browse(), 'alice', PORTAL, WITHOUT)
    const answer = await redeem(world, PORTAL, left?.searchParams.get('code'), { code_verifier: undefined })
    expect([answer.status, typeof answer.json['id_token']]).toEqual([200, 'string'])
  })

  test('must send a nonce without PKCE, which binds the code instead', async () => {
    const refused = await ask(PORTAL, { ...WITHOUT, nonce: undefined })
    expect([refused?.get('error'), refused?.get('error_description')]).toEqual([
      'invalid_request',
      'nonce is required in a request without code_challenge',
    ])
    expect(await ask(PORTAL, { nonce: undefined })).toBeUndefined()
  })

  test('must complete PKCE once started, and cannot be downgraded', async () => {
    const { left } = await signInAs(world.browse(), 'alice', PORTAL)
    const late = await redeem(world, PORTAL, left?.searchParams.get('code'), { code_verifier: undefined })
    expect(late.json['error']).toBe('invalid_grant')
    const stripped = await signInAs(world.browse(), 'alice', PORTAL, WITHOUT)
    const injected = await redeem(world, PORTAL, stripped.left?.searchParams.get('code'), {
      code_verifier: VERIFIER,
    })
    expect(injected.json['error']).toBe('invalid_grant')
  })

  test('can push such a request, but not without a nonce', async () => {
    const push = async (change: Record<string, string | undefined>) => {
      const { searchParams } = new URL(buildAuthorizationUrl(PORTAL, { ...WITHOUT, ...change }))
      const body = toForm(Object.fromEntries(searchParams))
      const headers = new Headers()
      PORTAL.authenticate(headers, body)
      const url = new URL('/par', buildAuthorizationUrl(PORTAL)).href
      return (await world.signIn.fetch(new Request(url, { method: 'POST', body, headers }))).status
    }
    expect([await push({}), await push({ nonce: undefined })]).toEqual([201, 400])
  })
})

test.each([
  ['a public client, whatever its definition says', NATIVE],
  ['an app without this setting', AGENT0],
])('PKCE is required for %s', async (_, app) => {
  expect((await ask(app, WITHOUT))?.get('error_description')).toMatch(/requires PKCE/)
  expect(await ask(app)).toBeUndefined()
})
