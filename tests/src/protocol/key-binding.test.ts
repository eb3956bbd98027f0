// DPoP on both legs: which key each token is bound to, and what is rejected if the key is missing or different.
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'

import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR, company, TODO } from '../support/company.ts'
import { type Answer, basic, postForm, signInFor } from '../support/flow.ts'
import { expectRefused } from './support/expect-refused.ts'
import { idJagClaims, idJagHeader, makeKey, signJwt, type TestKey } from './support/foreign-issuer.ts'
import { makeDpopKey } from './support/proofs.ts'
import { startWorld, type World } from './support/world.ts'

const FOREIGN = 'https://idp.foreign.test'
const BOUND = { id: 'bound-only', secret: 'takes bound tokens only' }
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const JWT_DPOP = 'urn:ietf:params:oauth:grant-type:jwt-dpop'
const REFUSED = { error: 'invalid_grant', code: 'XAA2215' }

let world: World
let issuerKey: TestKey
let idToken: string
let mine: Awaited<ReturnType<typeof makeDpopKey>>
let another: typeof mine

function vendor(baseUrl: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const trustedIssuers = [
    { issuer: baseUrl, provisioning: 'jit' },
    { issuer: FOREIGN, jwks: { keys: [issuerKey.publicJwk] }, provisioning: 'jit' },
  ]
  const clients = [
    { id: AGENT_AT_VENDOR.id, auth: secretOf(AGENT_AT_VENDOR) },
    { id: BOUND.id, auth: secretOf(BOUND), dpopBoundAccessTokens: true },
  ]
  return company(baseUrl, { authorizationServer: { trustedIssuers, clients, ...more } })
}

const secretOf = ({ secret }: { secret: string }) => ({ method: 'client_secret_basic', secret })
beforeAll(async () => {
  issuerKey = await makeKey('k')
  ;[mine, another] = [await makeDpopKey(), await makeDpopKey()]
  world = await startWorld((baseUrl) => vendor(baseUrl))
  idToken = (await signInFor(world.baseUrl, 'alice')).idToken
})
afterAll(async () => {
  expect(world.faults).toEqual([])
  await world.stop()
})

const exchangeWith = (proof?: string) =>
  postForm(
    `${world.baseUrl}/token`,
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      audience: `${world.baseUrl}/as/vendor`,
      resource: TODO,
      subject_token: idToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    },
    { authorization: basic(AGENT), ...(proof === undefined ? {} : { dpop: proof }) },
  )

interface Spending {
  readonly cnf?: unknown
  readonly proof?: string
  readonly grantType?: string
  readonly client?: typeof BOUND
  readonly assertion?: string
}

const atVendor = () => `${world.baseUrl}/as/vendor/token`
const spend = async ({ cnf, proof, grantType = JWT_BEARER, client = AGENT_AT_VENDOR, assertion }: Spending) =>
  postForm(
    atVendor(),
    {
      grant_type: grantType,
      assertion:
        assertion ??
        (await signJwt(issuerKey, idJagClaims(world, FOREIGN, { client_id: client.id, cnf }), idJagHeader)),
    },
    { authorization: basic(client), ...(proof === undefined ? {} : { dpop: proof }) },
  )

/** Sends repeated header lines, which `fetch` would join. */
async function postLines(
  url: string,
  headers: Readonly<Record<string, string | string[]>>,
  body: string,
): Promise<Answer> {
  const form = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
  }
  const outgoing = request(url, { method: 'POST', headers: { ...form, ...headers } })
  outgoing.end(body)
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  const text = Buffer.concat(await incoming.toArray()).toString()
  const lines = Object.entries(incoming.headers).map(
    ([name, value]) => [name, String(value)] as [string, string],
  )
  return {
    status: incoming.statusCode ?? 0,
    headers: new Headers(lines),
    body: JSON.parse(text) as Answer['body'],
  }
}

describe('key binding', () => {
  it('carries the key of the proof through the ID-JAG into the access token (DPOP-01 to DPOP-05, AT-07, JAG-21)', async () => {
    const first = await exchangeWith(await mine.prove(`${world.baseUrl}/token`))
    expect(first.body).toMatchObject({ token_type: 'N_A' })
    const assertion = String(first.body.access_token)
    expect(decodeJwt(assertion).cnf).toEqual({ jkt: mine.jkt })
    await expectRefused(world, await spend({ assertion }), REFUSED)
    await expectRefused(world, await spend({ assertion, proof: await another.prove(atVendor()) }), REFUSED)
    const second = await spend({ assertion, proof: await mine.prove(atVendor()) })
    expect(second.body).toMatchObject({ token_type: 'DPoP' })
    expect(decodeJwt(String(second.body.access_token)).cnf).toEqual({ jkt: mine.jkt })
    // An API that introspects learns the key, or it would accept a stolen token.
    const introspected = await postForm(
      `${world.baseUrl}/as/vendor/introspect`,
      { token: String(second.body.access_token) },
      { authorization: basic(AGENT_AT_VENDOR) },
    )
    expect(introspected.body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: mine.jkt } })
  })

  it('is absent without a proof (DPOP-03)', async () => {
    const { body } = await exchangeWith()
    expect(decodeJwt(String(body.access_token))).not.toHaveProperty('cnf')
  })

  it('rejects an invalid or used proof instead of ignoring it (DPOP-02, DPOP-11, IDP-41)', async () => {
    const elsewhere = await exchangeWith(await mine.prove('https://other.test/token'))
    await expectRefused(world, elsewhere, {
      error: 'invalid_dpop_proof',
      code: 'XAA1007',
      saw: 'url-mismatch',
    })
    const proof = await mine.prove(`${world.baseUrl}/token`)
    expect((await exchangeWith(proof)).status).toBe(200)
    await expectRefused(world, await exchangeWith(proof), {
      error: 'invalid_dpop_proof',
      code: 'XAA1007',
      saw: 'already used',
    })
    const forVendor = await mine.prove(atVendor())
    expect((await spend({ proof: forVendor })).status).toBe(200)
    await expectRefused(world, await spend({ proof: forVendor }), {
      error: 'invalid_dpop_proof',
      code: 'XAA2219',
      saw: 'already used',
    })
  })

  it('dpop-29: requires a nonce if configured, and sends one with the rejection (DPOP-02, DPOP-11)', async () => {
    const own = await startWorld((baseUrl) => vendor(baseUrl, { dpopNonces: true }))
    const url = `${own.baseUrl}/as/vendor/token`
    const send = async (proof: string) => {
      const assertion = await signJwt(
        issuerKey,
        idJagClaims(own, FOREIGN, { cnf: { jkt: mine.jkt } }),
        idJagHeader,
      )
      const headers = { authorization: basic(AGENT_AT_VENDOR), dpop: proof }
      return postForm(url, { grant_type: JWT_BEARER, assertion }, headers)
    }
    const first = await send(await mine.prove(url))
    await expectRefused(own, first, { error: 'use_dpop_nonce', code: 'XAA2220', saw: 'nonce-missing' })
    const nonce = first.headers.get('dpop-nonce')
    expect(nonce).toMatch(/^[\w-]{16,}$/)
    const again = await send(await mine.prove(url, { nonce }))
    expect([again.status, again.headers.get('dpop-nonce')]).toEqual([200, nonce])
    const stale = await send(await mine.prove(url, { nonce: 'of-somebody-else' }))
    await expectRefused(own, stale, { error: 'use_dpop_nonce', code: 'XAA2220', saw: 'nonce-stale' })
    // The current definition applies, even if it changed after the server started.
    own.redefine((baseUrl) => vendor(baseUrl))
    expect((await send(await mine.prove(url))).status).toBe(200)
    await own.stop()
  })

  it('dpop-23: rejects two DPoP header lines, each valid on its own (DPOP-11)', async () => {
    const send = async (proofs: string[]) => {
      const assertion = await signJwt(issuerKey, idJagClaims(world, FOREIGN), idJagHeader)
      const body = new URLSearchParams({ grant_type: JWT_BEARER, assertion }).toString()
      return postLines(atVendor(), { authorization: basic(AGENT_AT_VENDOR), dpop: proofs }, body)
    }
    const proofs = [await mine.prove(atVendor()), await mine.prove(atVendor())]
    const two = await send(proofs)
    await expectRefused(world, two, {
      error: 'invalid_dpop_proof',
      code: 'XAA2219',
      saw: 'not-exactly-one-proof',
    })
    for (const proof of proofs) expect((await send([proof])).status).toBe(200)
  })

  it('dpop-30: gives a client registered for bound tokens no others (DPOP-08, SEC-27)', async () => {
    await expectRefused(world, await spend({ client: BOUND }), REFUSED)
    const bound = await spend({ client: BOUND, proof: await mine.prove(atVendor()) })
    expect(bound.body).toMatchObject({ token_type: 'DPoP' })
  })

  it('binds to a proof even if the ID-JAG is not bound (DPOP-07)', async () => {
    const { body } = await spend({ proof: await mine.prove(atVendor()) })
    expect(decodeJwt(String(body.access_token)).cnf).toEqual({ jkt: mine.jkt })
  })

  it('accepts both grant types with a proof, and jwt-dpop only with one (DPOP-09, RAS-02)', async () => {
    const cnf = { jkt: mine.jkt }
    for (const grantType of [JWT_BEARER, JWT_DPOP])
      expect((await spend({ cnf, grantType, proof: await mine.prove(atVendor()) })).status).toBe(200)
    await expectRefused(world, await spend({ grantType: JWT_DPOP }), REFUSED)
  })

  it.each([
    ['an unknown method', { 'x5t#S256': 'A'.repeat(43) }],
    ['an unknown method beside a known one', { jkt: 'KNOWN', other: 'x' }],
    ['no method', {}],
    ['a string', 'jkt'],
    ['an invalid thumbprint', { jkt: 42 }],
  ])('rejects cnf with %s, even with a proof (RAS-20, DPOP-17)', async (_name, cnf) => {
    const jkt = mine.jkt
    const filled = JSON.parse(JSON.stringify(cnf).replace('KNOWN', jkt)) as unknown
    await expectRefused(world, await spend({ cnf: filled, proof: await mine.prove(atVendor()) }), REFUSED)
    expect((await spend({ cnf: { jkt }, proof: await mine.prove(atVendor()) })).status).toBe(200)
  })

  it('accepts a whole key instead of its thumbprint, and both only for the same key (DPOP-10)', async () => {
    const prove = () => mine.prove(atVendor())
    const { body } = await spend({ cnf: { jwk: mine.jwk }, proof: await prove() })
    expect(decodeJwt(String(body.access_token)).cnf).toEqual({ jkt: mine.jkt })
    expect((await spend({ cnf: { jwk: mine.jwk, jkt: mine.jkt }, proof: await prove() })).status).toBe(200)
    const refused = [
      { jwk: another.jwk },
      { jwk: mine.jwk, jkt: another.jkt },
      { jwk: another.jwk, jkt: mine.jkt },
      { jwk: { kty: 'oct', k: 'AAAA' } },
      { jwk: 'text' },
    ]
    for (const cnf of refused) await expectRefused(world, await spend({ cnf, proof: await prove() }), REFUSED)
    await expectRefused(world, await spend({ cnf: { jwk: mine.jwk } }), REFUSED)
  })

  it('publishes only asymmetric proof algorithms, at both servers (DPOP-13)', async () => {
    for (const path of ['openid-configuration', 'oauth-authorization-server/as/vendor']) {
      const metadata = (await (await fetch(`${world.baseUrl}/.well-known/${path}`)).json()) as Record<
        string,
        string[]
      >
      expect(metadata.dpop_signing_alg_values_supported).toContain('ES256')
      for (const name of metadata.dpop_signing_alg_values_supported ?? [])
        expect(name).not.toMatch(/^(HS|none)/)
    }
  })
})
