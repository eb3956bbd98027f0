// What each setting of another product becomes here.
import { describe, expect, it } from 'vitest'

import { importKeycloak, zRealm } from './keycloak.ts'
import { importOkta, zOktaApps } from './okta.ts'

const KEY = { kty: 'EC', crv: 'P-256', kid: 'k', x: 'x', y: 'y' }
const KEYS = { keys: [{ ...KEY, d: 'private' }, { kty: 'oct', k: 'shared' }, 'none'] }
const findSecret = (name: string) => (name === 'IMPORT_SECRET_A_B' ? 'secret' : undefined)

describe('an app of Okta', () => {
  const take = (change: object, { auth, ...oauth }: { readonly auth?: object } & object = {}) =>
    importOkta(
      zOktaApps.parse([
        {
          ...{ id: 'a', label: 'Wiki', signOnMode: 'OPENID_CONNECT' },
          credentials: { oauthClient: { client_id: 'a-b', ...auth } },
          settings: { oauthClient: { application_type: 'web', ...oauth } },
          ...change,
        },
      ]),
      findSecret,
    ).apps[0]

  it.each<[string, object, object, object]>([
    [
      'is a web app with its secret',
      {},
      {},
      { kind: 'web', auth: { method: 'client_secret_basic', secret: 'secret' } },
    ],
    ['is a service', {}, { application_type: 'service' }, { kind: 'service' }],
    ['is not active', { status: 'INACTIVE' }, {}, { active: false }],
    ['has its id for a name', { label: undefined }, {}, { name: 'a' }],
    ['needs no PKCE', {}, { auth: { pkce_required: false } }, { pkce: 'optional' }],
    [
      'is told of logouts',
      {},
      { backchannel_logout_uri: 'https://a.test/out' },
      { backchannelLogoutUri: 'https://a.test/out' },
    ],
    [
      'sends its secret in the body',
      {},
      { auth: { token_endpoint_auth_method: 'client_secret_post' } },
      { auth: { method: 'client_secret_post', secret: 'secret' } },
    ],
    [
      'is public',
      {},
      { auth: { token_endpoint_auth_method: 'none', pkce_required: false } },
      { auth: { method: 'none' } },
    ],
    [
      'has public keys',
      {},
      { auth: { token_endpoint_auth_method: 'private_key_jwt' }, jwks: KEYS },
      { auth: { method: 'private_key_jwt', jwks: { keys: [KEY] } } },
    ],
    [
      'publishes its keys',
      {},
      {
        auth: { token_endpoint_auth_method: 'private_key_jwt' },
        jwks: KEYS,
        jwks_uri: 'https://a.test/keys',
      },
      { auth: { method: 'private_key_jwt', jwksUri: 'https://a.test/keys' } },
    ],
  ])('that %s', (_, change, oauth, expected) => {
    const app = take(change, oauth)
    expect(app).toMatchObject({ id: 'a-b', ...expected })
    for (const name of ['active', 'pkce', 'backchannelLogoutUri'] as const)
      if (!(name in expected)) expect(app).not.toHaveProperty(name)
  })

  it('without public keys is not imported', () => {
    expect(
      take({}, { auth: { token_endpoint_auth_method: 'private_key_jwt' }, ...{ jwks: { keys: [] } } }),
    ).toBeUndefined()
  })
})

describe('a client of Keycloak', () => {
  const take = (change: object) => {
    const client = { clientId: 'a-b', redirectUris: ['https://a.test/cb'], ...change }
    return importKeycloak(zRealm.parse({ realm: 'r', clients: [client] }), findSecret).apps[0]
  }

  it.each<[string, object, object]>([
    ['with a sign-in is a web app', { serviceAccountsEnabled: true }, { kind: 'web', pkce: 'optional' }],
    [
      'without redirect URIs is a service',
      { serviceAccountsEnabled: true, redirectUris: [] },
      { kind: 'service' },
    ],
    ['without both is a web app', { redirectUris: [] }, { kind: 'web' }],
    ['that needs PKCE', { attributes: { 'pkce.code.challenge.method': 'S256' } }, { pkce: undefined }],
    [
      'that is told of logouts',
      { attributes: { 'backchannel.logout.url': 'https://a.test/out' } },
      { backchannelLogoutUri: 'https://a.test/out' },
    ],
    [
      'that publishes its keys',
      {
        clientAuthenticatorType: 'client-jwt',
        attributes: { 'use.jwks.url': 'true', 'jwks.url': 'https://a.test/keys', 'jwks.string': 'x' },
      },
      { auth: { method: 'private_key_jwt', jwksUri: 'https://a.test/keys' } },
    ],
    [
      'whose published keys are not used',
      {
        clientAuthenticatorType: 'client-jwt',
        attributes: { 'use.jwks.url': 'false', 'jwks.url': 'x', 'jwks.string': JSON.stringify(KEYS) },
      },
      { auth: { method: 'private_key_jwt', jwks: { keys: [KEY] } } },
    ],
  ])('%s', (_, change, expected) => {
    const app = take(change)
    expect({ ...app, pkce: app?.pkce }).toMatchObject(expected)
  })

  it('has as its name at most 256 characters', () => {
    expect(take({ name: 'n'.repeat(257) })?.name).toBe('n'.repeat(256))
    expect(take({ name: '' })?.name).toBe('a-b')
  })

  it.each(['\n', '', 'ü', 'x'.repeat(513)])('with the id %j is not imported', (clientId) => {
    expect(take({ clientId })).toBeUndefined()
  })
})

describe('users and groups of Keycloak', () => {
  const take = (realm: object) => importKeycloak(zRealm.parse({ realm: 'r', ...realm }), findSecret)
  const zoe = { id: 'u-1', username: 'zoe' }
  const usual = { ...zoe, groups: [], attributes: { keycloakId: 'u-1' } }

  it.each<[string, object, object]>([
    ['a bare user', {}, {}],
    ['a disabled user', { enabled: false }, { active: false }],
    [
      'a verified address',
      { email: 'z@a.test', emailVerified: true },
      { email: 'z@a.test', emailVerified: true },
    ],
    ['an address that is not verified', { email: 'z@a.test' }, { email: 'z@a.test' }],
    ['a verified address that is missing', { emailVerified: true }, {}],
    ['one name', { lastName: 'Zed' }, { name: 'Zed' }],
    ['groups', { groups: ['/a', '/a/b'] }, { groups: ['a', 'a > b'] }],
  ])('%s', (_, change, expected) => {
    expect(take({ users: [{ ...zoe, ...change }] }).users).toEqual([{ ...usual, ...expected }])
  })

  it.each([undefined, '', '-x', 'a b', `x${'a'.repeat(128)}`])('a user with the id %j is left', (id) => {
    const { users, left } = take({ users: [{ ...zoe, id }] })
    expect(users).toEqual([])
    expect(left).toContainEqual({ what: 'user zoe', reason: 'the export has no id for this user' })
  })

  it('groups of any depth are groups of their own', () => {
    const groups = [{ name: 'a', subGroups: [{ name: 'b', subGroups: [{ name: 'c' }] }] }, { name: 'd' }]
    expect(take({ groups }).groups).toEqual([
      ...[{ id: 'a' }, { id: 'a > b', name: 'b' }, { id: 'a > b > c', name: 'c' }, { id: 'd' }],
    ])
  })
})
