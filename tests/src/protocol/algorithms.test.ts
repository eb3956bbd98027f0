// Accepted algorithms and methods: exactly those in the metadata, at every endpoint that lists them.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { company, REDIRECT_URI, TODO } from '../support/company.ts'
import { postForm, redeem } from '../support/flow.ts'
import { expectRefused } from './support/expect-refused.ts'
import { idJagClaims, idJagHeader, makeKey, signJwt, type TestKey } from './support/foreign-issuer.ts'
import { ASSERTION_TYPE, makeClientAssertion } from './support/proofs.ts'
import { startWorld, type World } from './support/world.ts'

const ALGORITHMS = [
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
  ...['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'],
]
const SIGNER = 'signer'
const FOREIGN = 'https://idp.foreign.test'
const NARROW = 'https://narrow.foreign.test'

let world: World
let keys: ReadonlyMap<string, TestKey>

beforeAll(async () => {
  const made = await Promise.all(ALGORITHMS.map(async (name) => [name, await makeKey(name, name)] as const))
  keys = new Map(made)
  const jwks = { keys: made.map(([, { publicJwk }]) => publicJwk) }
  const signer = { id: SIGNER, auth: { method: 'private_key_jwt', jwks } }
  world = await startWorld((baseUrl) => {
    const { apps } = company(baseUrl).idp as { apps: object[] }
    const { clients } = (company(baseUrl).authorizationServers as { clients: object[] }[])[0] ?? {
      clients: [],
    }
    const more = {
      name: 'Signer',
      kind: 'agent',
      redirectUris: [REDIRECT_URI],
      assignments: { everyone: true },
    }
    return company(baseUrl, {
      idp: { apps: [...apps, { ...signer, ...more }] },
      authorizationServer: {
        trustedIssuers: [
          { issuer: FOREIGN, jwks, provisioning: 'jit' },
          { issuer: NARROW, jwks, provisioning: 'jit', algorithms: ['ES256'] },
        ],
        clients: [...clients, signer, { id: 'public', auth: { method: 'none' } }],
      },
    })
  })
})
afterAll(async () => {
  expect(world.faults).toEqual([])
  await world.stop()
})

const read = async (path: string) =>
  (await (await fetch(`${world.baseUrl}${path}`)).json()) as Record<string, readonly string[]>

it.each([
  { server: 'IdP', path: '', at: '' },
  { server: 'Resource AS', path: '/as/vendor', at: '/as/vendor' },
])(
  'the $server accepts client assertions with every algorithm it lists (META-11, SEC-01)',
  async ({ path, at }) => {
    const metadata = await read(`/.well-known/oauth-authorization-server${path}`)
    const name = at === '' ? 'token' : 'introspection'
    expect(metadata[`${name}_endpoint_auth_signing_alg_values_supported`]).toEqual(ALGORITHMS)
    for (const [algorithm, key] of keys) {
      const audience = `${world.baseUrl}${at}`
      const answer = await postForm(`${world.baseUrl}${at}/introspect`, {
        token: 'of nobody',
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: await makeClientAssertion({ clientId: SIGNER, audience, key }),
      })
      expect([algorithm, answer.status]).toEqual([algorithm, 200])
    }
  },
)

it('a Resource AS lists `none` if a public client is registered, and never for introspection (META-11, RAS-04)', async () => {
  const metadata = await read('/.well-known/oauth-authorization-server/as/vendor')
  expect(metadata.token_endpoint_auth_methods_supported).toContain('none')
  expect(metadata.revocation_endpoint_auth_methods_supported).toContain('none')
  expect(metadata.introspection_endpoint_auth_methods_supported).not.toContain('none')
})

it.each(['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'])(
  'accepts ID-JAGs signed with %s unless the algorithms of the issuer are limited (JAG-02, SEC-01)',
  async (algorithm) => {
    const key = keys.get(algorithm)
    if (key === undefined) throw new Error(`no key for ${algorithm}`)
    const send = async (issuer: string) =>
      redeem(world.baseUrl, await signJwt(key, idJagClaims(world, issuer), idJagHeader))
    expect((await send(FOREIGN)).status).toBe(200)
    if (algorithm === 'ES256') return
    await expectRefused(world, await send(NARROW), { error: 'invalid_grant', code: 'XAA2205' })
  },
)

it('rejects an ID-JAG with an algorithm that is listed for clients only (JAG-02, SEC-01)', async () => {
  const key = keys.get('RS512')
  if (key === undefined) throw new Error('no key')
  const idJag = await signJwt(key, idJagClaims(world, FOREIGN, { resource: TODO }), idJagHeader)
  await expectRefused(world, await redeem(world.baseUrl, idJag), { error: 'invalid_grant', code: 'XAA2205' })
})
