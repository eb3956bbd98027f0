import { generateKeyPairSync } from 'node:crypto'

import { GRANT_TYPE, ID_JAG_PROFILE } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import type { Exchange } from '../http/guarded-sender.ts'
import { DOCTOR_CHECKS } from './checks.ts'
import type { ServerEvidence } from './evidence.ts'
import type { DoctorCheck } from './finding.ts'
import { judgeKeys } from './judge-keys.ts'
import type { OversightEvidence } from './oversight-checks.ts'
import { describeDifference, judgeMetadata, SHARED_CHECKS } from './server-checks.ts'

const answer = (status: number): Exchange => ({
  request: { method: 'GET', url: 'https://idp.example/.well-known/openid-configuration' },
  status,
  headers: {},
  cookies: [],
  text: '',
  ms: 1,
})

it.each([
  ['a server that publishes none', [404, 404], /^Check the issuer for a typo/],
  ['a server at fault', [503, 500], /^Retry: .*starting, overloaded or at fault/],
  ['a server that limits requests', [429, 429], /^Retry: .*starting, overloaded or at fault/],
  ['a server that hides it', [404, 401], /^Serve the metadata to anyone/],
  ['a proxy that refuses it', [403, 403], /^Serve the metadata to anyone/],
  ['a server with a fault at one address', [404, 503], /^Check the issuer for a typo/],
])('metadata of %s', (_, statuses, fix) => {
  const tried = statuses.map(answer)
  const verdict = judgeMetadata({ role: 'idp', issuer: 'https://idp.example', tried, nowMs: 0 })
  expect(verdict).toMatchObject({ fix: expect.stringMatching(fix) })
})

it.each([
  ['https://idp.example/.well-known/openid-configuration', 'https://idp.example'],
  ['https://idp.example/t/.well-known/openid-configuration', 'https://idp.example/t'],
  ['https://idp.example/.well-known/oauth-authorization-server/t', 'https://idp.example/t'],
])('the URL of the metadata is not the issuer: %s', (issuer, right) => {
  const verdict = judgeMetadata({ role: 'idp', issuer, tried: [answer(404)], nowMs: 0 })
  expect(verdict).toMatchObject({
    fix: `Name the issuer, not the URL of its metadata: probably ${right}.`,
  })
})

it.each([
  ['no metadata', undefined, 'None of 1 URLs has metadata'],
  ['metadata of another issuer', { issuer: 'https://other.example' }, 'The document names another issuer'],
])('R01: an authorization server with %s', (_, metadata, what) => {
  const check = DOCTOR_CHECKS.as.find(({ id }) => id === 'R01')
  const document = metadata === undefined ? {} : { metadata, found: answer(200) }
  const evidence = { role: 'as', issuer: 'https://as.example', tried: [answer(404)], nowMs: 0 } as const
  expect(check?.judge({ ...evidence, ...document })).toMatchObject({
    what: expect.stringContaining(what),
  })
})

it.each([
  [[ID_JAG_PROFILE], /^This server redeems ID-JAGs: pass it as --as/],
  [[], /^Enable token exchange/],
])('M03: a server without token exchange, with the profiles %j', (profiles, fix) => {
  const check = DOCTOR_CHECKS.idp.find(({ id }) => id === 'M03')
  const metadata = { authorization_grant_profiles_supported: profiles }
  const evidence = { role: 'idp', issuer: 'https://idp.example', tried: [], nowMs: 0, metadata } as const
  expect(check?.judge(evidence)).toMatchObject({ result: 'found', fix: expect.stringMatching(fix) })
})

it.each([
  [86_400, { result: 'pass' }],
  [86_401, { result: 'found', what: 'Clients may cache the keys for 86401 seconds' }],
])('keys that clients may cache for %i seconds', (seconds, verdict) => {
  const keys = { ...answer(200), headers: { 'cache-control': `max-age=${seconds}` } }
  const check = SHARED_CHECKS.find(({ id }) => id === 'M07')
  const evidence = { role: 'idp', issuer: 'https://idp.example', tried: [], nowMs: 0, keys } as const
  expect(check?.judge(evidence)).toMatchObject(verdict)
})

const ISSUER = 'https://idp.example'
const keyed = (...keys: object[]) => ({ ...answer(200), json: { keys } })
const OTHER_KEYS = [
  { kty: 'EC', crv: 'P-256', x: 'ex', y: 'ey', kid: 'b' },
  { kty: 'RSA', n: 'n', e: 'AQAB', kid: 'c' },
  { kty: 'OKP', crv: 'Ed25519', x: 'ox', kid: 'd' },
  { kty: 'AKP', alg: 'ML-DSA-44', pub: 'p', kid: 'e' },
  { kty: 'oct', kid: 'f' },
]

it.each<[string, 'idp' | 'as' | 'upstream', string, object, string]>([
  ['M05', 'as', 'no keys, and none announced', { metadata: {} }, 'not_applicable'],
  ['M05', 'as', 'no keys, though announced', { metadata: { jwks_uri: 'https://as.example/jwks' } }, 'found'],
  ['M05', 'idp', 'no keys announced', { metadata: {} }, 'found'],
  ['M05', 'idp', 'a jwks_uri that is no text', { metadata: { jwks_uri: 7 } }, 'found'],
  [
    'M06',
    'as',
    'a strong method among others',
    { metadata: { token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'] } },
    'pass',
  ],
  ['M06', 'as', 'no list of methods', { metadata: {} }, 'not_applicable'],
  [
    'M06',
    'as',
    'only public clients',
    { metadata: { token_endpoint_auth_methods_supported: ['none'] } },
    'found',
  ],
  [
    'M06',
    'as',
    'a signature with the secret',
    { metadata: { token_endpoint_auth_methods_supported: ['client_secret_jwt'] } },
    'found',
  ],
  [
    'M06',
    'as',
    'attested clients',
    { metadata: { token_endpoint_auth_methods_supported: ['attest_jwt_client_auth'] } },
    'pass',
  ],
  ['M07', 'as', 'no cache time', { keys: answer(200) }, 'not_applicable'],
  [
    'R02',
    'as',
    'only the grant jwt-dpop',
    { metadata: { grant_types_supported: ['authorization_code', GRANT_TYPE.jwtDpop] } },
    'pass',
  ],
  ['R02', 'as', 'no list of grants', { metadata: {} }, 'found'],
  ['R04', 'as', 'no other party', { otherIssuer: undefined }, 'not_applicable'],
  ['R04', 'as', 'the issuer of the other party', { otherIssuer: ISSUER }, 'found'],
  ...OTHER_KEYS.slice(0, -1).map((key): [string, 'as', string, object, string] => [
    'R04',
    'as',
    `a key of the other party with another kid, ${key.kty}`,
    { keys: keyed({ ...key, kid: 'a', use: 'sig' }), otherKeys: OTHER_KEYS },
    'found',
  ]),
  [
    'R04',
    'as',
    'separate keys with the kids of the other party',
    {
      keys: keyed(
        { kty: 'EC', crv: 'P-256', x: 'ex', y: 'another', kid: 'b' },
        { kty: 'RSA', n: 'another', e: 'AQAB', kid: 'c' },
        { kty: 'oct', kid: 'f' },
      ),
      otherKeys: OTHER_KEYS,
    },
    'pass',
  ],
  [
    'R08',
    'as',
    'only revocation',
    { metadata: { revocation_endpoint: 'https://as.example/revoke' } },
    'pass',
  ],
  ['R08', 'as', 'neither introspection nor revocation', { metadata: {} }, 'found'],
  [
    'U03',
    'upstream',
    'an algorithm that its entry accepts',
    {
      metadata: { id_token_signing_alg_values_supported: ['HS256', 'ES384'] },
      entry: { algorithms: ['ES384'] },
    },
    'pass',
  ],
  [
    'U03',
    'upstream',
    'only an algorithm that its entry does not accept',
    { metadata: { id_token_signing_alg_values_supported: ['RS256'] }, entry: { algorithms: ['ES384'] } },
    'found',
  ],
  ['U05', 'upstream', 'tokens of an hour', { entry: { maxAgeSeconds: 3600 } }, 'pass'],
  ['U05', 'upstream', 'tokens of more than an hour', { entry: { maxAgeSeconds: 3601 } }, 'found'],
  [
    'U05',
    'upstream',
    'security events',
    { entry: { maxAgeSeconds: 3601, securityEvents: { audience: 'a' } } },
    'pass',
  ],
  ['U05', 'upstream', 'no entry', {}, 'found'],
  ['U05', 'upstream', 'logout tokens', { metadata: { backchannel_logout_supported: true } }, 'pass'],
])('%s at an %s: %s', (id, role, _, change, result) => {
  const check = (DOCTOR_CHECKS[role] as readonly DoctorCheck<ServerEvidence>[]).find((one) => one.id === id)
  const evidence = {
    role,
    issuer: ISSUER,
    otherIssuer: 'https://other.example',
    tried: [],
    nowMs: 0,
    ...change,
  }
  expect(check?.judge(evidence as unknown as ServerEvidence).result).toBe(result)
})

it.each([
  ['https://idp.example/', ' (difference: a slash at the end)'],
  ['https://IDP.example', ' (difference: upper and lower case)'],
  ['https://idp.example:443', ' (difference: the port)'],
  ['https://other.example', ''],
])('the difference to %s is named if it is easily overlooked', (other, difference) => {
  expect(describeDifference(ISSUER, other)).toBe(difference)
})

const makeKey = (namedCurve: string, kid: string) => ({
  ...generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' }),
  kid,
})
const EC = makeKey('P-256', 'a')
const ED = { ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid: 'e' }
const P521 = makeKey('P-521', 'p')
const ML_DSA = { kty: 'AKP', alg: 'ML-DSA-44', kid: 'm', pub: 'p' }

it.each<[string, readonly object[], object]>([
  ['one key', [EC], { result: 'pass', saw: '1' }],
  ['one key without a kid', [{ ...EC, kid: undefined }], { result: 'pass' }],
  ['two keys', [EC, { ...EC, kid: 'b' }], { result: 'pass', saw: '2' }],
  ['two keys with one kid', [EC, makeKey('P-256', 'a')], { what: 'Several keys have the same kid: a' }],
  [
    'two keys of which one has no kid',
    [EC, { ...EC, kid: undefined }],
    { what: 'Of several keys, 1 has no kid' },
  ],
  [
    'three keys of which two have no kid',
    [EC, { ...EC, kid: undefined }, { ...EC, kid: undefined }],
    { what: 'Of several keys, 2 have no kid' },
  ],
  ['two keys with one kid for separate algorithms', [EC, { ...ED, kid: 'a' }], { result: 'pass', saw: '2' }],
  ['only Ed25519', [ED], { result: 'pass', saw: '1' }],
  ['only P-521', [P521], { result: 'pass', saw: '1' }],
  [
    'only ML-DSA',
    [ML_DSA],
    { what: 'There is no key that Crosswalk can verify signatures with', saw: 'm: unsupported-key-type' },
  ],
  ['a key of a known kind beside ML-DSA', [ML_DSA, EC], { result: 'pass', saw: '1' }],
  [
    'a key for key agreement',
    [{ ...ED, crv: 'X25519' }],
    { what: 'There is no key that Crosswalk can verify signatures with', saw: 'e: unsupported-key-type' },
  ],
  [
    'a key that may not verify',
    [{ ...EC, key_ops: ['deriveKey'] }],
    { what: 'There is no key that Crosswalk can verify signatures with', saw: 'a: not for signatures' },
  ],
  [
    'an RSA key that is too small',
    [{ kty: 'RSA', kid: 'r', n: `${'w'.repeat(170)}w`, e: 'AQAB' }],
    { what: 'There is no key that Crosswalk can verify signatures with', saw: 'r: rsa-too-small' },
  ],
  ['no key', [], { what: 'The list of keys is empty' }],
  [
    'keys that do not sign',
    [{ ...EC, use: 'enc' }],
    { what: 'There is no key that Crosswalk can verify signatures with', saw: 'a: not for signatures' },
  ],
  ['a key for signatures', [{ ...EC, use: 'sig' }], { result: 'pass' }],
  ['a private signing key', [{ ...EC, d: 'd' }], { what: 'Key a is published with private parts' }],
  [
    'a private key that does not sign',
    [EC, { ...EC, kid: 'b', use: 'enc', d: 'd' }],
    { what: 'Key b is published with private parts' },
  ],
  [
    'a shared secret',
    [EC, { kty: 'oct', kid: 's', k: 'k' }],
    { what: 'Key s is published with private parts' },
  ],
])('published keys: %s', (_, keys, verdict) => {
  expect(judgeKeys({ ...answer(200), json: { keys } })).toMatchObject(verdict)
})

it('M05 at an as: keys that Crosswalk does not know may do for its own APIs', () => {
  const keys = keyed(ML_DSA)
  expect(judgeKeys(keys, 'as')).toMatchObject({ result: 'found', severity: 'warn' })
  expect(judgeKeys(keys, 'idp')).not.toHaveProperty('severity')
})

/** Every member of a document is a value without text: `String()` of it throws. */
const HOSTILE = { toString: 1, valueOf: 1 }
it.each(['idp', 'as', 'upstream'] as const)(
  '%s: every check judges metadata and keys of any form',
  (role) => {
    for (const value of [HOSTILE, [HOSTILE], null, [[]], 7]) {
      const metadata = new Proxy(
        {},
        { get: () => value, has: () => true, getOwnPropertyDescriptor: () => undefined },
      )
      for (const keys of [
        value,
        [value],
        [{ kty: value, kid: value, use: value, alg: value, d: value }],
        [{ ...EC, kid: value }, EC],
      ]) {
        const evidence = {
          ...{
            role: 'as',
            issuer: 'https://as.example',
            otherIssuer: 'https://idp.example',
            otherKeys: [{ kty: value, x: value }],
          },
          ...{ tried: [answer(200)], found: answer(200), nowMs: 0, metadata },
          keys: { ...answer(200), json: { keys } },
        } as unknown as ServerEvidence
        for (const { id, judge } of DOCTOR_CHECKS[role])
          expect(() => judge(evidence as never), id).not.toThrow()
      }
    }
  },
)

it.each([
  ['https://as.example', 'http://127.0.0.1:4000', { result: 'found', saw: 'http://127.0.0.1:4000' }],
  ['https://as.example', 'http://localhost:4000', { result: 'found' }],
  ['https://as.example', 'https://idp.example', { result: 'pass' }],
  ['http://127.0.0.1:4001', 'http://127.0.0.1:4000', { result: 'not_applicable' }],
  ['https://as.example', undefined, { result: 'not_applicable' }],
])('N06: %s and the keys of %s', (issuer, otherIssuer, verdict) => {
  const check = DOCTOR_CHECKS.as.find(({ id }) => id === 'N06')
  const other = otherIssuer === undefined ? {} : { otherIssuer }
  expect(check?.judge({ role: 'as', issuer, tried: [], nowMs: 0, ...other })).toMatchObject(verdict)
})

it.each([
  [[], [], { result: 'pass' }],
  [['GET /new'], [], { what: 'The server is older than this command line', saw: 'only here: GET /new' }],
  [['GET /new'], ['GET /old'], { what: 'The server is older than this command line' }],
  [[], ['GET /new'], { what: 'The server is newer than this command line', saw: 'only there: GET /new' }],
])('E05: operations missing there: %j, unknown here: %j', (missing, unknown, verdict) => {
  const check = DOCTOR_CHECKS.oversight.find(({ id }) => id === 'E05')
  expect(check?.judge({ api: { missing, unknown } } as unknown as OversightEvidence)).toMatchObject(verdict)
})

it.each([
  [['client_secret_post'], /^Clients can only authenticate with a secret/, /: client_secret_post$/],
  [
    ['none', 'client_secret_basic'],
    /^Clients can only authenticate with a secret/,
    /none client_secret_basic$/,
  ],
  [['none'], /^Clients cannot authenticate$/, /: none$/],
])('M06 says what the methods %j mean', (methods, what, saw) => {
  const check = SHARED_CHECKS.find(({ id }) => id === 'M06')
  const metadata = { token_endpoint_auth_methods_supported: methods }
  const evidence = { role: 'as', issuer: ISSUER, tried: [], nowMs: 0, metadata } as const
  expect(check?.judge(evidence)).toMatchObject({
    what: expect.stringMatching(what),
    saw: expect.stringMatching(saw),
  })
})
