// `crosswalk doctor` with the credentials of an app: whether each server knows it. Crosswalk, and a plain OpenID
// Provider as a server of another vendor.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR, company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { crosswalk } from './run-crosswalk.ts'
import { runDoctor } from './run-doctor.ts'

async function doctor(...command: Parameters<typeof runDoctor>) {
  const { exitCode, findings } = await runDoctor(...command)
  const ofClient = findings.filter(({ id }) => id.startsWith('C'))
  return { exitCode, ofClient, results: ofClient.map(({ id, result }) => `${id} ${result}`) }
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-doctor-client-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const save = (name: string, content: object) => {
  writeFileSync(join(folder, name), JSON.stringify(content))
  return join(folder, name)
}

describe('an app at the two servers of Crosswalk', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  })
  afterAll(() => server.stop())

  const secrets = { CROSSWALK_IDP_SECRET: AGENT.secret, CROSSWALK_AS_SECRET: AGENT_AT_VENDOR.secret }
  const examine = (
    ids: readonly [atIdp: string, atServer?: string],
    env: Readonly<Record<string, string>> = secrets,
  ) => {
    const [atIdp, atServer] = ids
    const sides = ['--idp', server.baseUrl, '--as', `${server.baseUrl}/as/vendor`, '--client-id', atIdp]
    return doctor([...sides, ...(atServer === undefined ? [] : ['--as-client-id', atServer])], env)
  }

  it('is known to both', async () => {
    const { exitCode, results } = await examine([AGENT.id, AGENT_AT_VENDOR.id])
    expect([exitCode, results]).toEqual([0, ['C01 pass', 'C03 pass']])
  })

  it('has a wrong secret at one of them', async () => {
    const { exitCode, results, ofClient } = await examine([AGENT.id, AGENT_AT_VENDOR.id], {
      ...secrets,
      CROSSWALK_IDP_SECRET: 'a secret that was never issued',
    })
    expect([exitCode, results]).toEqual([3, ['C01 fail', 'C03 pass']])
    expect(ofClient[0]).toMatchObject({
      subject: server.baseUrl,
      saw: expect.stringContaining('401 invalid_client'),
      fix: expect.stringContaining('Compare client id, secret or key'),
    })
  })

  it('has no credential at one of them', async () => {
    const { results, ofClient } = await examine([AGENT.id, AGENT_AT_VENDOR.id], {
      CROSSWALK_AS_SECRET: AGENT_AT_VENDOR.secret,
    })
    expect([results, ofClient[0]?.fix]).toEqual([
      ['C01 fail', 'C03 pass'],
      expect.stringContaining('Set CROSSWALK_IDP_SECRET, or pass --idp-secret or --idp-key'),
    ])
  })

  it('is registered to send its secret in the body', async () => {
    const auth = { method: 'client_secret_post', secret: AGENT_AT_VENDOR.secret }
    const clients = [{ id: AGENT_AT_VENDOR.id, auth }]
    const other = await startTestServer({ file: (url) => company(url, { authorizationServer: { clients } }) })
    try {
      const sides = ['--as', `${other.baseUrl}/as/vendor`, '--as-client-id', AGENT_AT_VENDOR.id]
      const { results, ofClient } = await doctor(sides, secrets)
      expect([results, ofClient[0]?.fix]).toEqual([
        ['C03 fail'],
        expect.stringContaining('add --as-secret-post'),
      ])
      expect((await doctor([...sides, '--as-secret-post'], secrets)).results).toEqual(['C03 pass'])
    } finally {
      await other.stop()
    }
  })

  it('uses its id at the IdP at the other server', async () => {
    const { results, ofClient } = await examine([AGENT.id])
    expect(results).toEqual(['C01 pass', 'C03 fail'])
    expect(ofClient[1]?.fix).toContain('--as-client-id')
  })

  it('authenticates by a method that is not registered', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const key = save('unregistered.json', await exportJWK(privateKey))
    const { results } = await doctor(['--idp', server.baseUrl, '--client-id', AGENT.id, '--idp-key', key], {})
    expect(results).toEqual(['C01 fail'])
  })

  it('sends its credentials to named issuers only', async () => {
    const args = ['--client-id', AGENT.id, '--idp', server.baseUrl, 'http://127.0.0.1:1']
    expect(await crosswalk(['doctor', ...args], { env: secrets })).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('name at most one --idp'),
    })
  })
})

describe('an app at a server of another vendor, which accepts client assertions for its token endpoint only', () => {
  let http: Server
  let issuer: string
  let keyFile: string
  beforeAll(async () => {
    http = createServer()
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
    keyFile = save('key.json', { ...(await exportJWK(privateKey)), kid: 'one' })
    const clients = [
      {
        client_id: 'by-key',
        token_endpoint_auth_method: 'private_key_jwt',
        ...ofKey(await exportJWK(publicKey)),
      },
      {
        client_id: 'by-secret',
        client_secret: 'the secret of this client',
        redirect_uris: ['https://app.example/'],
      },
    ]
    const provider = new Provider(issuer, {
      clients: clients as never,
      features: { devInteractions: { enabled: false } },
      enabledJWA: { clientAuthSigningAlgValues: ['ES256'] },
      assertJwtClientAuthClaimsAndHeader: async (_: unknown, claims: { readonly aud: unknown }) => {
        if (claims.aud !== `${issuer}/token`) throw new Error('aud must be the token endpoint')
      },
    } as never).callback()
    http.on('request', (request, response) => void provider(request, response))
  })
  afterAll(async () => {
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
  })
  const ofKey = (jwk: JWK) => ({
    jwks: { keys: [{ ...jwk, kid: 'one', alg: 'ES256', use: 'sig' }] },
    redirect_uris: ['https://app.example/'],
    token_endpoint_auth_signing_alg: 'ES256',
  })

  it('by secret', async () => {
    const env = { CROSSWALK_IDP_SECRET: 'the secret of this client' }
    const args = ['--idp', issuer, '--client-id', 'by-secret']
    expect((await doctor(args, env)).results).toEqual(['C01 pass'])
    expect((await doctor(args, { CROSSWALK_IDP_SECRET: 'another' })).results).toEqual(['C01 fail'])
  })

  it('by key: finds the audience, and its fix works', async () => {
    const args = ['--idp', issuer, '--client-id', 'by-key', '--idp-key', keyFile]
    const { results, ofClient } = await doctor(args)
    expect(results).toEqual(['C01 pass', 'C02 fail'])
    const [, option = '', audience = ''] = /Use (--\S+) (\S+) here/.exec(ofClient[1]?.fix ?? '') ?? []
    expect((await doctor([...args, option, audience])).results).toEqual(['C01 pass', 'C02 pass'])
  })
})

describe('the metadata document of an app', () => {
  let http: Server
  let origin: string
  let document: object = {}
  let keys: object = {}
  beforeAll(async () => {
    http = createServer((request, response) => {
      const found = { '/client.json': document, '/keys': keys }[request.url ?? '']
      response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(found ?? {}))
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
    const { publicKey } = await generateKeyPair('ES256')
    keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one' }] }
  })
  afterAll(() => new Promise((resolve) => http.close(resolve)))
  const good = () => ({
    client_id: `${origin}/client.json`,
    redirect_uris: ['http://127.0.0.1/callback'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${origin}/keys`,
  })

  it.each<[string, () => object, string?]>([
    ['is usable', () => good()],
    ['names another client', () => ({ ...good(), client_id: `${origin}/client` }), 'client_id'],
    ['contains a secret', () => ({ ...good(), client_secret: 'x' }), 'client_secret'],
    [
      'names keys that are not there',
      () => ({ ...good(), jwks_uri: `${origin}/none` }),
      'keys cannot be read',
    ],
    ['is larger than servers accept', () => ({ ...good(), client_uri: 'x'.repeat(6000) }), 'too large'],
  ])('%s', async (_, body, problem) => {
    document = body()
    const { results, ofClient } = await doctor(['--client-id', `${origin}/client.json`])
    expect(results).toEqual([problem === undefined ? 'C06 pass' : 'C06 fail'])
    expect(ofClient[0]?.what ?? '').toContain(problem ?? '')
  })
})
