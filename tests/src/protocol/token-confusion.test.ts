// Sends every kind of token to every endpoint that accepts one: each is accepted only where it belongs.
import { decodeJwt, importJWK, type JWK } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR, company, REDIRECT_URI, TODO } from '../support/company.ts'
import { type Answer, basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { expectRefused } from './support/expect-refused.ts'
import { idJagClaims, idJagHeader, makeKey, signJwt, type TestKey } from './support/foreign-issuer.ts'
import { ASSERTION_TYPE, makeClientAssertion, makeDpopKey } from './support/proofs.ts'
import { startWorld, type World } from './support/world.ts'

const SIGNER = 'signer'
const REFRESH_TYPE = 'urn:ietf:params:oauth:token-type:refresh_token'
let world: World
let clientKey: TestKey
let idTokenKey: TestKey
let idJagKey: TestKey
const secretOf = ({ secret }: { secret: string }) => ({ method: 'client_secret_basic', secret })

/** The IdP's own key, to sign tokens it never would. */
async function keyOfIdp(purpose: 'id-token' | 'id-jag'): Promise<TestKey> {
  const { kid = '' } = world.idp?.signingKeys.current(purpose) ?? {}
  const stored = (await world.storage.keys.list('idp')).find((key) => key.kid === kid)
  const { algorithm = '', sealedPrivateJwk = '' } = stored ?? {}
  const jwk = JSON.parse(world.sealing.open('signing-key', `idp ${kid}`, sealedPrivateJwk)) as JWK
  return { kid, algorithm, privateKey: (await importJWK(jwk, algorithm)) as CryptoKey, publicJwk: {} }
}

beforeAll(async () => {
  clientKey = await makeKey('c')
  const signs = { method: 'private_key_jwt', jwks: { keys: [clientKey.publicJwk] } }
  world = await startWorld((baseUrl) => {
    const { apps } = company(baseUrl).idp as Record<string, Record<string, unknown>[]>
    const signer = { ...apps?.[0], id: SIGNER, redirectUris: [REDIRECT_URI], auth: signs }
    const file = company(baseUrl, {
      idp: { apps: [...(apps ?? []), signer] },
      authorizationServer: {
        clients: [
          { id: AGENT_AT_VENDOR.id, auth: secretOf(AGENT_AT_VENDOR) },
          { id: SIGNER, auth: signs },
        ],
      },
    })
    const [vendor] = file.authorizationServers as Record<string, unknown>[]
    return {
      ...file,
      authorizationServers: [vendor, { ...vendor, id: 'opaque', accessTokenFormat: 'opaque' }],
    }
  })
  idTokenKey = await keyOfIdp('id-token')
  idJagKey = await keyOfIdp('id-jag')
})
afterAll(async () => {
  expect(world.faults).toEqual([])
  await world.stop()
})

const vendorUrl = (path: string, server = 'vendor') => `${world.baseUrl}/as/${server}/${path}`
const asAgent = { authorization: basic(AGENT) }
const asVendorClient = { authorization: basic(AGENT_AT_VENDOR) }
const granted = ({ status, body }: Answer) => status === 200 && body.access_token !== undefined
const active = ({ body }: Answer) => body.active === true
const sessionOf = () => signInFor(world.baseUrl, 'alice')
const idJagOf = async (idToken: string) =>
  String((await exchange(world.baseUrl, idToken, { resource: TODO })).body.access_token)
const signIdJag = (header: object, change = {}) =>
  signJwt(idJagKey, idJagClaims(world, world.baseUrl, change), { ...header })
const now = () => Math.floor(Date.now() / 1000)

/** A fresh token of each kind. */
const kinds: Readonly<Record<string, () => Promise<string>>> = {
  'ID token': async () => (await sessionOf()).idToken,
  'refresh token': async () => (await sessionOf()).refreshToken,
  'access token of the IdP': async () => (await sessionOf()).accessToken,
  'ID-JAG': async () => idJagOf((await sessionOf()).idToken),
  'access token': async () =>
    String((await redeem(world.baseUrl, await idJagOf((await sessionOf()).idToken))).body.access_token),
  'opaque access token': async () => {
    const spent = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: await signIdJag(idJagHeader, { aud: `${world.baseUrl}/as/opaque` }),
    }
    return String((await postForm(vendorUrl('token', 'opaque'), spent, asVendorClient)).body.access_token)
  },
  'client assertion': () =>
    makeClientAssertion({ clientId: SIGNER, audience: world.baseUrl, key: clientKey }),
  'DPoP proof': async () => (await makeDpopKey()).prove(`${world.baseUrl}/token`),
  'logout token': () =>
    signJwt(
      idTokenKey,
      {
        iss: world.baseUrl,
        sub: 'usr_alice',
        aud: AGENT.id,
        iat: now(),
        exp: now() + 120,
        jti: 'j',
        sid: 's',
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      },
      { typ: 'logout+jwt' },
    ),
}

/** Every endpoint that accepts a token, and whether it accepted this one. */
const places: Readonly<Record<string, (token: string) => Promise<boolean>>> = {
  'ID token as subject': async (token) => granted(await exchange(world.baseUrl, token, { resource: TODO })),
  'refresh token as subject': async (token) =>
    granted(await exchange(world.baseUrl, token, { resource: TODO, subject_token_type: REFRESH_TYPE })),
  'refresh grant': async (token) =>
    granted(
      await postForm(
        `${world.baseUrl}/token`,
        { grant_type: 'refresh_token', refresh_token: token },
        asAgent,
      ),
    ),
  userinfo: async (token) =>
    (await fetch(`${world.baseUrl}/userinfo`, { headers: { authorization: `Bearer ${token}` } })).status ===
    200,
  'introspection at the IdP': async (token) =>
    active(await postForm(`${world.baseUrl}/introspect`, { token }, asAgent)),
  'client authentication at the IdP': async (token) =>
    (await authenticate(`${world.baseUrl}/token`, token)).body.error !== 'invalid_client',
  'DPoP header at the IdP': async (token) => {
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange' }
    const answer = await postForm(`${world.baseUrl}/token`, form, { ...asAgent, dpop: token })
    return answer.body.error !== 'invalid_dpop_proof'
  },
  'hint at sign-out': async (token) => {
    const url = `${world.baseUrl}/session/end?${new URLSearchParams({ id_token_hint: token })}`
    return (await fetch(url, { redirect: 'manual' })).status < 400
  },
  redemption: async (token) => granted(await redeem(world.baseUrl, token)),
  'introspection at the vendor': async (token) =>
    active(await postForm(vendorUrl('introspect'), { token }, asVendorClient)),
  'introspection at the opaque vendor': async (token) =>
    active(await postForm(vendorUrl('introspect', 'opaque'), { token }, asVendorClient)),
  'client authentication at the vendor': async (token) =>
    (await authenticate(vendorUrl('token'), token)).body.error !== 'invalid_client',
}

function authenticate(url: string, token: string): Promise<Answer> {
  const grantType = url.includes('/as/') ? 'jwt-bearer' : 'token-exchange'
  return postForm(url, {
    grant_type: `urn:ietf:params:oauth:grant-type:${grantType}`,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: token,
  })
}

const HOMES: Readonly<Record<string, readonly string[]>> = {
  'ID token': ['ID token as subject', 'hint at sign-out'],
  'refresh token': ['refresh token as subject', 'refresh grant', 'introspection at the IdP'],
  'access token of the IdP': ['userinfo', 'introspection at the IdP'],
  'ID-JAG': ['redemption'],
  'access token': ['introspection at the vendor'],
  'opaque access token': ['introspection at the opaque vendor'],
  'client assertion': ['client authentication at the IdP'],
  'DPoP proof': ['DPoP header at the IdP'],
  'logout token': [],
}

describe('a token of one kind (SEC-03, IDP-17, IDP-37, RAS-07, JAG-27)', () => {
  it.each(Object.keys(kinds))('%s is accepted only where it belongs', async (kind) => {
    const taken: string[] = []
    for (const [place, take] of Object.entries(places))
      if (await take((await kinds[kind]?.()) ?? '')) taken.push(place)
    expect(taken).toEqual(HOMES[kind])
  })
})

describe('a token with the right key and claims is rejected for its kind', () => {
  const typs = [
    'at+jwt',
    'oauth-id-jag+jwt',
    'client-authentication+jwt',
    'logout+jwt',
    'dpop+jwt',
    'secevent+jwt',
  ]

  it.each(typs)('a subject token of typ %s, signed like an ID token (IDP-17, SEC-03)', async (typ) => {
    const { idToken } = await sessionOf()
    const claims = decodeJwt(idToken)
    const bent = await signJwt(idTokenKey, claims, { typ })
    const refused = await exchange(world.baseUrl, bent, { resource: TODO })
    await expectRefused(world, refused, { error: 'invalid_grant', code: 'XAA1208', saw: typ })
    const straight = await signJwt(idTokenKey, claims, { typ: 'JWT' })
    expect((await exchange(world.baseUrl, straight, { resource: TODO })).status).toBe(200)
  })

  it('a subject token for this app with the session of another app (IDP-15, IDP-18)', async () => {
    const [own, foreign] = [
      await sessionOf(),
      await signInFor(world.baseUrl, 'alice', { id: 'other', secret: 'other secret' }),
    ]
    const claims = decodeJwt(own.idToken)
    const bent = await signJwt(idTokenKey, { ...claims, sid: decodeJwt(foreign.idToken).sid }, { typ: 'JWT' })
    const refused = await exchange(world.baseUrl, bent, { resource: TODO })
    await expectRefused(world, refused, { error: 'invalid_grant', code: 'XAA1205' })
    const straight = await signJwt(idTokenKey, claims, { typ: 'JWT' })
    expect((await exchange(world.baseUrl, straight, { resource: TODO })).status).toBe(200)
  })

  it('a subject token of typ JWT, signed with the key of ID-JAGs (IDP-40, SEC-03)', async () => {
    const { idToken } = await sessionOf()
    const claims = decodeJwt(idToken)
    const refused = await exchange(world.baseUrl, await signJwt(idJagKey, claims, { typ: 'JWT' }), {
      resource: TODO,
    })
    await expectRefused(world, refused, { error: 'invalid_grant', code: 'XAA1201', saw: 'unknown-key' })
  })

  it.each(['JWT', ...typs.filter((typ) => typ !== 'oauth-id-jag+jwt'), undefined])(
    'an assertion of typ %s, signed like an ID-JAG (RAS-07, SEC-03)',
    async (typ) => {
      const refused = await redeem(world.baseUrl, await signIdJag(typ === undefined ? {} : { typ }))
      await expectRefused(world, refused, { error: 'invalid_grant', code: 'XAA2201', saw: 'typ' })
      expect((await redeem(world.baseUrl, await signIdJag(idJagHeader))).status).toBe(200)
    },
  )
})
