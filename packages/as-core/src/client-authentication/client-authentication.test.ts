import { generateKeyPairSync } from 'node:crypto'

import { CLIENT_ASSERTION_TYPE, refuse } from '@crosswalk/protocol'
import { SignJWT } from 'jose'
import { describe, expect, test, vi } from 'vitest'

import { createSecretGuesses } from '../guessing/secret-guesses.ts'
import { createIssuerKeys, type KeyFinder, type KeyRefusal } from '../issuer-keys/issuer-keys.ts'
import { createSealing } from '../sealing/sealing.ts'
import { authenticateClient, registerClientAuth, type RegisteredClientAuth } from './authenticate-client.ts'
import { type ClientCredentials, parseClientCredentials } from './client-credentials.ts'
import { createSecretHasher } from './secret-hasher.ts'

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
const parse = (authorization: string | null, form: Record<string, string> = {}) =>
  parseClientCredentials({ authorization, form: new URLSearchParams(form) })
const assertionForm = { client_assertion: 'a.b.c', client_assertion_type: CLIENT_ASSERTION_TYPE }

describe('credentials of a request', () => {
  test.each<[string, string | null, Record<string, string>, ClientCredentials]>([
    ['Basic', basic('id:s3cret'), {}, { method: 'client_secret_basic', clientId: 'id', secret: 's3cret' }],
    [
      'Basic, scheme in capitals',
      basic('id:s').replace('Basic', 'BASIC'),
      {},
      { method: 'client_secret_basic', clientId: 'id', secret: 's' },
    ],
    [
      'Basic, form-encoded',
      basic('https%3A%2F%2Fa%2Fb:a+b%25%C3%A4'),
      {},
      { method: 'client_secret_basic', clientId: 'https://a/b', secret: 'a b%ä' },
    ],
    [
      'Basic with a colon in the secret',
      basic('id:a:b'),
      {},
      { method: 'client_secret_basic', clientId: 'id', secret: 'a:b' },
    ],
    [
      'Basic and the same client_id in the body',
      basic('id:s'),
      { client_id: 'id' },
      { method: 'client_secret_basic', clientId: 'id', secret: 's' },
    ],
    [
      'Basic and a parameter without value',
      basic('id:s'),
      { client_secret: '' },
      { method: 'client_secret_basic', clientId: 'id', secret: 's' },
    ],
    [
      'post',
      null,
      { client_id: 'id', client_secret: 's' },
      { method: 'client_secret_post', clientId: 'id', secret: 's' },
    ],
    ['an assertion', null, assertionForm, { method: 'private_key_jwt', assertion: 'a.b.c' }],
    [
      'an assertion and client_id',
      null,
      { ...assertionForm, client_id: 'id' },
      { method: 'private_key_jwt', assertion: 'a.b.c', clientId: 'id' },
    ],
    ['client_id alone', null, { client_id: 'id' }, { method: 'none', clientId: 'id' }],
  ])('reads %s', (_, authorization, form, value) => {
    expect(parse(authorization, form)).toEqual({ accepted: true, value })
  })

  test.each<[string, string | null, Record<string, string>, string, RegExp]>([
    ['IDP-27 Basic and post', basic('id:s'), { client_id: 'id', client_secret: 's' }, 'XAA1105', /several/],
    ['IDP-27 Basic and assertion', basic('id:s'), assertionForm, 'XAA1105', /several/],
    [
      'IDP-27 Basic and an assertion without type',
      basic('id:s'),
      { client_assertion: 'a.b.c' },
      'XAA1105',
      /several/,
    ],
    [
      'IDP-27 Basic and a type without assertion',
      basic('id:s'),
      { client_assertion_type: CLIENT_ASSERTION_TYPE },
      'XAA1105',
      /several/,
    ],
    [
      'IDP-27 post and assertion',
      null,
      { ...assertionForm, client_id: 'id', client_secret: 's' },
      'XAA1105',
      /several/,
    ],
    ['IDP-27 Bearer and post', 'Bearer x', { client_id: 'id', client_secret: 's' }, 'XAA1105', /several/],
    ['another client_id in the body', basic('id:s'), { client_id: 'other' }, 'XAA1101', /not the one in/],
    ['client_id in the body in other case', basic('id:s'), { client_id: 'ID' }, 'XAA1101', /not the one in/],
    ['another scheme', 'Bearer abc', { client_id: 'id' }, 'XAA1101', /not Basic/],
    ['an empty header', '', { client_id: 'id' }, 'XAA1101', /not Basic/],
    ['Basic without text', 'Basic ', {}, 'XAA1101', /not Basic/],
    ['Basic in base64url', 'Basic _-8=', {}, 'XAA1101', /not Basic/],
    ['Basic without padding', 'Basic aWQ6cw', {}, 'XAA1101', /base64/],
    [
      'Basic with bytes that are not UTF-8',
      `Basic ${Buffer.from([0x61, 0x3a, 0xff]).toString('base64')}`,
      {},
      'XAA1101',
      /UTF-8/,
    ],
    ['Basic without colon', basic('id'), {}, 'XAA1101', /no colon/],
    ['Basic without id', basic(':s'), {}, 'XAA1101', /no client id/],
    ['Basic with broken percent-encoding', basic('id:100%'), {}, 'XAA1101', /form-encoded/],
    ['Basic with percent-encoding that is not UTF-8', basic('id:%FF'), {}, 'XAA1101', /form-encoded/],
    ['no credentials', null, {}, 'XAA1101', /no client authentication/],
    ['a secret without id', null, { client_secret: 's' }, 'XAA1101', /no client authentication/],
    ['an assertion without type', null, { client_assertion: 'a.b.c' }, 'XAA1102', /client_assertion_type/],
    [
      'an assertion of another type',
      null,
      { ...assertionForm, client_assertion_type: CLIENT_ASSERTION_TYPE.toUpperCase() },
      'XAA1102',
      /client_assertion_type/,
    ],
    [
      'a type without assertion',
      null,
      { client_assertion_type: CLIENT_ASSERTION_TYPE },
      'XAA1102',
      /missing/,
    ],
  ])('refuses %s', (_, authorization, form, code, detail) => {
    const parsed = parse(authorization, form)
    expect(parsed).toMatchObject({ accepted: false, refusal: { code } })
    expect(!parsed.accepted && parsed.refusal.detail).toMatch(detail)
  })
})

const NOW = 1_800_000_000
const ISSUER = 'https://idp.example'
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const otherPair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const hasher = createSecretHasher(createSealing(Uint8Array.from({ length: 32 }, (_, index) => index * 7)))
const fetchJson = vi.fn(() => Promise.reject(new Error('no traffic expected')))
const keys = createIssuerKeys({
  fetch: { fetchJson, close: () => Promise.resolve() },
  clock: { nowMs: () => NOW * 1000 },
})

const jwks = { keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: 'k1' }] }
const CLIENTS: Readonly<Record<string, RegisteredClientAuth>> = {
  secret: registerClientAuth({ method: 'client_secret_basic', secret: 's3cret' }, hasher),
  post: registerClientAuth({ method: 'client_secret_post', secret: 's3cret' }, hasher),
  rotated: registerClientAuth(
    { method: 'client_secret_basic', secret: 'the next s3cret', previousSecret: 's3cret' },
    hasher,
  ),
  key: registerClientAuth({ method: 'private_key_jwt', jwks }, hasher),
  'same-key': registerClientAuth({ method: 'private_key_jwt', jwks }, hasher),
  remote: registerClientAuth({ method: 'private_key_jwt', jwksUri: 'https://client.example/jwks' }, hasher),
  public: registerClientAuth({ method: 'none' }, hasher),
}

function authenticate(
  credentials: ClientCredentials,
  allowPublic = false,
  finder: KeyFinder = keys,
  issuer = ISSUER,
) {
  const find = (clientId: string) => {
    const auth = Object.hasOwn(CLIENTS, clientId) ? CLIENTS[clientId] : undefined
    return auth === undefined ? undefined : { auth }
  }
  return authenticateClient({
    credentials,
    find,
    hasher,
    guesses: createSecretGuesses({ record: async () => undefined }, () => undefined),
    ip: '192.0.2.1',
    keys: finder,
    issuer,
    now: NOW,
    clockSkewSeconds: 30,
    allowPublic,
    exactMethod: true,
  })
}

const withSecret = (clientId: string, secret = 's3cret') =>
  ({ method: 'client_secret_basic', clientId, secret }) as const

async function withAssertion(
  {
    claims = {},
    header = {},
    key = pair.privateKey,
  }: { claims?: object; header?: object; key?: typeof pair.privateKey } = {},
  clientId?: string,
): Promise<ClientCredentials> {
  const assertion = await new SignJWT({
    iss: 'key',
    sub: 'key',
    aud: ISSUER,
    iat: NOW,
    exp: NOW + 60,
    jti: 'j1',
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'client-authentication+jwt', kid: 'k1', ...header })
    .sign(key)
  return { method: 'private_key_jwt', assertion, ...(clientId === undefined ? {} : { clientId }) }
}

describe('RAS-03 client authentication', () => {
  test('a registration keeps no secret', () => {
    expect(JSON.stringify(CLIENTS)).not.toContain('s3cret')
  })

  test.each([
    ['basic', withSecret('secret')],
    ['basic, while it is being replaced,', withSecret('rotated')],
    ['basic, which replaces another,', withSecret('rotated', 'the next s3cret')],
    ['post', { ...withSecret('post'), method: 'client_secret_post' as const }],
  ])('accepts a secret by %s from a client registered for that method', async (_, credentials) => {
    const { clientId, method } = credentials
    expect(await authenticate(credentials)).toEqual({
      accepted: true,
      value: { clientId, method, replayKeys: [] },
    })
  })

  test.each<[string, ClientCredentials, string, string]>([
    [
      'the right secret by post, registered for basic',
      { ...withSecret('secret'), method: 'client_secret_post' },
      'XAA1101',
      'client is registered for client_secret_basic',
    ],
    [
      'the right secret by basic, registered for post',
      withSecret('post'),
      'XAA1101',
      'client is registered for client_secret_post',
    ],
    ['a wrong secret', withSecret('secret', 'wrong'), 'XAA1101', 'wrong client secret'],
    ['an empty secret', withSecret('secret', ''), 'XAA1101', 'wrong client secret'],
    ['an unknown client', withSecret('nobody'), 'XAA1101', 'unknown client'],
    ['an inherited name', withSecret('constructor'), 'XAA1101', 'unknown client'],
    [
      'a secret for a client with a key',
      withSecret('key'),
      'XAA1101',
      'client is registered for private_key_jwt',
    ],
    ['a secret for a public client', withSecret('public'), 'XAA1101', 'client is registered for none'],
    [
      'a confidential client without credentials',
      { method: 'none', clientId: 'secret' },
      'XAA1101',
      'no credentials; client is registered for client_secret_basic',
    ],
    [
      'an unknown client without credentials',
      { method: 'none', clientId: 'nobody' },
      'XAA1101',
      'unknown client',
    ],
    ['IDP-23 a public client', { method: 'none', clientId: 'public' }, 'XAA1103', 'public client'],
  ])('refuses %s', async (_, credentials, code, detail) => {
    expect(await authenticate(credentials)).toEqual({ accepted: false, refusal: { code, detail } })
  })

  test('SEC-31 an unknown client costs the same hashing as a wrong secret', async () => {
    const verify = vi.spyOn(hasher, 'verify')
    await authenticate(withSecret('secret', 'wrong'))
    await authenticate(withSecret('nobody'))
    expect(verify).toHaveBeenCalledTimes(2)
    verify.mockRestore()
  })

  test('a public client where public clients are allowed', async () => {
    expect(await authenticate({ method: 'none', clientId: 'public' }, true)).toEqual({
      accepted: true,
      value: { clientId: 'public', method: 'none', replayKeys: [] },
    })
  })
})

describe('IDP-25, IDP-26 client assertions', () => {
  test('accepts a valid assertion and returns its key and replay key', async () => {
    const client = await authenticate(await withAssertion())
    expect(client).toMatchObject({
      accepted: true,
      value: {
        clientId: 'key',
        method: 'private_key_jwt',
        kid: 'k1',
        replayKeys: [{ kind: 'client-assertion', expiresAt: NOW + 91 }],
      },
    })
    expect(await authenticate(await withAssertion({}, 'key'))).toEqual(client)
  })

  test('a jti counts once per client, whenever the assertion expires', async () => {
    const useOf = async (claims: object = {}) => {
      const client = await authenticate(await withAssertion({ claims }))
      return client.accepted ? client.value.replayKeys[0]?.key : undefined
    }
    const first = await useOf()
    expect(first).toBeDefined()
    expect(await useOf({ exp: NOW + 50 })).toBe(first)
    expect(await useOf({ iss: 'same-key', sub: 'same-key' })).not.toBe(first)
  })

  test('a jti that one server accepted counts only there', async () => {
    const useAt = async (issuer: string) => {
      const client = await authenticate(await withAssertion({ claims: { aud: issuer } }), false, keys, issuer)
      return client.accepted ? client.value.replayKeys[0]?.key : undefined
    }
    const other = await useAt('https://as.example')
    expect(other).toBeDefined()
    expect(other).not.toBe(await useAt(ISSUER))
  })

  test('SEC-04 the keys of a client belong to one server, and never to an issuer', async () => {
    const owners: string[] = []
    const finder: KeyFinder = {
      find(query) {
        owners.push(query.issuer)
        return keys.find(query)
      },
    }
    for (const issuer of [ISSUER, 'https://as.example']) {
      const client = await authenticate(
        await withAssertion({ claims: { aud: issuer } }),
        false,
        finder,
        issuer,
      )
      expect(client.accepted).toBe(true)
    }
    expect(owners).toHaveLength(2)
    expect(owners[0]).not.toBe(owners[1])
    for (const owner of owners) expect(owner).not.toMatch(/^http/)
  })

  test('accepts an assertion without kid if one key fits', async () => {
    const client = await authenticate(await withAssertion({ header: { kid: undefined } }))
    expect(client).toMatchObject({ accepted: true, value: { clientId: 'key' } })
  })

  test.each<[string, Parameters<typeof withAssertion>[0], string]>([
    ['signed by another key', { key: otherPair.privateKey }, 'wrong-signature'],
    ['with an unknown kid', { header: { kid: 'k2' } }, 'unknown-kid'],
    ['of another typ', { header: { typ: 'at+jwt' } }, 'wrong-typ'],
    ['without sub', { claims: { sub: undefined } }, 'subject-mismatch'],
    ['of another iss', { claims: { iss: 'other' } }, 'issuer-mismatch'],
    ['expired', { claims: { iat: NOW - 90, exp: NOW - 30 } }, 'expired'],
    ['without jti', { claims: { jti: undefined } }, 'no-usable-jti'],
    [
      'of a client with a secret',
      { claims: { iss: 'secret', sub: 'secret' } },
      'client is registered for client_secret_basic',
    ],
    [
      'with jwk in its header',
      { header: { jwk: otherPair.publicKey.export({ format: 'jwk' }) }, key: otherPair.privateKey },
      'wrong-signature',
    ],
  ])('refuses one %s', async (_, change, detail) => {
    expect(await authenticate(await withAssertion(change))).toEqual({
      accepted: false,
      refusal: { code: 'XAA1102', detail },
    })
  })

  test.each(['key', 'unknown'])(
    'names the audience it expects, whether it knows the client or not: %s',
    async (sub) => {
      const claims = { iss: sub, sub, aud: `${ISSUER}/token` }
      expect(await authenticate(await withAssertion({ claims }))).toEqual(
        refuse({
          code: 'XAA1102',
          detail: 'audience-mismatch',
          expected: `aud is ${ISSUER} and nothing else`,
        }),
      )
    },
  )

  test.each<[KeyRefusal, string, string]>([
    [
      { reason: 'unreachable', detail: 'https://client.example/jwks: timeout', retryAfterSeconds: 4 },
      'XAA1106',
      'the keys cannot be fetched: https://client.example/jwks: timeout',
    ],
    [{ reason: 'unusable-document', detail: 'no-key-set' }, 'XAA1102', 'no-key-set'],
    [{ reason: 'unknown-kid' }, 'XAA1102', 'unknown-kid'],
  ])('reports the failure %j of a remote key set as %s', async (refusal, code, detail) => {
    const assertion = await withAssertion({ claims: { iss: 'remote', sub: 'remote' } })
    const finder = { find: () => Promise.resolve(refuse(refusal)) }
    const { retryAfterSeconds } = refusal
    expect(await authenticate(assertion, false, finder)).toEqual(
      refuse({ code, detail, ...(code === 'XAA1106' ? { retryAfterSeconds } : {}) }),
    )
  })

  test('refuses one whose sub is not the client_id of the request', async () => {
    const client = await authenticate(await withAssertion({}, 'secret'))
    expect(client).toEqual(refuse({ code: 'XAA1102', detail: 'client_id is not the sub of the assertion' }))
  })

  test('refuses an assertion that is not a JWS', async () => {
    const client = await authenticate({ method: 'private_key_jwt', assertion: 'a.b' })
    expect(client).toEqual({ accepted: false, refusal: { code: 'XAA1102', detail: 'not-three-segments' } })
  })

  test('SEC-13 an unknown client or a misdirected assertion causes no traffic', async () => {
    fetchJson.mockClear()
    await authenticate(await withAssertion({ claims: { iss: 'nobody', sub: 'nobody' } }))
    await authenticate(
      await withAssertion({ claims: { iss: 'remote', sub: 'remote', aud: 'https://other' } }),
    )
    expect(fetchJson).not.toHaveBeenCalled()
  })
})
