// The authorization code flow of a configured server: users sign in at the vendor's OpenID provider (here the company's own) and consent.
// The tests of embedding cover the flow itself; these cover what the configured server adds.
import { createHash, randomBytes } from 'node:crypto'

import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import {
  addCodeFlow,
  buildAuthorizationUrl,
  consentAs,
  openAsUser,
  pressConsent,
  redeemCode,
  VENDOR_SIGN_IN,
  WEB,
} from '../support/code-flow.ts'
import { renderCookies } from '../support/cookie-jar.ts'
import { company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { findFreePort } from '../support/free-port.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { makeDpopKey } from './support/proofs.ts'

const KEY = randomBytes(32).toString('hex')
type Server = Readonly<Record<string, unknown>>

const define = (baseUrl: string) => addCodeFlow(baseUrl, company(baseUrl))

/** The same without the client that asks for codes */
function withoutWeb(baseUrl: string): Server {
  const { authorizationServers, ...file } = define(baseUrl)
  const [vendor, ...others] = authorizationServers as { clients: { id: string }[] }[]
  const clients = vendor?.clients.filter(({ id }) => id !== WEB.id)
  return { ...file, authorizationServers: [{ ...vendor, clients }, ...others] }
}

describeOnDatabases('the code flow on $name', ({ create }) => {
  let server: TestServer
  let baseUrl: string
  beforeAll(async () => {
    server = await startTestServer({ file: define, database: await create(), key: KEY })
    ;({ baseUrl } = server)
  })
  afterAll(async () => {
    expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
    await server.stop()
  })

  const introspect = async (token: unknown) =>
    (
      await postForm(
        `${baseUrl}/as/vendor/introspect`,
        { token: String(token) },
        { authorization: basic({ id: 'todo0-api', secret: 'todo0 api secret' }) },
      )
    ).body

  it('leads to the same account as an ID-JAG, and records what the user allowed', async () => {
    const { status, body, headers } = await redeemCode(baseUrl, await consentAs(baseUrl, 'alice'))
    expect(status).toBe(200)
    const { idToken } = await signInFor(baseUrl, 'alice')
    const { body: idJag } = await exchange(baseUrl, idToken, { resource: TODO })
    const { body: byIdJag } = await redeem(baseUrl, String(idJag['access_token']))
    const { sub } = decodeJwt(String(body['access_token']))
    expect(decodeJwt(String(byIdJag['access_token'])).sub).toBe(sub)
    expect(await introspect(body['access_token'])).toMatchObject({ active: true, sub, client_id: WEB.id })
    const decision = await adminOf(baseUrl)('GET', `/decisions/${headers.get('crosswalk-decision') ?? ''}`)
    expect(decision.body).toMatchObject({
      stage: 'ras.token',
      outcome: 'allow',
      granted: { resource: [TODO] },
    })
    const { items } = (await adminOf(baseUrl)('GET', '/audit-events?type=consent.given')).body as {
      items: unknown[]
    }
    expect(items[0]).toMatchObject({
      actor: { kind: 'user', id: sub },
      on_behalf_of: { user_ref: 'usr_alice', subject_at_resource_ref: sub },
      target: { kind: 'resource_app', id: 'vendor', resource: [TODO] },
      action: { verb: 'consent.given', scopes_requested: ['todos.read', 'todos.write'] },
      change: { client_id: WEB.id },
      source: { interface: 'protocol' },
    })
  })

  it('remembers consent, in other processes too', async () => {
    await consentAs(baseUrl, 'carol')
    const other = await startTestServer({ file: define, database: server.database, key: KEY })
    // A code of one process works in another, once.
    const code = await consentAs(baseUrl, 'carol')
    const jar = new Map<string, string>()
    expect((await openAsUser(buildAuthorizationUrl(baseUrl), 'carol', jar)).code).not.toBeNull()
    const answers = await Promise.all([
      redeemCode(baseUrl, code),
      redeemCode(other.baseUrl, code).catch(() => undefined),
    ])
    expect(answers.filter((answer) => answer?.status === 200)).toHaveLength(1)
    await other.stop()
  })

  it('forgets consent for a client that is removed, so that another with its id has to ask', async () => {
    const started = { database: await create(), key: KEY, listen: { port: await findFreePort() } }
    const asked: boolean[] = []
    for (const file of [define, define, withoutWeb, define]) {
      const one = await startTestServer({ ...started, file })
      if (file === define) {
        const { code } = await openAsUser(buildAuthorizationUrl(one.baseUrl), 'carol', new Map())
        asked.push(code === null)
        await consentAs(one.baseUrl, 'carol')
      }
      await one.stop()
    }
    expect(asked).toEqual([true, false, true])
  })

  it('sends a user to the provider again if the app requires a new sign-in', async () => {
    const jar = new Map<string, string>()
    await openAsUser(buildAuthorizationUrl(baseUrl), 'alice', jar)
    const cookie = renderCookies(jar)
    const leads = async (prompt: string) => {
      const url = buildAuthorizationUrl(baseUrl, { prompt })
      const { headers } = await fetch(url, { redirect: 'manual', headers: { cookie } })
      return new URL(headers.get('location') ?? baseUrl).searchParams.get('prompt')
    }
    expect([await leads('consent'), await leads('login')]).toEqual([null, 'login'])
  })

  it('takes the decision of a page only from the user who saw it', async () => {
    const open = async (username: string) => {
      const jar = new Map<string, string>()
      const url = buildAuthorizationUrl(baseUrl, { prompt: 'consent' })
      return { jar, page: (await openAsUser(url, username, jar)).page ?? '' }
    }
    const [alice, carol] = [await open('alice'), await open('carol')]
    const codeOf = async (page: string, jar: Map<string, string>) =>
      new URL((await pressConsent(page, jar)).headers.get('location') ?? baseUrl).searchParams.get('code')
    expect(await codeOf(alice.page, carol.jar)).toBeNull()
    expect(await codeOf(alice.page, alice.jar)).not.toBeNull()
  })

  it('revokes the tokens of a code that is used again, and no others (RFC 6749 section 4.1.2)', async () => {
    const code = await consentAs(baseUrl, 'alice')
    const { body } = await redeemCode(baseUrl, code)
    const { body: other } = await redeemCode(baseUrl, await consentAs(baseUrl, 'alice'))
    expect(await introspect(body['access_token'])).toMatchObject({ active: true })
    expect((await redeemCode(baseUrl, code)).body).toMatchObject({ error: 'invalid_grant' })
    expect(await introspect(body['access_token'])).toEqual({ active: false })
    expect(await introspect(other['access_token'])).toMatchObject({ active: true })
  })

  it('returns to a loopback app through a page, so that the sign-in page need not allow its port', async () => {
    await consentAs(baseUrl, 'alice')
    const url = buildAuthorizationUrl(baseUrl, { redirect_uri: REDIRECT_URI })
    const { page = '' } = await openAsUser(url, 'alice')
    expect(page).toMatch(/<meta http-equiv="refresh" content="0;url=http:\/\/127.0.0.1:7777\/callback\?code=/)
    expect((await openAsUser(buildAuthorizationUrl(baseUrl), 'alice')).code).not.toBeNull()
  })

  it('is bound to the browser that was sent to the provider', async () => {
    const jar = new Map<string, string>()
    const started = await fetch(buildAuthorizationUrl(baseUrl), { redirect: 'manual' })
    const walked = await openAsUser(buildAuthorizationUrl(baseUrl, { scope: 'todos.write' }), 'bob', jar)
    expect(walked.page).toContain('Allow Web app to use Todo vendor?')
    // Another browser presents the first one's response.
    const state = new URL(started.headers.get('location') ?? '').searchParams.get('state') ?? ''
    const stolen = await fetch(`${baseUrl}/as/vendor/signed-in?code=x&state=${state}`, { redirect: 'manual' })
    expect([stolen.status, stolen.headers.get('location')]).toEqual([400, null])
    // A form without the user's cookies leads to a new sign-in.
    const without = await pressConsent(walked.page ?? '', new Map())
    expect(new URL(without.headers.get('location') ?? '').searchParams.get('client_id')).toBe(
      VENDOR_SIGN_IN.id,
    )
    expect((await pressConsent(walked.page ?? '', jar)).headers.get('location')).toContain('code=')
  })

  it.each([
    [42, 400],
    [43, 200],
  ])(
    'a verifier of %i characters with the right hash gets %i (RFC 7636 section 4.1)',
    async (length, status) => {
      const verifier = 'v'.repeat(length)
      const challenge = createHash('sha256').update(verifier).digest('base64url')
      const code = await consentAs(baseUrl, 'alice', { code_challenge: challenge })
      expect((await redeemCode(baseUrl, code, { code_verifier: verifier })).status).toBe(status)
    },
  )

  it('binds a code to the key named in the request (RFC 9449 section 10)', async () => {
    const [key, other] = [await makeDpopKey(), await makeDpopKey()]
    const ask = () => consentAs(baseUrl, 'alice', { dpop_jkt: key.jkt })
    const prove = (by: typeof key) => by.prove(`${baseUrl}/as/vendor/token`)
    expect((await redeemCode(baseUrl, await ask())).body).toMatchObject({ error: 'invalid_grant' })
    const stolen = await redeemCode(baseUrl, await ask(), {}, { dpop: await prove(other) })
    expect(stolen.body).toMatchObject({ error: 'invalid_grant' })
    const record = await adminOf(baseUrl)(
      'GET',
      `/decisions/${stolen.headers.get('crosswalk-decision') ?? ''}`,
    )
    expect(record.body).toMatchObject({ code: 'XAA2215' })
    const redeemed = await redeemCode(baseUrl, await ask(), {}, { dpop: await prove(key) })
    expect([redeemed.status, redeemed.body]).toMatchObject([200, { token_type: 'DPoP' }])
    expect(decodeJwt(String(redeemed.body['access_token']))).toMatchObject({ cnf: { jkt: key.jkt } })
  })

  const NO_THUMBPRINT = 'dpop_jkt is not the thumbprint of a key.'
  const TWO = 'response_mode is not query. request is not supported.'
  it.each([
    ['a thumbprint of 43 characters', { dpop_jkt: 'a'.repeat(43) }, null, null],
    ['a thumbprint of 42 characters', { dpop_jkt: 'a'.repeat(42) }, 'invalid_request', NO_THUMBPRINT],
    ['a thumbprint of 44 characters', { dpop_jkt: 'a'.repeat(44) }, 'invalid_request', NO_THUMBPRINT],
    ['unsupported parameters', { request: 'x', response_mode: 'fragment' }, 'invalid_request', TWO],
  ])('accepts %s or explains why not', async (_, change, error, description) => {
    const { headers } = await fetch(buildAuthorizationUrl(baseUrl, change), { redirect: 'manual' })
    const answer = new URL(headers.get('location') ?? '').searchParams
    expect([answer.get('error'), answer.get('error_description')]).toEqual([error, description])
  })

  it.each([
    ['repeats no parameter that is no name', ['call%20me'], 'A parameter is repeated.'],
    [
      'names at most five problems',
      ['a', 'b', 'c', 'd', 'e', 'f'],
      'a is repeated. b is repeated. c is repeated. d is repeated. e is repeated.',
    ],
  ])('%s in an error', async (_, repeated, description) => {
    const query = repeated.map((name) => `&${name}=1&${name}=2`).join('')
    const { headers } = await fetch(buildAuthorizationUrl(baseUrl) + query, { redirect: 'manual' })
    const answer = new URL(headers.get('location') ?? '').searchParams
    expect(answer.get('error_description')).toBe(description)
  })

  it('ends with the account, whose codes are rejected', async () => {
    const admin = adminOf(baseUrl)
    const code = await consentAs(baseUrl, 'carol')
    const { body } = await redeemCode(baseUrl, await consentAs(baseUrl, 'carol'))
    expect(await introspect(body['access_token'])).toMatchObject({ active: true })
    const { sub = '' } = decodeJwt(String(body['access_token']))
    const path = `/authorization-servers/vendor/accounts/${sub}`
    await admin('POST', `${path}/disable`, { body: { reason: 'test' } })
    expect(await introspect(body['access_token'])).toEqual({ active: false })
    expect((await redeemCode(baseUrl, code)).body).toMatchObject({ error: 'invalid_grant' })
    expect((await openAsUser(buildAuthorizationUrl(baseUrl), 'carol')).code).toBeNull()
    const { body: log } = await admin('GET', '/audit-events?type=authorization.refused')
    expect(log.items).toMatchObject([{ type: 'authorization.refused', code: expect.stringMatching(/^XAA/) }])
    await admin('POST', `${path}/enable`, { body: { reason: 'test' } })
    expect((await redeemCode(baseUrl, code)).status).toBe(200)
  })

  it('ends if the identity provider of the account blocks the user', async () => {
    const admin = adminOf(baseUrl)
    const { body } = await redeemCode(baseUrl, await consentAs(baseUrl, 'bob'))
    expect(await introspect(body['access_token'])).toMatchObject({ active: true })
    const code = await consentAs(baseUrl, 'bob')
    await admin('POST', '/blocks', { body: { kind: 'user', target: 'usr_bob', reason: 'test' } })
    expect(await introspect(body['access_token'])).toEqual({ active: false })
    expect((await redeemCode(baseUrl, code)).body).toMatchObject({ error: 'invalid_grant' })
  })

  const change = (id: string, body: object) =>
    adminOf(baseUrl)('PATCH', `/users/${id}`, { body, ifMatch: '*' })
  it.each<[string, (id: string) => Promise<unknown>]>([
    [
      'was deactivated for a moment',
      async (id) => [await change(id, { active: false }), await change(id, { active: true })],
    ],
    ['was deleted', (id) => adminOf(baseUrl)('DELETE', `/users/${id}`, { ifMatch: '*' })],
    ['has a new password', (id) => change(id, { password: 'another horse battery staple' })],
  ])('ends with the sessions of a user who %s: code, token and sign-in', async (_, end) => {
    const name = `user-${randomBytes(4).toString('hex')}`
    const user = { id: `usr_${name}`, username: name, email: `${name}@acme.test`, password: PASSWORD }
    expect((await adminOf(baseUrl)('POST', '/users', { body: user })).status).toBe(201)
    const jar = new Map<string, string>()
    const { page = '' } = await openAsUser(buildAuthorizationUrl(baseUrl), name, jar)
    await pressConsent(page, jar)
    const ask = async () => {
      const url = buildAuthorizationUrl(baseUrl, { prompt: 'none' })
      const { headers } = await fetch(url, { redirect: 'manual', headers: { cookie: renderCookies(jar) } })
      return new URL(headers.get('location') ?? '').searchParams
    }
    const { body } = await redeemCode(baseUrl, (await ask()).get('code') ?? '')
    expect(await introspect(body['access_token'])).toMatchObject({ active: true })
    const code = (await ask()).get('code') ?? ''
    await end(user.id)
    expect(await introspect(body['access_token'])).toEqual({ active: false })
    expect((await redeemCode(baseUrl, code)).body).toMatchObject({ error: 'invalid_grant' })
    expect((await ask()).get('error')).toBe('login_required')
  })

  it('cannot be defined through the API without a sign-in provider, or with a secret', async () => {
    const admin = adminOf(baseUrl)
    const create = (id: string, authorizationCode: object) =>
      admin('POST', '/authorization-servers', { body: { id, authorizationCode } })
    const signIn = { issuer: baseUrl, clientId: VENDOR_SIGN_IN.id }
    const refusals = [
      await create('none', {}),
      await create('secret', { signIn: { ...signIn, clientSecret: 'x' } }),
    ]
    expect(refusals.map(({ status }) => status)).toEqual([400, 400])
    expect(refusals.map(({ body }) => JSON.stringify(body))).toEqual([
      expect.stringContaining('nowhere to sign in'),
      expect.stringContaining('clientSecret'),
    ])
    expect((await create('public', { signIn })).status).toBe(201)
  })

  it('never shows the secret of the provider', async () => {
    const { body } = await adminOf(baseUrl)('GET', '/authorization-servers/vendor')
    expect((body as Server)['authorizationCode']).toMatchObject({ signIn: { clientId: VENDOR_SIGN_IN.id } })
    expect(JSON.stringify(body)).not.toContain(VENDOR_SIGN_IN.secret)
  })
})
