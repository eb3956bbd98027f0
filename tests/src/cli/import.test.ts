// `crosswalk import`: a Keycloak realm and a list of Okta apps become a plan; a user signs in to an imported app.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { PASSWORD, REDIRECT_URI } from '../support/company.ts'
import { signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { crosswalk } from './run-crosswalk.ts'

const SECRET = 'the secret that web has at Keycloak'
const PRIVATE = { kty: 'EC', crv: 'P-256', kid: 'k', x: 'x', y: 'y', d: 'a private part' }

const REALM = {
  realm: 'acme',
  clients: [
    { clientId: 'account', publicClient: true },
    {
      clientId: 'web',
      name: 'Web',
      secret: '**********',
      redirectUris: [REDIRECT_URI, 'https://web.acme.example/*'],
      attributes: { 'post.logout.redirect.uris': 'https://web.acme.example/bye##+' },
    },
    { clientId: 'other web', redirectUris: ['https://other.acme.example/'] },
    {
      ...{ clientId: 'spa', name: '${client_other}', publicClient: true, enabled: false },
      redirectUris: ['https://spa.acme.example/'],
    },
    {
      clientId: 'job',
      standardFlowEnabled: false,
      serviceAccountsEnabled: true,
      clientAuthenticatorType: 'client-jwt',
      attributes: { 'jwks.string': JSON.stringify({ keys: [PRIVATE] }) },
    },
    { clientId: 'mtls', clientAuthenticatorType: 'client-x509' },
    { clientId: 'api', bearerOnly: true },
    { clientId: 'crm', protocol: 'saml' },
  ],
  groups: [{ name: 'engineering', path: '/engineering', subGroups: [{ name: 'ops' }] }],
  users: [
    {
      ...{ id: '0f1e2d3c-0000-4000-8000-000000000001', username: 'zoe', email: 'zoe@acme.example' },
      ...{ emailVerified: true, firstName: 'Zoe', lastName: 'Zed', enabled: true },
      ...{ groups: ['/engineering/ops'], credentials: [{ type: 'password', secretData: 'a hash' }] },
    },
    { id: '0f1e2d3c-0000-4000-8000-000000000002', username: 'Alice' },
    { id: 's', username: 'service-account-job', serviceAccountClientId: 'job' },
  ],
  identityProviders: [{ alias: 'google' }],
}

const OKTA = [
  {
    id: '0oa1',
    label: 'Wiki',
    status: 'ACTIVE',
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { client_id: '0oa1', token_endpoint_auth_method: 'private_key_jwt' } },
    settings: {
      oauthClient: {
        ...{ redirect_uris: ['https://wiki.acme.example/cb'], application_type: 'web' },
        ...{ jwks: { keys: [PRIVATE] } },
      },
    },
  },
  { id: '0oa2', label: 'Box', status: 'ACTIVE', signOnMode: 'SAML_2_0', credentials: {}, settings: {} },
  {
    id: '0oa3',
    label: 'Old',
    status: 'INACTIVE',
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { client_id: '0oa3', token_endpoint_auth_method: 'client_secret_jwt' } },
    settings: { oauthClient: { redirect_uris: [], application_type: 'service' } },
  },
]

let server: TestServer
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-import-'))
  const users = [{ id: 'usr_alice', username: 'alice', password: PASSWORD }]
  server = await startTestServer({ file: () => ({ admin: { token: ADMIN_TOKEN }, idp: { users } }) })
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await server.stop()
})

const APPLY = ['--yes', '--reason', 'we move here'] as const

async function take(source: string, content: unknown, ...args: readonly string[]) {
  const file = join(folder, `${source}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  const result = await crosswalk(['import', source, file, '--server', server.baseUrl, ...args], {
    env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN, IMPORT_SECRET_WEB: SECRET },
  })
  const all = result.out + result.err
  for (const secret of [SECRET, 'a private part', 'a hash', '**********']) expect(all).not.toContain(secret)
  return { ...result, left: all.split('\n').filter((line) => line.startsWith('! ')) }
}

const read = async (path: string) => (await adminOf(server.baseUrl)('GET', path)).body

describe('a realm of Keycloak', () => {
  const left = [
    '! client web: redirect URI https://web.acme.example/* is not an exact URI; add the exact URIs',
    '! client other web: its secret is not exported; set IMPORT_SECRET_OTHER_WEB to it, or to a new one',
    '! client mtls: it authenticates by client-x509, which is not supported here',
    '! client api: it is an API; create a resource app with its resource identifier',
    '! client crm: its protocol is saml',
    '! identity provider google: its secret is not exported; define it under `idp.upstream`',
    '! passwords and second factors: users sign in at Keycloak by `idp.subjectIssuers` or `idp.upstream`, or get a password here',
    '! who may use an app: Keycloak lets every user use every client; assign users to each app here',
    '! user Alice: already defined here; left unchanged',
  ]

  it('is shown as a plan, with what cannot be imported, before anything changes', async () => {
    const dry = await take('keycloak', REALM, '--dry-run')
    expect([dry.exitCode, dry.left]).toEqual([0, left])
    expect(dry.out).toContain('6 to create')
    const printed = await take('keycloak', REALM, '--print')
    expect(printed.out).toContain('secret: ${IMPORT_SECRET_WEB}')
    // As Keycloak names its own clients: not a variable here
    expect(printed.out).toContain('name: $${client_other}')
    expect((await read('/apps')).items).toEqual([])
  })

  it('is applied, and a user signs in to an imported app with its own secret', async () => {
    const applied = await take('keycloak', REALM, ...APPLY)
    expect([applied.exitCode, applied.err]).toEqual([0, ''])
    expect(await read('/apps/job')).toMatchObject({
      kind: 'service',
      auth: { method: 'private_key_jwt', jwks: { keys: [{ kid: 'k', x: 'x' }] } },
    })
    expect(await read('/apps/spa')).toMatchObject({ active: false, auth: { method: 'none' } })
    expect(await read('/apps/web')).toMatchObject({
      redirectUris: [REDIRECT_URI],
      postLogoutRedirectUris: ['https://web.acme.example/bye'],
      pkce: 'optional',
    })
    expect(await read(`/users/${REALM.users[0]?.id}`)).toMatchObject({
      ...{ username: 'zoe', name: 'Zoe Zed', emailVerified: true, groups: ['engineering > ops'] },
      ...{ attributes: { keycloakId: REALM.users[0]?.id }, hasPassword: false },
    })
    const web = { id: 'web', secret: SECRET }
    await expect(signInFor(server.baseUrl, 'alice', web)).rejects.toThrow('no code')
    const assigned = await crosswalk(
      ['app', 'update', 'web', '--everyone', '--reason', 'all', '--server', server.baseUrl],
      { env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN } },
    )
    expect(assigned.exitCode, assigned.err).toBe(0)
    expect((await signInFor(server.baseUrl, 'alice', web)).idToken).toMatch(/^eyJ/)
  })

  it('imported again changes nothing: existing apps stay unchanged', async () => {
    const again = await take('keycloak', REALM, ...APPLY)
    expect([again.exitCode, again.out]).toEqual([0, expect.stringContaining('no differences')])
    expect(await read('/apps/web')).toMatchObject({ assignments: { everyone: true } })
  })
})

it('imports OpenID Connect apps of Okta', async () => {
  const { exitCode, left } = await take('okta', OKTA, ...APPLY)
  expect([exitCode, left]).toEqual([
    0,
    [
      '! app Box (0oa2): its sign-on mode is SAML_2_0, not OPENID_CONNECT',
      '! client 0oa3: it authenticates by client_secret_jwt, which is not supported here',
      '! who may use an app: assignments are not in this list; assign users or groups to each app here',
    ],
  ])
  expect(await read('/apps/0oa1')).toMatchObject({
    name: 'Wiki',
    redirectUris: ['https://wiki.acme.example/cb'],
  })
})

it.each<[string, string, unknown, string]>([
  ['no JSON', 'keycloak', 'realm: acme', 'is not a Keycloak realm'],
  ['an export of the other product', 'keycloak', OKTA, 'is not a Keycloak realm'],
  ['a realm for Okta', 'okta', REALM, 'is not a list of Okta apps'],
  ['a client without an id', 'keycloak', { realm: 'a', clients: [{}] }, '(at clients.0.clientId)'],
  ['too many apps', 'okta', Array.from({ length: 2001 }, () => OKTA[0]), 'is not a list of Okta apps'],
])('%s is refused in one sentence', async (_, source, content, problem) => {
  const { exitCode, err } = await take(source, content, ...APPLY)
  expect([exitCode, err]).toEqual([2, expect.stringContaining(problem)])
})
