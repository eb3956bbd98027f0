// What is accepted from another identity provider: a fake provider, each of whose responses can be made wrong.
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { zOidcUpstream } from '@crosswalk/protocol'
import { beforeAll, describe, expect, test } from 'vitest'

import { createOidcClient } from './oidc-client.ts'

const ISSUER = 'https://login.corp.test'
const RETURN = 'https://idp.acme.test/sign-in/upstream/corp'
const DEFINITION = zOidcUpstream.parse({
  id: 'corp',
  type: 'oidc',
  issuer: ISSUER,
  clientId: 'crosswalk',
  clientSecret: 'the secret',
})

type Keys = Awaited<ReturnType<typeof generateKeyPair>>
let keys: Keys
let foreign: Keys
beforeAll(async () => {
  ;[keys, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')])
})

interface World {
  readonly claims?: (nonce: string) => JWTPayload
  readonly metadata?: object
  readonly userinfo?: object
  readonly forged?: boolean
  readonly noIdToken?: boolean
}

/** Sends a user to the provider, signs them in, and returns with `change` applied to the parameters. */
async function visit(
  world: World = {},
  {
    change = {},
    maxAgeSeconds,
    forceLogin = false,
  }: { change?: object; maxAgeSeconds?: number; forceLogin?: boolean } = {},
) {
  const sent: Request[] = []
  let nonce = ''
  const metadata = {
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: `${ISSUER}/token`,
    userinfo_endpoint: `${ISSUER}/userinfo`,
    jwks_uri: `${ISSUER}/jwks`,
    authorization_response_iss_parameter_supported: true,
    ...world.metadata,
  }
  async function answer(request: Request): Promise<object> {
    const now = Math.floor(Date.now() / 1000)
    switch (new URL(request.url).pathname) {
      case '/.well-known/openid-configuration':
        return metadata
      case '/jwks':
        return { keys: [{ ...(await exportJWK(keys.publicKey)), alg: 'RS256', use: 'sig' }] }
      case '/userinfo':
        return { sub: 'sub-1', preferred_username: 'alice', acr: 'mfa', ...world.userinfo }
      default: {
        const claims = {
          sub: 'sub-1',
          nonce,
          iss: ISSUER,
          aud: 'crosswalk',
          iat: now,
          exp: now + 60,
          ...world.claims?.(nonce),
        }
        const key = world.forged === true ? foreign.privateKey : keys.privateKey
        const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(key)
        return {
          access_token: 'at',
          token_type: 'Bearer',
          ...(world.noIdToken === true ? {} : { id_token: token }),
        }
      }
    }
  }
  const client = createOidcClient(DEFINITION, {
    clock: { nowMs: () => Date.now() },
    async fetch(input, init) {
      const request = new Request(input, init)
      sent.push(request.clone())
      return Response.json(await answer(request))
    },
  })
  const begun = await client.begin({ redirectUri: RETURN, forceLogin, maxAgeSeconds })
  if (!begun.accepted) return { begun, completed: undefined, sent }
  const { pending, url } = begun.value
  nonce = pending.nonce
  const returned = new URL(RETURN)
  const parameters = { code: 'code', state: pending.state, iss: ISSUER, ...change }
  for (const [name, value] of Object.entries(parameters)) returned.searchParams.set(name, value as string)
  return { begun, url: new URL(url), completed: await client.complete(returned, pending), sent }
}

describe('an identity provider', () => {
  test('is trusted if everything is correct; the ID token takes precedence over userinfo', async () => {
    const { completed, sent, url } = await visit({ claims: () => ({ acr: 'pwd' }) })
    expect(completed).toMatchObject({
      accepted: true,
      value: { signIn: { sub: 'sub-1', acr: 'pwd' }, all: { preferred_username: 'alice', acr: 'pwd' } },
    })
    expect(url?.origin).toBe(ISSUER)
    const token = sent.find(({ url }) => url === `${ISSUER}/token`)
    const body = new URLSearchParams(await token?.text())
    expect(Object.fromEntries(body)).toMatchObject({
      code: 'code',
      redirect_uri: RETURN,
      grant_type: 'authorization_code',
    })
    expect(body.get('code_verifier')).toMatch(/^[\w-]{43}$/)
    expect(sent.some(({ url }) => url.includes('the+secret') || url.includes('the%20secret'))).toBe(false)
  })

  test.each([
    ['alice@acme.test', true],
    ['mallory@evil.test', undefined],
    [undefined, undefined],
  ])('is trusted only for the address in the same userinfo response: %s', async (email, verified) => {
    const { completed } = await visit({
      claims: () => ({ email: 'alice@acme.test' }),
      userinfo: { email, email_verified: true },
    })
    expect(completed).toMatchObject({ value: { all: { email: 'alice@acme.test' } } })
    expect(completed?.accepted === true && completed.value.all['email_verified']).toBe(verified)
  })

  const soon = () => Math.floor(Date.now() / 1000)
  test.each<[string, RegExp, World, Parameters<typeof visit>[1]?]>([
    ['another issuer in its metadata', /metadata issuer/, { metadata: { issuer: 'https://evil.test' } }],
    ['the signature of another key', /signature verification failed/, { forged: true }],
    ['no ID token', /id_token/, { noIdToken: true }],
    ['another nonce', /nonce.* claim value/, { claims: () => ({ nonce: 'other' }) }],
    ['no nonce', /nonce.* missing/, { claims: () => ({ nonce: undefined }) as unknown as JWTPayload }],
    ['another issuer', /JWT .iss/, { claims: () => ({ iss: 'https://evil.test' }) }],
    ['another audience', /JWT .aud/, { claims: () => ({ aud: 'somebody-else' }) }],
    ['an expired ID token', /JWT .exp/, { claims: () => ({ exp: soon() - 31 }) }],
    ['userinfo about another user', /body .sub/, { userinfo: { sub: 'sub-2' } }],
    ['another state', /.state. response parameter/, {}, { change: { state: 'A'.repeat(43) } }],
    [
      'the iss of another server',
      /.iss. .* response parameter/,
      {},
      { change: { iss: 'https://evil.test' } },
    ],
    ['a sign-in in the future', /in the future/, { claims: () => ({ auth_time: soon() + 40 }) }],
    [
      'an ended session',
      /session_expiry after \d+, not/,
      { claims: () => ({ session_expiry: soon() - 31 }) },
    ],
    [
      'a session without a plausible end',
      /NumericDate session_expiry/,
      { claims: () => ({ session_expiry: 1e12 }) },
    ],
    ['no auth_time although max_age was requested', /auth_time.* missing/, {}, { maxAgeSeconds: 60 }],
    [
      'a sign-in older than max_age',
      /too much time has elapsed/,
      { claims: () => ({ auth_time: soon() - 120 }) },
      { maxAgeSeconds: 60 },
    ],
    [
      'a sign-in before the one that was required',
      /did not sign in again/,
      { claims: () => ({ auth_time: soon() - 40 }) },
      { forceLogin: true },
    ],
  ])('is not trusted with %s', async (_, detail, world, change) => {
    const { begun, completed } = await visit(world, change)
    expect(completed ?? begun).toMatchObject({
      accepted: false,
      refusal: { reason: 'failed', detail: expect.stringMatching(detail) },
    })
  })

  test('is trusted with the requested max_age', async () => {
    const { completed } = await visit({ claims: () => ({ auth_time: soon() - 50 }) }, { maxAgeSeconds: 60 })
    expect(completed?.accepted).toBe(true)
  })

  test.each([
    ['a new sign-in, by a clock slightly behind', () => ({ auth_time: soon() - 20 }), true],
    ['no sign-in time', () => ({}), true],
    ['an earlier sign-in, if none was required', () => ({ auth_time: soon() - 40 }), false],
  ])('is trusted with %s', async (_, claims, forceLogin) => {
    const { completed, url } = await visit({ claims }, { forceLogin })
    expect(completed?.accepted).toBe(true)
    expect(url?.searchParams.get('prompt')).toBe(forceLogin ? 'login' : null)
  })

  test('is trusted with a clock that is slightly ahead', async () => {
    const { completed } = await visit({ claims: () => ({ auth_time: soon() + 20 }) })
    expect(completed?.accepted).toBe(true)
  })

  test('is trusted with a session that ended within the clock tolerance, or ends far in the future', async () => {
    for (const end of [soon() - 28, 99_999_999_999]) {
      const { completed } = await visit({ claims: () => ({ session_expiry: end }) })
      expect(completed).toMatchObject({ accepted: true, value: { signIn: { session_expiry: end } } })
    }
  })

  test('can decline with an error', async () => {
    const { completed } = await visit({}, { change: { error: 'access_denied' } })
    expect(completed).toEqual({ accepted: false, refusal: { reason: 'declined', error: 'access_denied' } })
  })
})

describe('provider metadata', () => {
  function open(works: () => boolean, more: object = {}) {
    const time = { ms: 0 }
    let asked = 0
    const client = createOidcClient(DEFINITION, {
      clock: { nowMs: () => time.ms },
      async fetch() {
        asked += 1
        if (!works()) throw new TypeError('fetch failed')
        return Response.json({ issuer: ISSUER, authorization_endpoint: `${ISSUER}/authorize`, ...more })
      },
    })
    const begin = async () => (await client.begin({ redirectUri: RETURN, forceLogin: false })).accepted
    return { time, client, begin, asked: () => asked, findSignOutUrl: () => client.findSignOutUrl() }
  }

  test.each([
    [`${ISSUER}/logout`, `${ISSUER}/logout?client_id=crosswalk`],
    [undefined, undefined],
    ['javascript:alert(1)', undefined],
    ['http://login.corp.test/logout', undefined],
    [{ toString: 1 }, undefined],
  ])('with the sign-out page %j leads to %s', async (page, url) => {
    const { findSignOutUrl } = open(() => true, { end_session_endpoint: page })
    expect(await findSignOutUrl()).toBe(url)
  })

  test('is fetched once in ten minutes, however many users sign in', async () => {
    const { time, begin, asked } = open(() => true)
    expect(await Promise.all([begin(), begin()])).toEqual([true, true])
    time.ms = 599_999
    await begin()
    expect(asked()).toBe(1)
    time.ms += 1
    await begin()
    expect(asked()).toBe(2)
  })

  test('is fetched again from a slow provider one second after the fetch failed', async () => {
    const world = open(() => {
      world.time.ms += 5_000
      return false
    })
    expect(await world.begin()).toBe(false)
    for (const [ms, asked] of [
      [5_999, 1],
      [6_000, 2],
    ] as const) {
      world.time.ms = ms
      expect(await world.begin()).toBe(false)
      expect(world.asked()).toBe(asked)
    }
  })

  test('is fetched again from an unreachable provider after 1, 2, 4 … 30 seconds, however many users sign in', async () => {
    let works = false
    const { time, begin, asked, findSignOutUrl } = open(() => works)
    expect(await Promise.all([begin(), begin()])).toEqual([false, false])
    expect(asked()).toBe(1)
    for (const [index, pauseMs] of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000].entries()) {
      time.ms += pauseMs - 1
      expect(await begin()).toBe(false)
      expect(await findSignOutUrl()).toBeUndefined()
      expect(asked()).toBe(index + 1)
      time.ms += 1
      expect(await begin()).toBe(false)
      expect(asked()).toBe(index + 2)
    }
    works = true
    time.ms += 30_000
    expect(await begin()).toBe(true)
    works = false
    time.ms += 600_001
    const before = asked()
    await begin()
    time.ms += 1_000
    await begin()
    expect(asked()).toBe(before + 2)
  })

  test('is fetched again at once after the clock was set back', async () => {
    let works = false
    const { time, begin, asked } = open(() => works)
    time.ms = 3_600_000
    expect(await begin()).toBe(false)
    works = true
    time.ms = 0
    expect(await begin()).toBe(true)
    expect(asked()).toBe(2)
  })

  test('the same error is returned until the next fetch', async () => {
    const { client } = open(() => false)
    const request = { redirectUri: RETURN, forceLogin: false }
    const [first, second] = [await client.begin(request), await client.begin(request)]
    expect(first).toMatchObject({
      refusal: { reason: 'failed', detail: expect.stringContaining('fetch failed') },
    })
    expect(second).toEqual(first)
  })
})
