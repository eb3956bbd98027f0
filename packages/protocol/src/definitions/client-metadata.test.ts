import { describe, expect, test } from 'vitest'

import {
  isAllowedClientMetadataUrl,
  isClientMetadataAllowance,
  isClientMetadataUrl,
  parseClientMetadata,
} from './client-metadata.ts'

const URL = 'https://agent0.example/client.json'
const PUBLIC = { allowLoopback: false }
const DEVELOPMENT = { allowLoopback: true }
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const PROFILE = 'urn:ietf:params:oauth:grant-profile:id-jag'
const KEY = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'k' }

describe('CID-04, CID-06, SEC-10: client ids that are documents', () => {
  test.each([
    URL,
    'https://agent0.example/',
    'https://agent0.example:8443/client.json',
    'https://agent0.example/client.json?v=1',
    'https://AGENT0.example/Client.json',
    'https://agent0.example/a..b/.well-known/c',
    `https://a.example/${'x'.repeat(512 - 18)}`,
  ])('takes %s', (text) => {
    expect(isClientMetadataUrl(text, PUBLIC)).toBe(true)
  })

  test.each([
    ['no path', 'https://agent0.example'],
    ['a query in place of a path', 'https://agent0.example?x'],
    ['http', 'http://agent0.example/client.json'],
    ['another scheme', 'ftp://agent0.example/client.json'],
    ['a scheme in capitals', 'HTTPS://agent0.example/client.json'],
    ['a fragment', `${URL}#x`],
    ['an empty fragment', `${URL}#`],
    ['user information', 'https://user@agent0.example/client.json'],
    ['user and password', 'https://user:pw@agent0.example/client.json'],
    ['a dot segment', 'https://agent0.example/./client.json'],
    ['two dots', 'https://agent0.example/a/../client.json'],
    ['dots at the end', 'https://agent0.example/a/..'],
    ['an encoded dot segment', 'https://agent0.example/a/%2E%2e/client.json'],
    ['a half-encoded dot segment', 'https://agent0.example/a/.%2e/client.json'],
    ['a backslash', 'https://agent0.example\\@evil.example/client.json'],
    ['a space', `${URL} x`],
    ['a line break', `${URL}\n`],
    ['non-ASCII letters', 'https://agent0.example/clíent.json'],
    ['513 characters', `https://a.example/${'x'.repeat(513 - 18)}`],
    ['not a URL', 'agent0'],
    ['loopback', 'http://127.0.0.1:4000/client.json'],
    ['loopback over https', 'https://localhost/client.json'],
  ])('does not accept %s', (_, text) => {
    expect(isClientMetadataUrl(text, PUBLIC)).toBe(false)
  })

  test('accepts loopback, also over http, if our own address is loopback', () => {
    for (const host of ['http://127.0.0.1:4000', 'http://localhost', 'http://[::1]:1', 'https://a.localhost'])
      expect(isClientMetadataUrl(`${host}/client.json`, DEVELOPMENT)).toBe(true)
    expect(isClientMetadataUrl('http://agent0.example/client.json', DEVELOPMENT)).toBe(false)
  })
})

describe('CID-08: the allow-list', () => {
  test.each([
    ['its URL', [URL]],
    ['its host', ['agent0.example']],
    ['one of several', ['other.example', URL]],
  ])('allows a document by %s', (_, allow) => {
    expect(isAllowedClientMetadataUrl(URL, allow, PUBLIC)).toBe(true)
  })

  test.each([
    ['nobody', URL, []],
    ['another document of the host', URL, ['https://agent0.example/other.json']],
    ['a prefix', URL, ['https://agent0.example/client']],
    ['a parent domain', URL, ['example']],
    ['the host without its port', 'https://agent0.example:8443/c', ['agent0.example']],
    ['the host in capitals', 'https://AGENT0.example/client.json', ['agent0.example', URL]],
    ['not a document URL', 'http://agent0.example/client.json', ['agent0.example']],
  ])('does not allow %s', (_, url, allow) => {
    expect(isAllowedClientMetadataUrl(url, allow, PUBLIC)).toBe(false)
  })

  test('accepts URLs and hosts', () => {
    for (const good of [URL, 'agent0.example', 'agent0.example:8443', '127.0.0.1:80', '[::1]:80'])
      expect(isClientMetadataAllowance(good)).toBe(true)
    for (const bad of ['', '*', '*.example', 'https://agent0.example', 'http://agent0.example/c', 'a b'])
      expect(isClientMetadataAllowance(bad)).toBe(false)
  })
})

describe('CID-05, CID-07, CLI-25: the content of a document', () => {
  const minimal = { client_id: URL, redirect_uris: ['https://agent0.example/cb'] }
  const agent = {
    ...minimal,
    client_name: 'Agent0',
    grant_types: ['authorization_code', EXCHANGE, BEARER],
    authorization_grant_profiles_supported: [PROFILE],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [KEY] },
  }
  const parse = (change: object, rules = PUBLIC) =>
    parseClientMetadata(URL, { ...agent, ...change } as Record<string, unknown>, rules)

  test('accepts a complete one', () => {
    expect(parse({})).toEqual({
      accepted: true,
      value: {
        id: URL,
        name: 'Agent0',
        redirectUris: minimal.redirect_uris,
        grantTypes: agent.grant_types,
        auth: { method: 'private_key_jwt', jwks: { keys: [KEY] } },
        dpopBoundAccessTokens: false,
      },
    })
  })

  test('accepts a minimal one as a public client of the code grant', () => {
    expect(parseClientMetadata(URL, minimal, PUBLIC)).toEqual({
      accepted: true,
      value: {
        id: URL,
        name: URL,
        redirectUris: minimal.redirect_uris,
        grantTypes: ['authorization_code'],
        auth: { method: 'none' },
        dpopBoundAccessTokens: false,
      },
    })
  })

  const withKeys = (change: object) => ({ jwks: undefined, ...change })
  test.each([
    ['keys behind a URL', withKeys({ jwks_uri: 'https://agent0.example/jwks' }), 'private_key_jwt'],
    ['keys without a method', { token_endpoint_auth_method: undefined }, 'private_key_jwt'],
    ['none with keys', { token_endpoint_auth_method: 'none' }, 'none'],
    [
      'no redirect without the code grant',
      { grant_types: [EXCHANGE, BEARER], redirect_uris: [] },
      'private_key_jwt',
    ],
    ['both grants and no profile', { authorization_grant_profiles_supported: undefined }, 'private_key_jwt'],
    [
      'only other profiles',
      { authorization_grant_profiles_supported: [], grant_types: [] },
      'private_key_jwt',
    ],
    ['unknown members', { logo_uri: 'https://agent0.example/logo', 'x-more': 1 }, 'private_key_jwt'],
    [
      'redirects to loopback',
      { redirect_uris: ['http://127.0.0.1:7/cb', 'http://localhost/cb'] },
      'private_key_jwt',
    ],
    ['a private-use redirect', { redirect_uris: ['com.example.agent:/cb'] }, 'private_key_jwt'],
  ])('takes %s', (_, change, method) => {
    expect(parse(change)).toMatchObject({ accepted: true, value: { auth: { method } } })
  })

  test.each(['RS256', 'ES256'])('accepts %s for ID tokens', (algorithm) => {
    expect(parse({ id_token_signed_response_alg: algorithm })).toMatchObject({
      accepted: true,
      value: { idTokenSigningAlg: algorithm },
    })
  })

  test.each<readonly [string, object, string]>([
    ['no client_id', { client_id: undefined }, 'client_id'],
    ['another client_id', { client_id: 'https://agent0.example/other.json' }, 'client_id'],
    ['the same URL in another spelling', { client_id: 'https://AGENT0.example/client.json' }, 'client_id'],
    ['a name that is not a string', { client_name: 7 }, 'client_name'],
    ['a name that reverses the text around it', { client_name: 'Agent0 \u202e' }, 'client_name'],
    ['an invisible name', { client_name: ' \u200b' }, 'client_name'],
    ...['none', 'HS256', 'PS256', 7, null].map(
      (algorithm) =>
        [
          `ID tokens signed with ${String(algorithm)}`,
          { id_token_signed_response_alg: algorithm },
          'id_token_signed_response_alg',
        ] as const,
    ),
    ['a secret', { client_secret: 's' }, 'client_secret'],
    ['the expiry of a secret', { client_secret_expires_at: 0 }, 'client_secret_expires_at'],
    ...['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'tls_client_auth', 7, null].map(
      (method) =>
        [
          `the method ${String(method)}`,
          { token_endpoint_auth_method: method },
          'token_endpoint_auth_method',
        ] as const,
    ),
    ['grant types that are not a list', { grant_types: EXCHANGE }, 'grant_types'],
    [
      'the profile without token exchange (CLI-25)',
      { grant_types: ['authorization_code', BEARER] },
      'grant_types',
    ],
    [
      'the profile without jwt-bearer (CLI-25)',
      { grant_types: ['authorization_code', EXCHANGE] },
      'grant_types',
    ],
    ['the profile without grant types (CLI-25)', { grant_types: undefined }, 'grant_types'],
    [
      'a profile that is not a list',
      { authorization_grant_profiles_supported: PROFILE },
      'authorization_grant_profiles_supported',
    ],
    ['the code grant without redirect', { redirect_uris: [] }, 'redirect_uris'],
    ['a redirect with fragment', { redirect_uris: ['https://agent0.example/cb#x'] }, 'redirect_uris'],
    ['a redirect over http', { redirect_uris: ['http://agent0.example/cb'] }, 'redirect_uris'],
    ['a redirect that is a script', { redirect_uris: ['javascript:alert(1)'] }, 'redirect_uris'],
    ['redirects that are not a list', { redirect_uris: 'https://agent0.example/cb' }, 'redirect_uris'],
    ['keys from two sources', { jwks_uri: 'https://agent0.example/jwks' }, 'jwks_uri'],
    ['private_key_jwt without keys', withKeys({}), 'jwks'],
    ['keys over http', withKeys({ jwks_uri: 'http://agent0.example/jwks' }), 'jwks_uri'],
    ['keys on this machine', withKeys({ jwks_uri: 'https://localhost/jwks' }), 'jwks_uri'],
    ['a private key', { jwks: { keys: [{ ...KEY, d: 'd' }] } }, 'jwks'],
    ['a private ML-DSA key', { jwks: { keys: [{ kty: 'AKP', pub: 'p', priv: 'p' }] } }, 'jwks'],
    ['a shared key', { jwks: { keys: [{ kty: 'oct', k: 'k' }] } }, 'jwks'],
    ['an empty set of keys', { jwks: { keys: [] } }, 'jwks'],
    ['keys that are not a set', { jwks: [KEY] }, 'jwks'],
  ])('refuses %s', (_, change, member) => {
    expect(parse(change)).toMatchObject({ accepted: false, refusal: { member } })
  })

  test('accepts keys on this machine if our own address is loopback', () => {
    expect(parse(withKeys({ jwks_uri: 'http://127.0.0.1:9/jwks' }), DEVELOPMENT).accepted).toBe(true)
  })
})
