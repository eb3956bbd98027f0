// Which cookies stand for a user, or for a sign-in in progress: only those of the current provider, and not for long. What
// the provider refuses is in the audit log.
import { generateKeyPairSync } from 'node:crypto'

import { type AuditEvent, createSealing, createSigner } from '@crosswalk/as-core'
import { compileRedemptionSnapshot } from '@crosswalk/policy'
import { zAuthorizationServer } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import type { Account, Accounts } from '../ports.ts'
import { createOidcSignIn } from './oidc-sign-in.ts'
import { createSealedCookies } from './sealed-cookies.ts'

const [LOGIN, ENDPOINT, NOW] = ['https://login.test', 'https://as.test/as/main', 1_800_000_000_000]
const account: Account = {
  ...{ id: 'acc-1', authorizationServer: 'main', issuer: LOGIN, subject: 'u-1' },
  ...{ tenant: 'acme', email: 'u@acme.test', emailVerified: false, createdAt: 0, status: 'active' },
}
const accounts: Accounts = {
  findById: async () => account,
  findByIssuerSubject: async () => account,
  findByOwnId: async () => [],
  findBySubId: async () => [],
  findByVerifiedEmail: async () => [],
}

/**
 * @param answers - of the provider's other endpoints
 * @param revokedAt - when the issuer of the account revoked the access of its user, in epoch milliseconds
 */
function open(metadata?: object, answers: Readonly<Record<string, object>> = {}, revokedAt?: number) {
  const asked: string[] = []
  const recorded: AuditEvent[] = []
  const faults: string[] = []
  const compile = (clientId: string) =>
    compileRedemptionSnapshot(
      1,
      { issuer: 'https://as.test', clockSkewSeconds: 30 },
      zAuthorizationServer.parse({
        id: 'main',
        authorizationCode: { signIn: { issuer: LOGIN, clientId, clientSecret: 's' } },
      }),
    )
  let snapshot = compile('c')
  const sealing = createSealing(new Uint8Array(32))
  const signIn = createOidcSignIn({
    ...{ snapshot: () => snapshot, endpoint: ENDPOINT, sealing, accounts },
    clock: { nowMs: () => NOW },
    webFetch: () => async (url) => {
      asked.push(String(url))
      if (metadata !== undefined) return Response.json(answers[String(url)] ?? metadata)
      throw new TypeError('fetch failed')
    },
    events: { record: async (event) => void recorded.push(event) },
    receivedRevocations: {
      findOfSignIn: (server, { iss, sub, tenant, iat }, accountId) =>
        server === 'main' &&
        iss === LOGIN &&
        sub === 'u-1' &&
        tenant === 'acme' &&
        accountId === 'acc-1' &&
        Number(iat) <= Number(revokedAt) / 1000
          ? 'event-1'
          : undefined,
    },
    onFault: (fault) => void faults.push(String(fault)),
  })
  const cookies = createSealedCookies({ sealing, endpoint: ENDPOINT, server: () => 'main', ttlMs: 1000 })
  const browse = (url: string, name: string, value: object) =>
    new Request(url, {
      headers: { cookie: cookies.write(name, value)['set-cookie'].split(';', 1)[0] ?? '' },
    })
  const define = (clientId: string) => void (snapshot = compile(clientId))
  return { signIn, browse, cookies, asked, recorded, faults, define }
}

it.each([
  ['this provider', { issuer: LOGIN, expiresAt: NOW + 1 }, {}, true],
  ['another provider', { issuer: 'https://former.test', expiresAt: NOW + 1 }, {}, false],
  ['too long ago', { issuer: LOGIN, expiresAt: NOW }, {}, false],
  [
    'this provider, if a new sign-in is required',
    { issuer: LOGIN, expiresAt: NOW + 1 },
    { again: true },
    false,
  ],
])('a user who signed in at %s', async (_, answer, visit, isKnown) => {
  const { signIn, browse } = open()
  const claims = { sub: 'u-1', auth_time: NOW / 1000, acr: 'mfa', amr: ['pwd', 'otp'] }
  const request = browse(`${ENDPOINT}/authorize`, 'user', { claims, ...answer })
  const found = await signIn.findUser({ request, returnTo: ENDPOINT, again: false, app: 'App', ...visit })
  expect(found instanceof Response).toBe(!isKnown)
  const how = { authTime: NOW / 1000, acr: 'mfa', amr: ['pwd', 'otp'] }
  const origin = { issuer: LOGIN, subject: 'u-1', tenant: 'acme', email: 'u@acme.test' }
  if (isKnown) expect(found).toMatchObject({ account: { state: 'found', id: 'acc-1' }, origin, ...how })
})

it.each([
  [false, null],
  [true, 'login'],
])(
  'a browser without a sign-in, if a new one is required: %s, is sent with prompt %s',
  async (again, prompt) => {
    const visit = { request: new Request(ENDPOINT), returnTo: ENDPOINT, again, app: 'App' }
    const sent = await open(METADATA).signIn.findUser(visit)
    const location = sent instanceof Response ? sent.headers.get('location') : null
    expect(new URL(location ?? '').searchParams.get('prompt')).toBe(prompt)
  },
)

it('a changed definition counts for the next sign-in', async () => {
  const { signIn, define } = open(METADATA)
  const findClient = async () => {
    const visit = { request: new Request(ENDPOINT), returnTo: ENDPOINT, again: false, app: 'App' }
    const sent = await signIn.findUser(visit)
    const location = sent instanceof Response ? sent.headers.get('location') : null
    return new URL(location ?? '').searchParams.get('client_id')
  }
  expect(await findClient()).toBe('c')
  define('other')
  expect(await findClient()).toBe('other')
})

it.each([
  ['before', NOW - 60_000, true],
  ['after', NOW - 240_000, false],
])('a user who signed in %s their access was revoked', async (_, revokedAt, asksAgain) => {
  const { signIn, browse } = open(METADATA, {}, revokedAt)
  const signedInAt = NOW - 120_000
  const answer = { issuer: LOGIN, expiresAt: signedInAt + 600_000, claims: { sub: 'u-1' } }
  const request = browse(`${ENDPOINT}/authorize`, 'user', answer)
  const found = await signIn.findUser({ request, returnTo: ENDPOINT, again: false, app: 'App' })
  const location = found instanceof Response ? (found.headers.get('location') ?? '') : ''
  expect(location.includes('prompt=login')).toBe(asksAgain)
})

it.each([
  ['is completed', {}, 'state', 1],
  ['has expired', { expiresAt: NOW }, 'state', 0],
  ['began at another provider', { issuer: 'https://former.test' }, 'state', 0],
  ['has another state', {}, 'sample', 0],
])('a sign-in in this browser that %s', async (_, change, state, requests) => {
  const { signIn, browse, asked } = open()
  const sent = { state: 'state', nonce: 'n', codeVerifier: 'v' }
  const pending = { sent, returnTo: ENDPOINT, issuer: LOGIN, expiresAt: NOW + 1, ...change }
  const request = browse(
    `${ENDPOINT}/signed-in?code=c&state=${state}`,
    `to-${'s'.charCodeAt(0) % 3}`,
    pending,
  )
  const answer = await signIn.takeReturn(request)
  expect(answer.headers.get('set-cookie')).toBeNull()
  expect(asked).toHaveLength(requests)
})

async function comeBack(
  { signIn, browse }: ReturnType<typeof open>,
  response: Readonly<Record<string, string>>,
) {
  const sent = { state: 'state', nonce: 'n', codeVerifier: 'v' }
  const pending = { sent, returnTo: ENDPOINT, issuer: LOGIN, expiresAt: NOW + 1 }
  const query = new URLSearchParams({ state: 'state', ...response })
  const request = browse(`${ENDPOINT}/signed-in?${query}`, `to-${'s'.charCodeAt(0) % 3}`, pending)
  return signIn.takeReturn(request, '192.0.2.1')
}

const METADATA = {
  issuer: LOGIN,
  authorization_endpoint: `${LOGIN}/authorize`,
  token_endpoint: `${LOGIN}/token`,
  authorization_response_iss_parameter_supported: true,
  id_token_signing_alg_values_supported: ['ES256'],
  jwks_uri: `${LOGIN}/jwks`,
}

/** Completes a sign-in. @returns the cookies, and what they keep of the claims */
async function signInWith(change: Readonly<Record<string, unknown>>) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const now = Math.floor(Date.now() / 1000)
  const claims = { sub: 'u-1', nonce: 'n', iss: LOGIN, aud: 'c', iat: now, exp: now + 60, ...change }
  const idToken = await createSigner(privateKey, 'k', 'ES256').signJws({ typ: 'JWT' }, claims)
  const world = open(METADATA, {
    [METADATA.token_endpoint]: { access_token: 'at', token_type: 'Bearer', id_token: idToken },
    [METADATA.jwks_uri]: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k' }] },
  })
  const { headers } = await comeBack(world, { code: 'c', iss: LOGIN })
  const set = headers.getSetCookie()
  const cookie = set[0]?.split(';', 1)[0] ?? ''
  return { set, kept: world.cookies.read(new Request(ENDPOINT, { headers: { cookie } }), 'user') }
}

it.each([
  [true, true],
  [false, false],
  ['true', false],
  [undefined, false],
])('an address with email_verified %s is kept as verified: %s', async (stated, verified) => {
  const email = 'u@acme.test'
  const { kept } = await signInWith({ email, email_verified: stated })
  expect(kept).toMatchObject({ claims: { email, email_verified: verified } })
})

it('keeps only short claims that are used, and removes the cookie of the completed sign-in', async () => {
  const amr = Array.from({ length: 11 }, (_, index) => `m${index}`)
  const { kept, set } = await signInWith({
    ...{ acr: 'x'.repeat(257), amr: ['x'.repeat(65), ...amr], name: 'U', department: 'R&D' },
  })
  const claims = { sub: 'u-1', name: 'U', amr: amr.slice(0, 10) }
  expect(kept).toMatchObject({ claims, issuer: LOGIN, expiresAt: NOW + 600_000 })
  expect((kept as { claims: object }).claims).not.toHaveProperty('acr')
  expect((kept as { claims: object }).claims).not.toHaveProperty('department')
  expect(set).toHaveLength(2)
  expect(set[1]).toMatch(/-to-\d=; Path=\/; Max-Age=0;/)
})

it.each([
  [
    'refuses the sign-in',
    METADATA,
    { error: 'access_denied', iss: LOGIN },
    'upstream-declined',
    'access_denied',
    [],
  ],
  [
    'cannot be reached',
    undefined,
    { code: 'c', iss: LOGIN },
    'upstream-failed',
    expect.stringContaining('fetch failed'),
    [expect.stringContaining('fetch failed')],
  ],
])('if the provider %s, the audit log says so', async (_, metadata, response, reason, detail, faults) => {
  const world = open(metadata)
  const answer = await comeBack(world, response)
  expect(answer.status).toBe(502)
  expect(await answer.text()).toMatch(new RegExp(`<a [^>]*href="${ENDPOINT}">Try again</a>`))
  expect(world.recorded).toMatchObject([
    {
      ...{ type: 'signin.failed', outcome: 'failure', reason, change: { detail } },
      ...{ actor: { kind: 'system', id: 'upstream:main' }, target: { kind: 'resource_app', id: 'main' } },
      source: { upstream: LOGIN, ip: '192.0.2.1' },
    },
  ])
  // Only a fault of the provider is one for the server's log.
  expect(world.faults).toEqual(faults)
})

it('records at most ten refused responses per minute, each with a detail of one short line', async () => {
  const world = open(METADATA)
  for (let time = 0; time < 12; time += 1)
    await comeBack(world, { error: `a\n\u202eb${'x'.repeat(2000)}`, iss: LOGIN })
  expect(world.recorded).toHaveLength(10)
  const { detail } = world.recorded[0]?.change as { detail: string }
  expect(detail.length).toBeLessThanOrEqual(300)
  expect(detail).not.toMatch(/[\n\u202e]/)
})
