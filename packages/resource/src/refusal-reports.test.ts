// What the operator of an API learns about refused requests: the value that was sent, and the one that was expected.
import { JWT_TYP } from '@crosswalk/protocol'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterEach, beforeAll, beforeEach, expect, it, test, vi } from 'vitest'

import { createResource } from './create-resource.ts'
import type { RefusalReport, ResourceOptions } from './options.ts'

const API = 'https://todo.test/mcp'
const ISSUER = 'https://as.todo.test'
const METADATA = `${ISSUER}/.well-known/oauth-authorization-server`
const START_MS = 1_800_000_000_000

let keys: Awaited<ReturnType<typeof generateKeyPair>>
let reports: RefusalReport[]
let nowMs: number

beforeAll(async () => {
  keys = await generateKeyPair('ES256')
})

beforeEach(() => {
  reports = []
  nowMs = START_MS
})

afterEach(() => vi.restoreAllMocks())

const serve = (issuer: unknown) => async (url: string) => {
  if (url.endsWith('/jwks'))
    return Response.json({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1' }] })
  return url.startsWith(METADATA)
    ? Response.json({ issuer, jwks_uri: `${ISSUER}/jwks`, introspection_endpoint: `${ISSUER}/introspect` })
    : new Response(null, { status: 404 })
}

async function ask(options: Partial<ResourceOptions>, claims: object = {}, kid = 'k1') {
  const token = await new SignJWT({
    ...{ iss: ISSUER, sub: 'u1', aud: API, client_id: 'c1', jti: 'j1', iat: START_MS / 1000 },
    ...{ exp: START_MS / 1000 + 600, ...claims },
  })
    .setProtectedHeader({ alg: 'ES256', typ: JWT_TYP.accessToken, kid })
    .sign(keys.privateKey)
  const all = { resource: API, issuer: ISSUER, fetch: serve(ISSUER), nowMs: () => nowMs, ...options }
  return await createResource(all).verify(new Request(API, { headers: { authorization: `Bearer ${token}` } }))
}

const onRefused = (report: RefusalReport) => void reports.push(report)

async function report(options: Partial<ResourceOptions>, claims?: object, kid?: string): Promise<string> {
  await ask({ onRefused, ...options }, claims, kid)
  expect(reports).toHaveLength(1)
  return `${reports[0]?.code}: ${reports[0]?.detail}`
}

it('a right token is not reported', async () => {
  expect(await ask({ onRefused })).toMatchObject({ accepted: true })
  expect(reports).toEqual([])
})

test.each<[string, Partial<ResourceOptions>, object, string, string]>([
  [
    'a resource with a slash at the end',
    { resource: `${API}/` },
    {},
    'k1',
    `XAA3002: aud is "${API}", and this API is ${API}/`,
  ],
  [
    'a token of another issuer, with another key',
    {},
    { iss: 'https://idp.test\n' },
    'k2',
    `XAA3008: iss is "https://idp.test\\n", and this API accepts tokens of ${ISSUER}`,
  ],
  [
    'a token of another issuer with the same key',
    {},
    { iss: 'https://idp.test' },
    'k1',
    `XAA3008: iss is "https://idp.test", and this API accepts tokens of ${ISSUER}`,
  ],
  [
    'an issuer with a slash at the end',
    { issuer: `${ISSUER}/` },
    {},
    'k1',
    `XAA5007: no metadata of ${ISSUER}/: ${METADATA} names the issuer "${ISSUER}"`,
  ],
  [
    'metadata that names a very long issuer',
    { fetch: serve('x'.repeat(1000)) },
    {},
    'k1',
    `XAA5007: no metadata of ${ISSUER}: ${METADATA} names the issuer "${'x'.repeat(199)}…`,
  ],
  [
    'an issuer that cannot be reached',
    {
      fetch: () =>
        Promise.reject(
          new TypeError('fetch failed', { cause: Object.assign(new Error(''), { code: 'ECONNREFUSED' }) }),
        ),
    },
    {},
    'k1',
    `XAA5007: no metadata of ${ISSUER}: ${ISSUER}/.well-known/openid-configuration is unusable: ECONNREFUSED`,
  ],
  [
    'an issuer without metadata',
    { fetch: async () => new Response(null, { status: 404 }) },
    {},
    'k1',
    `XAA5007: no metadata of ${ISSUER}`,
  ],
])('%s: both values are reported', async (_, options, claims, kid, expected) => {
  expect(await report(options, claims, kid)).toBe(expected)
})

test('without onRefused, a wrong setup is logged once a minute, and a refused token never', async () => {
  const write = vi.spyOn(console, 'error').mockReturnValue()
  await ask({}, { aud: 'https://other.test' })
  expect(write).not.toHaveBeenCalled()

  const api = createResource({
    resource: API,
    issuer: `${ISSUER}/`,
    fetch: serve(ISSUER),
    nowMs: () => nowMs,
  })
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', typ: JWT_TYP.accessToken })
    .sign(keys.privateKey)
  const verify = async () =>
    await api.verify(new Request(API, { headers: { authorization: `Bearer ${token}` } }))
  expect(await verify()).toMatchObject({ refusal: { status: 503 } })
  expect(write.mock.calls).toEqual([
    [`crosswalk resource: 503 XAA5007: no metadata of ${ISSUER}/: ${METADATA} names the issuer "${ISSUER}"`],
  ])
  nowMs += 59_999
  await verify()
  expect(write).toHaveBeenCalledTimes(1)
  nowMs += 1
  await verify()
  expect(write).toHaveBeenCalledTimes(2)
})
