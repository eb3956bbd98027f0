// The metadata of both servers, checked against their behaviour.
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, company, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

type Document = Readonly<Record<string, unknown>>

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
})
afterAll(() => server.stop())

async function read(path: string): Promise<Document> {
  const response = await fetch(`${server.baseUrl}${path}`)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
  return (await response.json()) as Document
}

const idpPaths = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']
const vendorPaths = [
  '/.well-known/oauth-authorization-server/as/vendor',
  '/.well-known/openid-configuration/as/vendor',
  '/as/vendor/.well-known/openid-configuration',
]

describe('metadata', () => {
  it('meta-01: a Resource AS lists the profile with its grant type, and never its trusted issuers (META-03 to META-06)', async () => {
    const metadata = await read(vendorPaths[0] ?? '')
    expect(metadata).toMatchObject({
      issuer: `${server.baseUrl}/as/vendor`,
      authorization_grant_profiles_supported: ['urn:ietf:params:oauth:grant-profile:id-jag'],
      grant_types_supported: expect.arrayContaining(['urn:ietf:params:oauth:grant-type:jwt-bearer']),
    })
    expect(JSON.stringify(metadata).replaceAll(`${server.baseUrl}/as/vendor`, '')).not.toContain(
      server.baseUrl,
    )
  })

  it('meta-05: discovery has every member that clients require (META-02, META-08, META-10)', async () => {
    const metadata = await read('/.well-known/openid-configuration')
    expect(metadata).toMatchObject({
      issuer: server.baseUrl,
      response_types_supported: expect.arrayContaining(['code']),
      subject_types_supported: expect.arrayContaining(['public']),
      id_token_signing_alg_values_supported: expect.arrayContaining(['ES256']),
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: expect.arrayContaining(['urn:ietf:params:oauth:grant-type:token-exchange']),
      authorization_response_iss_parameter_supported: true,
      identity_chaining_requested_token_types_supported: ['urn:ietf:params:oauth:token-type:id-jag'],
    })
    expect(metadata).not.toHaveProperty('authorization_grant_profiles_supported')
    for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint'])
      expect(String(metadata[name]).startsWith(`${server.baseUrl}/`)).toBe(true)
  })

  it('names an authorization endpoint that only explains, if the server has no code flow', async () => {
    const { authorization_endpoint: endpoint } = await read(vendorPaths[0] ?? '')
    const query = new URLSearchParams({ response_type: 'code', client_id: AGENT.id })
    const response = await fetch(`${String(endpoint)}?${query}`, { redirect: 'manual' })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('This server has no sign-in')
  })

  it('meta-07: keys are public, have a kid and are for signatures only, at both servers', async () => {
    for (const path of ['/jwks', '/as/vendor/jwks']) {
      const { keys } = (await read(path)) as { keys: Record<string, unknown>[] }
      expect(keys.length).toBeGreaterThan(0)
      expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length)
      for (const key of keys) {
        expect(key).toMatchObject({ use: 'sig', kid: expect.stringMatching(/./) })
        expect(['ES256 EC', 'RS256 RSA']).toContain(`${key['alg']} ${key['kty']}`)
        for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret)
      }
    }
  })

  it('is one document at every path of an issuer (META-10)', async () => {
    for (const paths of [idpPaths, vendorPaths]) {
      const documents = await Promise.all(paths.map(read))
      for (const document of documents) expect(document).toEqual(documents[0])
    }
  })

  it('omits public clients and details types if there are none (META-11, RAR-08)', async () => {
    for (const path of [idpPaths[0], vendorPaths[0]]) {
      const metadata = await read(path ?? '')
      expect(metadata).not.toHaveProperty('authorization_details_types_supported')
      expect(metadata.token_endpoint_auth_methods_supported).toEqual([
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
        ...(path === idpPaths[0] ? ['none'] : []),
      ])
    }
  })

  it('is readable from any origin, with custom headers, and so are the keys (META-10)', async () => {
    const headers = {
      origin: 'https://inspector.test',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization,mcp-protocol-version',
    }
    for (const path of [...idpPaths, ...vendorPaths, '/jwks', '/as/vendor/jwks']) {
      const asked = await fetch(`${server.baseUrl}${path}`, { method: 'OPTIONS', headers })
      expect([path, asked.status]).toEqual([path, 204])
      expect(Object.fromEntries(asked.headers)).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': expect.stringContaining('GET'),
        'access-control-allow-headers': 'authorization,mcp-protocol-version',
      })
      const got = await fetch(`${server.baseUrl}${path}`, { headers: { origin: headers.origin } })
      expect([got.status, got.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
      expect((await fetch(`${server.baseUrl}${path}`, { method: 'POST', headers })).status).toBe(405)
    }
    for (const path of ['/token', '/as/vendor/token'])
      expect((await fetch(`${server.baseUrl}${path}`, { method: 'OPTIONS', headers })).status).toBe(405)
  })

  it('names exactly the issuer in tokens (META-09, JAG-03, JAG-06, AT-03)', async () => {
    const [idp, vendor] = [await read(idpPaths[0] ?? ''), await read(vendorPaths[0] ?? '')]
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const idJag = String((await exchange(server.baseUrl, idToken, { resource: TODO })).body.access_token)
    const token = String((await redeem(server.baseUrl, idJag)).body.access_token)
    expect([
      decodeJwt(idToken).iss,
      decodeJwt(idJag).iss,
      decodeJwt(idJag).aud,
      decodeJwt(token).iss,
    ]).toEqual([idp.issuer, idp.issuer, vendor.issuer, vendor.issuer])
  })

  it('lists optional endpoints, methods and algorithms (META-11)', async () => {
    for (const path of [idpPaths[0], vendorPaths[0]])
      expect(await read(path ?? '')).toMatchObject({
        token_endpoint_auth_methods_supported: expect.arrayContaining([
          'client_secret_basic',
          'private_key_jwt',
        ]),
        token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(['ES256']),
        dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
        revocation_endpoint: expect.stringContaining(server.baseUrl),
        introspection_endpoint: expect.stringContaining(server.baseUrl),
        jwks_uri: expect.stringContaining(server.baseUrl),
      })
  })

  it('lists how clients authenticate at each endpoint (META-11, REV-02)', async () => {
    for (const path of [idpPaths[0], vendorPaths[0]]) {
      const metadata = (await read(path ?? '')) as Readonly<Record<string, unknown>>
      const all = metadata['token_endpoint_auth_methods_supported'] as readonly string[]
      const expected = { token: all, revocation: all, introspection: all.filter((name) => name !== 'none') }
      for (const [name, methods] of Object.entries(expected)) {
        expect(metadata[`${name}_endpoint_auth_methods_supported`]).toEqual(methods)
        expect(metadata[`${name}_endpoint_auth_signing_alg_values_supported`]).toContain('ES256')
      }
    }
  })

  it('lists PKCE without the code flow too, because MCP clients refuse metadata without it (META-10)', async () => {
    expect(await read(vendorPaths[0] ?? '')).toMatchObject({
      response_types_supported: [],
      code_challenge_methods_supported: ['S256'],
    })
  })

  it('omits empty lists (META-11, RFC 8414 section 3.2)', async () => {
    const lists = ['scopes_supported', 'protected_resources', 'authorization_details_types_supported']
    const listed = async (change: Readonly<Record<string, unknown>>) => {
      const other = await startTestServer({
        file: (baseUrl) => company(baseUrl, { authorizationServer: { clients: [], ...change } }),
      })
      const response = await fetch(`${other.baseUrl}${vendorPaths[0]}`)
      const metadata = (await response.json()) as Readonly<Record<string, unknown>>
      await other.stop()
      return lists.map((name) => metadata[name])
    }
    expect(await listed({ resources: [] })).toEqual([undefined, undefined, undefined])
    expect(await listed({ resources: [{ id: TODO }] })).toEqual([undefined, [TODO], undefined])
    const full = { resources: [{ id: TODO, scopes: ['a'] }], authorizationDetailsTypes: ['t'] }
    expect(await listed(full)).toEqual([['a'], [TODO], ['t']])
  })
})
