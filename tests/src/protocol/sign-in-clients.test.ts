// Client authentication at the IdP's code and refresh grants, pushed requests, introspection and revocation. Each rejection next to the same
// request with valid authentication.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { type Answer, basic, postForm, signInFor } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { expectRefused } from './support/expect-refused.ts'
import { makeKey, type TestKey } from './support/foreign-issuer.ts'
import { ASSERTION_TYPE, makeClientAssertion, makeDpopKey } from './support/proofs.ts'
import { startWorld, type World } from './support/world.ts'

const SIGNER = 'signer'

type Form = Readonly<Record<string, string>>
type Change = Partial<Parameters<typeof makeClientAssertion>[0]>

let world: World
let key: TestKey

beforeAll(async () => {
  key = await makeKey('c')
  world = await startWorld((baseUrl) => {
    const { apps, connections } = company(baseUrl).idp as Record<'apps' | 'connections', object[]>
    const auth = { method: 'private_key_jwt', jwks: { keys: [key.publicJwk] } }
    const base = { kind: 'agent', redirectUris: [REDIRECT_URI], assignments: { everyone: true } }
    const signer = { ...base, id: SIGNER, name: 'Signer', auth }
    const connection = { ...connections[0], id: 'signer-todo0', app: SIGNER, clientId: SIGNER }
    return company(baseUrl, { idp: { apps: [...apps, signer], connections: [...connections, connection] } })
  })
})
afterAll(async () => {
  expect(world.faults).toEqual([])
  await world.stop()
})

async function assertion(change: Change = {}): Promise<Form> {
  return {
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await makeClientAssertion({
      clientId: SIGNER,
      audience: world.baseUrl,
      key,
      ...change,
    }),
  }
}

async function buildCodeForm(): Promise<Form> {
  const { code, codeVerifier } = await signIn({
    authorizationEndpoint: `${world.baseUrl}/authorize`,
    clientId: SIGNER,
    redirectUri: REDIRECT_URI,
    username: 'alice',
    password: PASSWORD,
    scope: 'openid offline_access',
  })
  return {
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: REDIRECT_URI,
    code_verifier: codeVerifier,
  }
}

async function buildRefreshForm(): Promise<Form> {
  const { body } = await postForm(`${world.baseUrl}/token`, {
    ...(await buildCodeForm()),
    ...(await assertion()),
  })
  return { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) }
}

const buildPushedForm = async (): Promise<Form> => ({
  client_id: SIGNER,
  response_type: 'code',
  scope: 'openid',
  redirect_uri: REDIRECT_URI,
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
})

const buildTokenForm = async (): Promise<Form> => ({ token: 'of nobody' })

const ENDPOINTS = [
  { name: 'code grant', path: '/token', build: buildCodeForm, success: 200 },
  { name: 'refresh grant', path: '/token', build: buildRefreshForm, success: 200 },
  { name: 'pushed request', path: '/par', build: buildPushedForm, success: 201 },
  { name: 'introspection', path: '/introspect', build: buildTokenForm, success: 200 },
  { name: 'revocation', path: '/revoke', build: buildTokenForm, success: 200 },
] as const

describe.each(ENDPOINTS)('at the IdP, $name', ({ path, build, success }) => {
  const send = (form: Form, authentication: Form): Promise<Answer> =>
    postForm(`${world.baseUrl}${path}`, { ...form, ...authentication })

  const now = () => Math.floor(Date.now() / 1000)
  it.each<readonly [string, () => Change]>([
    ['the token endpoint as audience', () => ({ audience: `${world.baseUrl}/token` })],
    ['its own URL as audience', () => ({ audience: `${world.baseUrl}${path}` })],
    ['our issuer and another audience', () => ({ claims: { aud: [world.baseUrl, 'https://evil.test'] } })],
    ['a lifetime of an hour and a half', () => ({ claims: { exp: now() + 5400 } })],
    ['the typ of another kind of token', () => ({ header: { typ: 'oauth-id-jag+jwt' } })],
  ])('rejects an assertion with %s, and accepts a valid one (IDP-25, IDP-26)', async (_name, change) => {
    const form = await build()
    const { status, body } = await send(form, await assertion(change()))
    expect([status, body.error]).toEqual([401, 'invalid_client'])
    expect((await send(form, await assertion())).status).toBe(success)
  })

  it('names the audience that it expects, whether or not the client exists', async () => {
    const form = await build()
    for (const change of [
      { audience: `${world.baseUrl}/token` },
      { audience: 'https://other.test' },
      { audience: 'https://other.test', clientId: 'nobody' },
    ]) {
      const { client_id: _, ...rest } = form
      const { status, body } = await send(rest, await assertion(change))
      const description = `Client authentication failed. Expected: aud is ${world.baseUrl} and nothing else.`
      expect([status, body.error_description]).toEqual([401, description])
    }
  })
})

it.each([
  ['request_uri', 'request_uri_not_supported', /without request_uri/],
  ['request', 'request_not_supported', /without request/],
  ['registration', 'registration_not_supported', /without registration/],
])('says at /par what to do about %s', async (name, error, description) => {
  const form = { ...(await buildPushedForm()), ...(await assertion()), [name]: 'urn:example:1' }
  const answer = await postForm(`${world.baseUrl}/par`, form)
  expect([answer.status, answer.body]).toEqual([
    400,
    expect.objectContaining({ error, error_description: expect.stringMatching(description) }),
  ])
})

describe('single use holds across all grants of /token', () => {
  const exchangeWith = (idToken: string, authentication: Form, headers = {}) =>
    postForm(
      `${world.baseUrl}/token`,
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
        audience: `${world.baseUrl}/as/vendor`,
        resource: TODO,
        subject_token: idToken,
        subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
        ...authentication,
      },
      headers,
    )
  const tokenOf = async (form: Form, authentication: Form, headers = {}) =>
    postForm(`${world.baseUrl}/token`, { ...form, ...authentication }, headers)
  const findAudited = async ({ headers }: Answer) =>
    world.storage.events.findByDecision(headers.get('crosswalk-decision') ?? '')

  it('rejects a client assertion of a refresh in an exchange, and vice versa (IDP-26)', async () => {
    const first = await assertion()
    const { body } = await tokenOf(await buildCodeForm(), first)
    const [idToken, refresh] = [
      String(body.id_token),
      { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) },
    ]
    await expectRefused(world, await exchangeWith(idToken, first), {
      status: 401,
      error: 'invalid_client',
      code: 'XAA1102',
      saw: 'already used',
    })
    const second = await assertion()
    expect((await exchangeWith(idToken, second)).status).toBe(200)
    const again = await tokenOf(refresh, second)
    await expectRefused(world, again, {
      status: 401,
      error: 'invalid_client',
      code: 'XAA1102',
      saw: 'already used',
    })
    // Its sender may be someone who read it on its way, so it must not fill the audit log in the name of the app.
    expect(await findAudited(again)).toEqual([])
    expect((await tokenOf(refresh, await assertion())).status).toBe(200)
    const unknown = await tokenOf({ grant_type: 'refresh_token', refresh_token: 'x' }, await assertion())
    expect(await findAudited(unknown)).toMatchObject([{ event: { type: 'signin.tokens_refused' } }])
  })

  it('rejects a DPoP proof of a refresh in an exchange, and vice versa (DPOP-11)', async () => {
    const { prove } = await makeDpopKey()
    const url = `${world.baseUrl}/token`
    const first = { dpop: await prove(url) }
    const { body } = await tokenOf(await buildCodeForm(), await assertion(), first)
    const [idToken, refresh] = [
      String(body.id_token),
      { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) },
    ]
    await expectRefused(world, await exchangeWith(idToken, await assertion(), first), {
      error: 'invalid_dpop_proof',
      code: 'XAA1007',
      saw: 'already used',
    })
    const second = { dpop: await prove(url) }
    expect((await exchangeWith(idToken, await assertion(), second)).status).toBe(200)
    await expectRefused(world, await tokenOf(refresh, await assertion(), second), {
      error: 'invalid_dpop_proof',
      code: 'XAA1007',
      saw: 'already used',
    })
    expect((await tokenOf(refresh, await assertion(), { dpop: await prove(url) })).status).toBe(200)
  })
})

it.each([
  ['code grant', buildCodeForm],
  ['refresh grant', buildRefreshForm],
])(
  'a %s without client authentication is rejected and recorded like any other (IDP-34)',
  async (_name, build) => {
    const form = await build()
    for (const named of [{}, { client_id: SIGNER }])
      await expectRefused(world, await postForm(`${world.baseUrl}/token`, { ...form, ...named }), {
        status: 401,
        error: 'invalid_client',
        code: 'XAA1101',
      })
    expect((await postForm(`${world.baseUrl}/token`, { ...form, ...(await assertion()) })).status).toBe(200)
  },
)

it('forbids caches to keep a response of the code and refresh grants (RFC 6749 section 5.1)', async () => {
  const send = async (form: Form) => postForm(`${world.baseUrl}/token`, { ...form, ...(await assertion()) })
  const answers = [
    await send(await buildCodeForm()),
    await send(await buildRefreshForm()),
    await send({ grant_type: 'authorization_code', code: 'x', redirect_uri: REDIRECT_URI }),
    await send({ grant_type: 'refresh_token', refresh_token: 'x' }),
  ]
  expect(
    answers.map(({ status, headers }) => [status, headers.get('cache-control'), headers.get('pragma')]),
  ).toEqual([200, 200, 400, 400].map((status) => [status, 'no-store', 'no-cache']))
})

it('applies the request limit to code and refresh grants, with Retry-After (IDP-39, SEC-36)', async () => {
  const limited = await startWorld((baseUrl) => ({
    ...company(baseUrl),
    limits: { tokenRequestsPerMinutePerClient: 2 },
  }))
  const headers = { authorization: basic(AGENT) }
  const send = (grantType: string, by = headers) =>
    postForm(`${limited.baseUrl}/token`, { grant_type: grantType, code: 'x', refresh_token: 'x' }, by)
  const { refreshToken } = await signInFor(limited.baseUrl, 'alice')
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken }
  expect((await postForm(`${limited.baseUrl}/token`, form, headers)).status).toBe(200)
  for (const grantType of ['authorization_code', 'refresh_token']) {
    const over = await send(grantType)
    await expectRefused(limited, over, { status: 429, error: 'slow_down', code: 'XAA1904' })
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(
      (await send(grantType, { authorization: basic({ id: 'other', secret: 'other secret' }) })).status,
    ).toBe(400)
  }
  await limited.stop()
})
