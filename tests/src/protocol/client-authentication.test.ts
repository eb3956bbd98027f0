// Client authentication at both token endpoints: each case next to a valid request of the same client.
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { GRANT_TYPE } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { type Answer, basic, postForm, readMetadata, signInFor } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { expectRefused } from './support/expect-refused.ts'
import { idJagClaims, idJagHeader, makeKey, signJwt, type TestKey } from './support/foreign-issuer.ts'
import { ASSERTION_TYPE, makeClientAssertion, makeDpopKey } from './support/proofs.ts'
import { startWorld, type World } from './support/world.ts'

const FOREIGN = 'https://idp.foreign.test'
const ODD = { id: 'a:b%c', secret: 's+:% &=' }
const SIGNER = 'signer'
const OFF = { id: 'switched-off', secret: 'secret of the one switched off' }
const CONFINED = { id: 'confined', secret: 'secret of the one without the grant' }
const POSTER = { id: 'poster', secret: 'secret of the one that posts it' }
const PUBLIC = 'public'
const PUBLISHER = 'publisher'
const everyone = { everyone: true }

type Headers = Readonly<Record<string, string>>
type Form = Readonly<Record<string, string>>
type Send = (clientId: string, form: Form, headers?: Headers) => Promise<Answer>

let world: World
let issuerKey: TestKey
let clientKey: TestKey
let otherKey: TestKey
let idTokens: ReadonlyMap<string, string>

/** The jwks_uri of PUBLISHER */
const publisher = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ keys: [clientKey.publicJwk] }))
})
const jwksUri = () => `http://127.0.0.1:${(publisher.address() as AddressInfo).port}/jwks`

interface Leave {
  readonly offIsActive?: boolean
  /** Whether CONFINED has a connection at the IdP, and the grant at the Resource AS */
  readonly confinedMayCross?: boolean
}

function file(
  baseUrl: string,
  { offIsActive = true, confinedMayCross = false }: Leave = {},
): Record<string, unknown> {
  const secretOf = ({ secret }: { secret: string }) => ({ method: 'client_secret_basic', secret })
  const clients = [
    { id: ODD.id, auth: secretOf(ODD) },
    { id: OFF.id, auth: secretOf(OFF), active: offIsActive },
    { id: SIGNER, auth: { method: 'private_key_jwt', jwks: { keys: [clientKey.publicJwk] } } },
    { id: 'other-signer', auth: { method: 'private_key_jwt', jwks: { keys: [otherKey.publicJwk] } } },
    { id: PUBLIC, auth: { method: 'none' } },
    { id: POSTER.id, auth: { method: 'client_secret_post', secret: POSTER.secret } },
    { id: PUBLISHER, auth: { method: 'private_key_jwt', jwksUri: jwksUri() } },
    { id: CONFINED.id, auth: secretOf(CONFINED) },
  ]
  const connected = clients.filter(({ id }) => confinedMayCross || id !== CONFINED.id)
  const base = company(baseUrl)
  const { apps, connections } = base.idp as Record<'apps' | 'connections', Record<string, unknown>[]>
  return company(baseUrl, {
    idp: {
      apps: [
        ...apps,
        ...clients.map((client) => ({
          ...client,
          name: client.id,
          kind: 'agent',
          redirectUris: [REDIRECT_URI],
          assignments: everyone,
        })),
      ],
      connections: [
        ...connections,
        ...connected.map(({ id }, index) => ({ ...connections[0], id: `c${index}`, app: id, clientId: id })),
      ],
    },
    authorizationServer: {
      trustedIssuers: [{ issuer: FOREIGN, jwks: { keys: [issuerKey.publicJwk] }, provisioning: 'jit' }],
      clients: [
        { id: AGENT_AT_VENDOR.id, auth: secretOf(AGENT_AT_VENDOR) },
        ...clients.map((client) =>
          client.id === CONFINED.id && !confinedMayCross
            ? { ...client, grantTypes: ['client_credentials'] }
            : client,
        ),
      ],
    },
  })
}

/** Signs in through clients without a secret; the usual helper needs one. */
async function signInWith(clientId: string, authentication: Form, headers?: Headers) {
  const { code, codeVerifier } = await signIn({
    authorizationEndpoint: `${world.baseUrl}/authorize`,
    clientId,
    redirectUri: REDIRECT_URI,
    username: 'alice',
    password: PASSWORD,
  })
  const form = {
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: REDIRECT_URI,
    code_verifier: codeVerifier,
  }
  const { body } = await postForm(`${world.baseUrl}/token`, { ...form, ...authentication }, headers)
  return { idToken: String(body.id_token), refreshToken: String(body.refresh_token) }
}

async function assertion(
  audience: string,
  change: Partial<Parameters<typeof makeClientAssertion>[0]> = {},
): Promise<Form> {
  return {
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await makeClientAssertion({ clientId: SIGNER, audience, key: clientKey, ...change }),
  }
}

beforeAll(async () => {
  ;[issuerKey, clientKey, otherKey] = [await makeKey('i'), await makeKey('c'), await makeKey('c')]
  await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve))
  world = await startWorld((baseUrl) => file(baseUrl))
  const tokenOf = async (client: typeof ODD) =>
    [client.id, (await signInFor(world.baseUrl, 'alice', client)).idToken] as const
  idTokens = new Map([
    await tokenOf(AGENT),
    await tokenOf(ODD),
    await tokenOf(OFF),
    await tokenOf(CONFINED),
    [SIGNER, (await signInWith(SIGNER, await assertion(world.baseUrl))).idToken],
    [POSTER.id, (await signInWith(POSTER.id, posted(POSTER))).idToken],
    [
      PUBLISHER,
      (await signInWith(PUBLISHER, await assertion(world.baseUrl, { clientId: PUBLISHER }))).idToken,
    ],
    [PUBLIC, (await signInWith(PUBLIC, { client_id: PUBLIC })).idToken],
  ])
})
afterAll(async () => {
  expect(world.faults).toEqual([])
  await world.stop()
  publisher.closeAllConnections()
  await new Promise((resolve) => publisher.close(resolve))
})

const posted = ({ id, secret }: typeof POSTER): Form => ({ client_id: id, client_secret: secret })

const exchangeAs: Send = (clientId, form, headers) =>
  postForm(
    `${world.baseUrl}/token`,
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      audience: `${world.baseUrl}/as/vendor`,
      resource: TODO,
      subject_token: idTokens.get(clientId) ?? '',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      ...form,
    },
    headers,
  )

const redeemAs: Send = async (clientId, form, headers) =>
  postForm(
    `${world.baseUrl}/as/vendor/token`,
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: await signJwt(issuerKey, idJagClaims(world, FOREIGN, { client_id: clientId }), idJagHeader),
      ...form,
    },
    headers,
  )

describe.each([
  {
    server: 'IdP',
    send: exchangeAs,
    issuer: () => world.baseUrl,
    failed: 'XAA1101',
    refused: 'XAA1102',
    several: 'XAA1105',
    off: 'XAA1104',
    unproved: 'XAA1103',
    badProof: 'XAA1007',
    confined: { error: 'invalid_target', code: 'XAA1401' },
  },
  {
    server: 'Resource AS',
    send: redeemAs,
    issuer: () => `${world.baseUrl}/as/vendor`,
    failed: 'XAA2101',
    refused: 'XAA2101',
    several: 'XAA2002',
    off: 'XAA2102',
    unproved: 'XAA2102',
    badProof: 'XAA2219',
    confined: { error: 'unauthorized_client', code: 'XAA2102' },
  },
])('at the $server', ({ send, issuer, failed, refused, several, off, unproved, badProof, confined }) => {
  const unauthenticated = { status: 401, error: 'invalid_client' } as const

  it('accepts a secret in the body too, from any client (RAS-03)', async () => {
    expect((await send(POSTER.id, posted(POSTER))).status).toBe(200)
    const wrong = await send(POSTER.id, posted({ ...POSTER, secret: OFF.secret }))
    await expectRefused(world, wrong, { ...unauthenticated, code: failed })
    expect(wrong.headers.get('www-authenticate')).toBeNull()
  })

  it('accepts an assertion signed with a key at the client jwks_uri (IDP-25, RAS-03)', async () => {
    const own = { clientId: PUBLISHER }
    expect((await send(PUBLISHER, await assertion(issuer(), own))).status).toBe(200)
    const forged = await send(PUBLISHER, await assertion(issuer(), { ...own, key: otherKey }))
    await expectRefused(world, forged, { ...unauthenticated, code: refused, saw: 'signature' })
  })

  it('tok-cla-05: a public client gets only key-bound tokens (IDP-23, RAS-04)', async () => {
    const named = { client_id: PUBLIC }
    const refusal = { error: 'unauthorized_client', code: unproved, saw: 'a DPoP proof' }
    await expectRefused(world, await send(PUBLIC, named), refusal)
    const { jkt, prove } = await makeDpopKey()
    const dpop = await prove(`${issuer()}/token`)
    const bound = await send(PUBLIC, named, { dpop })
    expect(bound.status).toBe(200)
    expect(decodeJwt(String(bound.body.access_token)).cnf).toEqual({ jkt })
    const replayed = { error: 'invalid_dpop_proof', code: badProof }
    await expectRefused(world, await send(PUBLIC, named, { dpop }), replayed)
  })

  it('tok-cla-06, idp-tex-49: authentication is not enough without the grant type or a connection (IDP-24, RAS-05)', async () => {
    const headers = { authorization: basic(CONFINED) }
    await expectRefused(world, await send(CONFINED.id, {}, headers), confined)
    world.redefine((baseUrl) => file(baseUrl, { confinedMayCross: true }))
    expect((await send(CONFINED.id, {}, headers)).status).toBe(200)
    world.redefine((baseUrl) => file(baseUrl))
  })

  it('tok-cla-14: decodes form-encoded Basic credentials, as in RFC 6749 (RAS-03)', async () => {
    const encode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2)
    const pair = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
    const good = await send(ODD.id, {}, { authorization: pair(encode(ODD.id), encode(ODD.secret)) })
    expect(good.status).toBe(200)
    const raw = await send(ODD.id, {}, { authorization: pair(ODD.id, ODD.secret) })
    await expectRefused(world, raw, { ...unauthenticated, code: failed })
  })

  it('tok-cla-16: a client cannot use a method it is not registered for (RAS-03, SEC-28)', async () => {
    const withSecret = await send(SIGNER, {}, { authorization: basic({ id: SIGNER, secret: 'whatever' }) })
    await expectRefused(world, withSecret, {
      ...unauthenticated,
      code: failed,
      saw: 'registered for private_key_jwt',
    })
    const withNothing = await send(SIGNER, { client_id: SIGNER })
    await expectRefused(world, withNothing, {
      ...unauthenticated,
      code: failed,
      saw: 'registered for private_key_jwt',
    })
    expect((await send(SIGNER, await assertion(issuer()))).status).toBe(200)
  })

  it.each([
    ['names a client that exists', SIGNER, SIGNER],
    ['does not repeat an id that no client has', 'no-such-client', undefined],
  ])('the record of failed authentication %s', async (_, id, named) => {
    const answer = await send(id, {}, { authorization: basic({ id, secret: 'wrong' }) })
    await expectRefused(world, answer, { ...unauthenticated, code: failed })
    const record = await world.findDecision(answer)
    expect(record.request.requesting_app?.client_id).toBe(named)
    expect(JSON.stringify(record).includes(id)).toBe(named !== undefined)
  })

  it('tok-cla-17: a disabled client gets nothing (IDP-18, RAS-05)', async () => {
    const headers = { authorization: basic(OFF) }
    expect((await send(OFF.id, {}, headers)).status).toBe(200)
    world.redefine((baseUrl) => file(baseUrl, { offIsActive: false }))
    await expectRefused(world, await send(OFF.id, {}, headers), { error: 'unauthorized_client', code: off })
    world.redefine((baseUrl) => file(baseUrl))
    expect((await send(OFF.id, {}, headers)).status).toBe(200)
  })

  it('tok-pkj-01: accepts an assertion whose only audience is this issuer, as a string or an array, once (IDP-25, IDP-26)', async () => {
    const form = await assertion(issuer())
    expect((await send(SIGNER, form)).status).toBe(200)
    await expectRefused(world, await send(SIGNER, form), {
      ...unauthenticated,
      code: refused,
      saw: 'already used',
    })
    expect((await send(SIGNER, await assertion(issuer(), { claims: { aud: [issuer()] } }))).status).toBe(200)
  })

  const now = () => Math.floor(Date.now() / 1000)
  it.each([
    [
      'tok-pkj-04: our issuer and another audience',
      () => ({ claims: { aud: [issuer(), 'https://evil.test'] } }),
      'audience-mismatch',
    ],
    [
      'tok-pkj-05: an audience that is not a string',
      () => ({ claims: { aud: [issuer(), 42] } }),
      'audience-mismatch',
    ],
    [
      'tok-pkj-06: another server as audience',
      () => ({ claims: { aud: 'https://other.test' } }),
      'audience-mismatch',
    ],
    ['the token endpoint as audience', () => ({ claims: { aud: `${issuer()}/token` } }), 'audience-mismatch'],
    ['tok-pkj-07: iss is not sub', () => ({ claims: { iss: 'other-signer' } }), 'issuer-mismatch'],
    ['tok-pkj-08: no sub', () => ({ claims: { sub: undefined } }), 'subject-mismatch'],
    [
      'tok-pkj-11: expired five minutes ago',
      () => ({ claims: { iat: now() - 420, exp: now() - 300 } }),
      'expired',
    ],
    ['tok-pkj-12: no exp', () => ({ claims: { exp: undefined } }), 'no-usable-exp'],
    ['tok-pkj-16: signed by the key of another client', () => ({ key: otherKey }), 'signature'],
    ['the typ of another kind of token', () => ({ header: { typ: 'oauth-id-jag+jwt' } }), 'wrong-typ'],
  ])('%s is rejected (IDP-25, RAS-03)', async (_name, change, saw) => {
    const answer = await send(SIGNER, await assertion(issuer(), change()))
    await expectRefused(world, answer, { ...unauthenticated, code: refused, saw })
    const { request } = await world.findDecision(answer)
    expect(request.requesting_app?.client_id).toBe(saw === 'subject-mismatch' ? undefined : SIGNER)
    expect((await send(SIGNER, await assertion(issuer()))).status).toBe(200)
  })

  it('names the expected audience, which is public, and tells nothing about the client (IDP-25, SEC-31)', async () => {
    const misdirected = (clientId: string) => assertion(`${issuer()}/token`, { clientId })
    const answer = await send(SIGNER, await misdirected(SIGNER))
    expect(answer.body.error_description).toBe(
      `Client authentication failed. Expected: aud is ${issuer()} and nothing else.`,
    )
    const { checks } = await world.findDecision(answer)
    expect(checks).toContainEqual(
      expect.objectContaining({
        id: 'client.authentication',
        expected: `aud is ${issuer()} and nothing else`,
        actual: 'audience-mismatch',
      }),
    )
    const { status, body } = await send(SIGNER, await misdirected('unknown'))
    expect({ status, body }).toEqual({ status: answer.status, body: answer.body })
    const withWrongKey = await send(SIGNER, await assertion(issuer(), { key: otherKey }))
    expect(withWrongKey.body.error_description).toBe('Client authentication failed.')
  })

  it.each([
    ['tok-pkj-14: alg none', 'none', () => ''],
    [
      'tok-pkj-15: HS256 with a secret',
      'HS256',
      (input: string) => createHmac('sha256', AGENT.secret).update(input).digest('base64url'),
    ],
  ])('%s is rejected (SEC-02)', async (_name, alg, sign) => {
    const good = await assertion(issuer())
    const [, payload] = (good.client_assertion ?? '').split('.')
    const input = `${Buffer.from(JSON.stringify({ alg, kid: 'c' })).toString('base64url')}.${payload}`
    const answer = await send(SIGNER, { ...good, client_assertion: `${input}.${sign(input)}` })
    await expectRefused(world, answer, { ...unauthenticated, code: refused })
    expect((await send(SIGNER, good)).status).toBe(200)
  })

  it.each([
    ['tok-pkj-17: no client_assertion_type', { client_assertion_type: '' }],
    [
      'tok-pkj-18: another client_assertion_type',
      { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
    ],
  ])('%s is rejected (RAS-03)', async (_name, change) => {
    const good = await assertion(issuer())
    const answer = await send(SIGNER, { ...good, ...change })
    await expectRefused(world, answer, { ...unauthenticated, code: refused, saw: 'client_assertion_type' })
    expect((await send(SIGNER, good)).status).toBe(200)
  })

  it.each([
    ['tok-pkj-19: a secret beside it', { client_secret: 'x' }, {}],
    ['tok-pkj-20: an Authorization header beside it', {}, { authorization: basic(AGENT) }],
  ])('%s is rejected (IDP-27)', async (_name, form, headers) => {
    const good = await assertion(issuer())
    const answer = await send(SIGNER, { ...good, ...form }, headers)
    await expectRefused(world, answer, {
      error: 'invalid_request',
      code: several,
      saw: 'several client authentication',
    })
    expect((await send(SIGNER, good)).status).toBe(200)
  })

  it('tok-pkj-21: client_id in the form must match the assertion (IDP-25, RAS-14)', async () => {
    const good = await assertion(issuer())
    const answer = await send(SIGNER, { ...good, client_id: 'other-signer' })
    await expectRefused(world, answer, { ...unauthenticated, code: refused, saw: 'not the sub' })
    expect((await send(SIGNER, { ...good, client_id: SIGNER })).status).toBe(200)
  })
})

it('the refresh token of a public client is a subject token only with its own key, which binds the ID-JAG (DPOP-18, RT-08)', async () => {
  const named = { client_id: PUBLIC }
  const url = `${world.baseUrl}/token`
  const [own, other] = [await makeDpopKey(), await makeDpopKey()]
  const { refreshToken } = await signInWith(PUBLIC, named, { dpop: await own.prove(url) })
  const subject = {
    ...named,
    subject_token: refreshToken,
    subject_token_type: 'urn:ietf:params:oauth:token-type:refresh_token',
  }
  await expectRefused(world, await exchangeAs(PUBLIC, subject, { dpop: await other.prove(url) }), {
    error: 'invalid_grant',
    code: 'XAA1219',
    saw: 'key-not-proved',
  })
  const { status, body } = await exchangeAs(PUBLIC, subject, { dpop: await own.prove(url) })
  expect(status).toBe(200)
  expect(decodeJwt(String(body.access_token)).cnf).toEqual({ jkt: own.jkt })
})

describe('the method for sending a secret', () => {
  it.each(['token', 'introspection', 'revocation'])(
    'must be the registered one at the %s endpoint of the Resource AS (RAS-03)',
    async (name) => {
      const metadata = await readMetadata(`${world.baseUrl}/.well-known/oauth-authorization-server/as/vendor`)
      const endpoint = metadata[`${name}_endpoint`] ?? ''
      const ask = async (more: Form, headers: Form = {}) => {
        const form = { grant_type: GRANT_TYPE.jwtBearer, assertion: 'x', token: 'unknown', ...more }
        const { status, body } = await postForm(endpoint, form, headers)
        return { status, error: body.error }
      }
      const refused = { status: 401, error: 'invalid_client' }
      expect(await ask(posted(ODD))).toEqual(refused)
      expect(await ask({}, { authorization: basic(POSTER) })).toEqual(refused)
      expect(await ask(posted(POSTER))).not.toMatchObject({ error: 'invalid_client' })
      expect(await ask({}, { authorization: basic(ODD) })).not.toMatchObject({ error: 'invalid_client' })
    },
  )

  it('is up to the client at the IdP, since the MCP SDK always posts it', async () => {
    expect((await exchangeAs(ODD.id, posted(ODD))).status).toBe(200)
    expect((await exchangeAs(ODD.id, {}, { authorization: basic(ODD) })).status).toBe(200)
  })
})
