// The authorization code flow of a server that runs by its configuration file: users sign in at the vendor's OpenID provider, which
// here is the company's own, and consent. The flow itself is tested where the server is embedded; here what is added to it.
import { randomBytes } from 'node:crypto'

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
import { company, REDIRECT_URI, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { makeDpopKey } from './support/proofs.ts'

const KEY = randomBytes(32).toString('hex')
type Server = Readonly<Record<string, unknown>>

const define = (baseUrl: string) => addCodeFlow(baseUrl, company(baseUrl))

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

  it('gives the same account as an ID-JAG, and a record and events of what the user allowed', async () => {
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
    expect(items[0]).toMatchObject({ actor: { kind: 'user', id: sub }, change: { client_id: WEB.id } })
  })

  it('remembers what a user allowed, also in another process', async () => {
    await consentAs(baseUrl, 'carol')
    const other = await startTestServer({ file: define, database: server.database, key: KEY })
    // Codes of one process are good in another, once.
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

  it('goes back to an app on this computer by a page, which the sign-in page need not know of', async () => {
    await consentAs(baseUrl, 'alice')
    const url = buildAuthorizationUrl(baseUrl, { redirect_uri: REDIRECT_URI })
    const { page = '' } = await openAsUser(url, 'alice')
    expect(page).toMatch(/<meta http-equiv="refresh" content="0;url=http:\/\/127.0.0.1:7777\/callback\?code=/)
    expect((await openAsUser(buildAuthorizationUrl(baseUrl), 'alice')).code).not.toBeNull()
  })

  it('belongs to the browser that was sent to the provider', async () => {
    const jar = new Map<string, string>()
    const started = await fetch(buildAuthorizationUrl(baseUrl), { redirect: 'manual' })
    const walked = await openAsUser(buildAuthorizationUrl(baseUrl, { scope: 'todos.write' }), 'bob', jar)
    expect(walked.page).toContain('Allow Web app to use Todo vendor?')
    // Another browser brings the answer that was meant for the first one.
    const state = new URL(started.headers.get('location') ?? '').searchParams.get('state') ?? ''
    const stolen = await fetch(`${baseUrl}/as/vendor/signed-in?code=x&state=${state}`, { redirect: 'manual' })
    expect([stolen.status, stolen.headers.get('location')]).toEqual([400, null])
    // A form without the cookies of the user asks for a sign-in again.
    const without = await pressConsent(walked.page ?? '', new Map())
    expect(new URL(without.headers.get('location') ?? '').searchParams.get('client_id')).toBe(
      VENDOR_SIGN_IN.id,
    )
    expect((await pressConsent(walked.page ?? '', jar)).headers.get('location')).toContain('code=')
  })

  it('is redeemed with the one key that it was asked for with (RFC 9449 section 10)', async () => {
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

  it.each([
    ['43 characters', 'a'.repeat(43), null],
    ['42 characters', 'a'.repeat(42), 'invalid_request'],
    ['44 characters', 'a'.repeat(44), 'invalid_request'],
  ])('takes a thumbprint of %s or says why not', async (_, jkt, error) => {
    const url = buildAuthorizationUrl(baseUrl, { dpop_jkt: jkt })
    const { headers } = await fetch(url, { redirect: 'manual' })
    expect(new URL(headers.get('location') ?? '').searchParams.get('error')).toBe(error)
  })

  it('ends with the account, and refuses its code', async () => {
    const admin = adminOf(baseUrl)
    const code = await consentAs(baseUrl, 'carol')
    const { body } = await redeemCode(baseUrl, await consentAs(baseUrl, 'carol'))
    expect(await introspect(body['access_token'])).toMatchObject({ active: true })
    const { sub = '' } = decodeJwt(String(body['access_token']))
    const path = `/authorization-servers/vendor/accounts/${sub}`
    await admin('POST', `${path}/disable`, { body: { reason: 'test' } })
    expect(await introspect(body['access_token'])).toEqual({ active: false })
    expect((await redeemCode(baseUrl, code)).body).toMatchObject({ error: 'invalid_grant' })
    await admin('POST', `${path}/enable`, { body: { reason: 'test' } })
    expect((await redeemCode(baseUrl, code)).status).toBe(200)
  })

  it('ends where the identity provider of its account blocks the user', async () => {
    const admin = adminOf(baseUrl)
    const { body } = await redeemCode(baseUrl, await consentAs(baseUrl, 'bob'))
    expect(await introspect(body['access_token'])).toMatchObject({ active: true })
    const code = await consentAs(baseUrl, 'bob')
    await admin('POST', '/blocks', { body: { kind: 'user', target: 'usr_bob', reason: 'test' } })
    expect(await introspect(body['access_token'])).toEqual({ active: false })
    expect((await redeemCode(baseUrl, code)).body).toMatchObject({ error: 'invalid_grant' })
  })

  it('is not defined over the API without a way to sign in, nor with a secret', async () => {
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

  it('shows no secret of the provider', async () => {
    const { body } = await adminOf(baseUrl)('GET', '/authorization-servers/vendor')
    expect((body as Server)['authorizationCode']).toMatchObject({ signIn: { clientId: VENDOR_SIGN_IN.id } })
    expect(JSON.stringify(body)).not.toContain(VENDOR_SIGN_IN.secret)
  })
})
