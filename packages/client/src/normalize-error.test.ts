import { expect, it, test } from 'vitest'

import { findResourceMetadata, parseChallenges } from './challenge.ts'
import { type ForeignError, normalizeError } from './normalize-error.ts'
import { redactText } from './redacted.ts'

const exchange = (status: number, body?: unknown, issuer?: string): ForeignError => ({
  leg: 'exchange',
  status,
  body,
  ...(issuer === undefined ? {} : { issuer }),
})
const redemption = (status: number, body?: unknown, sentBefore = false): ForeignError => ({
  leg: 'redemption',
  status,
  body,
  sentBefore,
})

const fixtures: readonly (readonly [string, ForeignError, string, string])[] = [
  [
    'Okta: scope not permitted',
    exchange(400, { error: 'unauthorized_client', error_description: 'Scope not permitted' }),
    'XAA1602',
    'probable',
  ],
  ['any: client not enabled', exchange(400, { error: 'unauthorized_client' }), 'XAA1104', 'probable'],
  [
    'Okta: resource mismatch',
    exchange(400, { error: 'invalid_target', error_description: 'resource does not match' }),
    'XAA1304',
    'probable',
  ],
  ['any: invalid_target', exchange(400, { error: 'invalid_target' }), 'XAA1401', 'possible'],
  [
    'Okta custom authorization server',
    exchange(
      400,
      { error: 'invalid_request', error_description: 'requested_token_type is invalid' },
      'https://acme.okta.test/oauth2/default',
    ),
    'XAA4012',
    'probable',
  ],
  [
    'Okta SAML',
    exchange(400, { error: 'invalid_request', error_description: 'invalid subject token' }),
    'XAA1207',
    'possible',
  ],
  [
    'xaa.dev',
    exchange(400, { error: 'invalid_request', error_description: 'ID token aud does not match client' }),
    'XAA1203',
    'probable',
  ],
  [
    'Keycloak: holder',
    exchange(400, { error: 'access_denied', error_description: 'Client is not the holder of the token' }),
    'XAA1203',
    'probable',
  ],
  [
    'Keycloak: audience',
    exchange(403, { error: 'access_denied', error_description: 'Client is not within the token audience' }),
    'XAA1203',
    'probable',
  ],
  [
    'Okta: audience of the client assertion',
    exchange(401, {
      error: 'invalid_client',
      error_description:
        'The audience claim for client_assertion must be the endpoint invoked for the request.',
    }),
    'XAA1102',
    'probable',
  ],
  [
    'ours: audience of the client assertion',
    redemption(401, {
      error: 'invalid_client',
      error_description: 'Client authentication failed. Expected: aud is https://as.test and nothing else.',
    }),
    'XAA2101',
    'probable',
  ],
  ['access_denied without text', exchange(400, { error: 'access_denied' }), 'XAA5001', 'certain'],
  ['403 without error', exchange(403, {}), 'XAA5001', 'probable'],
  ['HTML at the endpoint', exchange(200, undefined), 'XAA4005', 'probable'],
  ['404', exchange(404, {}), 'XAA4005', 'probable'],
  [
    'expired ID token',
    exchange(400, { error: 'invalid_grant', error_description: 'id_token expired' }),
    'XAA1202',
    'probable',
  ],
  ['rate limit', exchange(429, {}), 'XAA1904', 'probable'],
  ['fault', exchange(502, undefined), 'XAA5007', 'certain'],
  [
    'RAS: audience mismatch, 400',
    redemption(400, { error: 'invalid_grant', error_description: 'Audience mismatch' }),
    'XAA2211',
    'probable',
  ],
  [
    'RAS: audience mismatch, 401',
    redemption(401, { error: 'invalid_token', error_description: 'Audience mismatch' }),
    'XAA2211',
    'probable',
  ],
  ['RAS without the grant', redemption(400, { error: 'unsupported_grant_type' }), 'XAA2001', 'certain'],
  ['second use', redemption(400, { error: 'invalid_grant' }, true), 'XAA2209', 'probable'],
  [
    'second use, in words',
    redemption(400, { error: 'invalid_grant', error_description: 'It has already been redeemed.' }),
    'XAA2209',
    'certain',
  ],
  [
    'MCP SDK for Python: HTTP Basic alone',
    redemption(401, { error: 'invalid_client', error_description: 'Missing client_id' }),
    'XAA2101',
    'certain',
  ],
  [
    'Keycloak: secret',
    redemption(401, {
      error: 'unauthorized_client',
      error_description: 'Invalid client or Invalid client credentials',
    }),
    'XAA2101',
    'certain',
  ],
  ['client without the grant', redemption(400, { error: 'unauthorized_client' }), 'XAA2102', 'certain'],
  ...(
    [
      ['Token reuse detected', 'XAA2209'],
      ['client id in assertion : a and client id in request header/body : b', 'XAA2103'],
      ['JWT Authorization Grant is not supported for the requested client', 'XAA2102'],
      ['User not found', 'XAA2301'],
      ['User is not enabled', 'XAA2303'],
    ] as const
  ).map(
    ([text, code]) =>
      [
        `Keycloak: ${text}`,
        redemption(400, { error: 'invalid_grant', error_description: text }),
        code,
        'certain',
      ] as const,
  ),
  ['first use', redemption(400, { error: 'invalid_grant' }), 'XAA5008', 'possible'],
  ['RAS: HTML', redemption(404, undefined), 'XAA4005', 'probable'],
  [
    'our API',
    { leg: 'resource', status: 403, body: { error: 'insufficient_scope', code: 'XAA3009' } },
    'XAA3009',
    'certain',
  ],
  [
    'our server in verbose mode',
    exchange(400, { error: 'access_denied', xaa_decision: { code: 'XAA1503' } }),
    'XAA1503',
    'certain',
  ],
  ['an invented code', exchange(400, { error: 'access_denied', code: 'XAA6666' }), 'XAA5001', 'certain'],
  ['an unknown error', exchange(400, { error: 'teapot' }), 'XAA5003', 'possible'],
]

test.each(fixtures)('%s', (_, error, code, confidence) => {
  expect(normalizeError(error)).toMatchObject({ code, confidence })
})

it('shows its basis, without anything that looks like a token', () => {
  const token = `${'a'.repeat(30)}.${'b'.repeat(30)}.${'c'.repeat(30)}`
  const { evidence } = normalizeError(
    exchange(400, { error: 'invalid_grant', error_description: `bad ${token}` }),
  )
  expect(evidence).toBe('HTTP 400 · invalid_grant · bad [redacted]')
  expect(redactText('todos.read denied')).toBe('todos.read denied')
})

it.each([
  ['insufficient_user_authentication', 'insufficient_user_authentication'],
  ['invalid_authorization_details', 'invalid_authorization_details'],
  [`${'a'.repeat(12)}_${'b'.repeat(12)}1`, '[redacted]'],
  [`${'a'.repeat(21)}_${'b'.repeat(5)}`, '[redacted]'],
  [`insufficient_user_authenticatioN`, '[redacted]'],
])('shows a long error code, and nothing that only resembles one: %s', (text, shown) => {
  expect(redactText(text)).toBe(shown)
})

it('reads a description made to be expensive as quickly as any other', () => {
  const startedAt = performance.now()
  for (const word of ['client ', 'id_token ', 'expired ', 'aud '])
    expect(
      normalizeError(exchange(400, { error: 'invalid_request', error_description: word.repeat(100_000) })),
    ).toMatchObject({ code: 'XAA1004' })
  expect(performance.now() - startedAt).toBeLessThan(1000)
})

it('says what the answer of a known product means', () => {
  const answered = { error: 'unauthorized_client', error_description: 'Scope not permitted' }
  expect(normalizeError(exchange(400, answered))).toMatchObject({
    vendor: 'Okta',
    hint: 'Okta sends this if the connection does not permit a scope.',
  })
  const unknown = normalizeError(exchange(400, { error: 'unauthorized_client' }))
  expect([unknown.vendor, unknown.hint]).toEqual([undefined, undefined])
})

test.each([
  ['Bearer', [{ scheme: 'bearer', params: {} }]],
  ['Bearer error="invalid_token"', [{ scheme: 'bearer', params: { error: 'invalid_token' } }]],
  [
    'Basic realm="x, y", DPoP algs="ES256 PS256", error=use_dpop_nonce',
    [
      { scheme: 'basic', params: { realm: 'x, y' } },
      { scheme: 'dpop', params: { algs: 'ES256 PS256', error: 'use_dpop_nonce' } },
    ],
  ],
  ['Bearer a="\\"q\\"", A="second"', [{ scheme: 'bearer', params: { a: '"q"' } }]],
  ['"', []],
])('parses the challenge %s', (header, challenges) => {
  expect(parseChallenges(header)).toEqual(challenges)
})

it.each([
  ['DPoP algs="ES256", Bearer resource_metadata="https://a.example/m"', 'https://a.example/m'],
  ['Bearer resource_metadata="https://a.example/m", DPoP error="use_dpop_nonce"', 'https://a.example/m'],
  ['Basic resource_metadata="https://a.example/m"', undefined],
  ['Bearer', undefined],
])('finds the metadata that any challenge for tokens names: %s', (header, url) => {
  expect(findResourceMetadata(header)).toBe(url)
})
