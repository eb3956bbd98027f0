// ID tokens of other identity providers as subject tokens, over real HTTP: an app whose user signed in there reaches the resource without
// any page of ours, and loses access when the user signs out or is disabled there.
import { createHash, randomUUID } from 'node:crypto'

import { TOKEN_TYPE } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest'

import { describeWith } from '../../../tools/test-programs.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { makeKey, signJwt, type TestKey } from '../protocol/support/foreign-issuer.ts'
import { addCodeFlow, consentAs, redeemCode } from '../support/code-flow.ts'
import { AGENT, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { type Answer, basic, exchange, isLive, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { DEX } from './dex.ts'
import { reachThroughDex } from './reach-through-dex.ts'
import { openRedirectBrowser, type RedirectBrowser } from './redirect-browser.ts'
import { type CorpUser, type CorpProvider, startCorpProvider } from './upstream-provider.ts'

/** An issuer for which the tests sign arbitrary tokens. */
const FORGED = 'https://login.forged.example'
/** The same, with just-in-time users and a single tenant. */
const JIT = 'https://login.jit.example'
/** The same, with addresses that count as verified, and an audience of its own for security events. */
const MAIL = 'https://login.mail.example'
const RECEIVER = 'https://receiver.example'
const VERIFIER = 'a-code-verifier-of-more-than-forty-three-characters'

let corp: CorpProvider
let server: TestServer
let admin: Admin
let key: TestKey
/** Published by the same issuers, for an algorithm that is not accepted from them. */
let es384: TestKey

beforeAll(async () => {
  corp = await startCorpProvider()
  key = await makeKey('forged')
  es384 = await makeKey('es384', 'ES384')
  server = await startTestServer({
    file(baseUrl) {
      corp.open([REDIRECT_URI], `${baseUrl}/upstream/logout`)
      const jwks = { keys: [key.publicJwk, es384.publicJwk] }
      const forged = {
        jwks,
        algorithms: ['ES256'],
        audiences: { 'agent-there': AGENT.id, 'other-there': 'other' },
      }
      const subjectIssuers = [
        {
          issuer: corp.issuer,
          audiences: { [corp.client.id]: AGENT.id },
          link: ['username'],
          mfa: ['urn:corp:smartcard'],
          session: 'required',
        },
        {
          issuer: FORGED,
          ...forged,
          link: ['attribute:forgedId', 'email'],
          emailDomains: ['acme.test'],
          securityEvents: {},
          maxAgeSeconds: 600,
        },
        {
          issuer: JIT,
          ...forged,
          claims: { subject: 'oid', groups: 'groups' },
          requireClaims: { tid: 'tenant-1' },
          link: [],
          provisioning: 'jit',
          nonce: 'required',
        },
        {
          issuer: MAIL,
          ...forged,
          link: ['email'],
          emailDomains: ['acme.test'],
          emailVerified: true,
          securityEvents: { audience: RECEIVER },
        },
      ]
      const users = {
        bob: { email: 'bob@elsewhere.test' },
        carol: { attributes: { forgedId: 'forged-carol' } },
        alice: { attributes: { forgedId: 'forged-late' } },
        dave: { attributes: { forgedId: 'forged-dora' }, active: true },
      }
      return addCodeFlow(baseUrl, company(baseUrl, { idp: { subjectIssuers }, users }))
    },
  })
  admin = adminOf(server.baseUrl)
})
afterEach(() => {
  expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
})
afterAll(async () => {
  await server.stop()
  await corp.close()
})

const person = (username: string, more: Partial<CorpUser> = {}): CorpUser => ({
  sub: `corp-${username}`,
  claims: { preferred_username: username },
  amr: ['pwd'],
  ...more,
})

/** Signs a user in at the company's provider, as the app registered there. */
async function signInThere(
  who: CorpUser,
  browser: RedirectBrowser = openRedirectBrowser(REDIRECT_URI),
): Promise<string> {
  corp.user = who
  const { url } = await browser.go(
    `${corp.issuer}/auth?${new URLSearchParams({
      client_id: corp.client.id,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'openid profile',
      nonce: 'nonce',
      code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
      code_challenge_method: 'S256',
    })}`,
  )
  const code = new URL(url).searchParams.get('code') ?? ''
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: VERIFIER,
  }
  const { body } = await postForm(`${corp.issuer}/token`, form, { authorization: basic(corp.client) })
  return String(body.id_token)
}

const now = () => Math.floor(Date.now() / 1000)

function forge(
  change: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
) {
  const claims = { iss: FORGED, sub: 'forged-carol', aud: 'agent-there', iat: now(), exp: now() + 600 }
  return signJwt(key, { ...claims, ...change }, header)
}

const forgeJit = (oid: string, change: Readonly<Record<string, unknown>> = {}) =>
  forge({ iss: JIT, sub: `pairwise-${oid}`, oid, tid: 'tenant-1', nonce: 'n', ...change })

const reach = (token: string, client = AGENT) => exchange(server.baseUrl, token, { resource: TODO }, client)

async function codeOf({ headers }: Answer): Promise<unknown> {
  const id = headers.get('crosswalk-decision') ?? ''
  const [found] = await server.events((events) => events.findByDecision(id))
  return found?.event.code
}

/** @returns an access token for the resource, obtained with the ID token */
async function cross(token: string): Promise<string> {
  const exchanged = await reach(token)
  expect(exchanged.status, JSON.stringify(exchanged.body)).toBe(200)
  const { body } = await redeem(server.baseUrl, String(exchanged.body.access_token))
  return String(body.access_token)
}

const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout'
const DISABLED = 'https://schemas.openid.net/secevent/risc/event-type/account-disabled'

const logoutToken = (
  change: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
) =>
  signJwt(
    key,
    {
      ...{ iss: FORGED, aud: 'agent-there', iat: now(), exp: now() + 120, jti: randomUUID() },
      events: { [LOGOUT]: {} },
      ...change,
    },
    { typ: 'logout+jwt', ...header },
  )

const logOut = async (token: string) => postForm(`${server.baseUrl}/upstream/logout`, { logout_token: token })

describe('an app whose user signed in elsewhere', () => {
  it('reaches the resource without any page of ours, with the facts of that sign-in', async () => {
    const signedInAt = now() - 500
    const token = await signInThere(person('alice', { signedInAt, acr: 'urn:corp:smartcard' }))
    const { status, body, headers } = await reach(token)
    expect(status, JSON.stringify(body)).toBe(200)
    expect(decodeJwt(String(body.access_token))).toMatchObject({
      sub: 'usr_alice',
      auth_time: signedInAt,
      acr: 'mfa',
      amr: ['pwd'],
    })
    expect(await isLive(server.baseUrl, await cross(token))).toBe(true)
    const decision = await admin('GET', `/decisions/${headers.get('crosswalk-decision') ?? ''}`)
    expect(decision.body).toMatchObject({
      request: { subject: { ref: 'usr_alice', token_type: 'upstream_id_token', issuer: corp.issuer } },
    })
    const signIns = await server.events((reader) =>
      reader.list({ log: 'idp', types: ['signin.succeeded'], limit: 10 }),
    )
    expect(signIns.items).toEqual([])
  })

  it('is subject to the same assignments, suspensions and blocks as any other', async () => {
    const bob = await signInThere(person('bob'))
    expect(await codeOf(await reach(bob))).toBe('XAA1502')
    const alice = await signInThere(person('alice'))
    const { body: block } = await admin('POST', '/blocks', {
      body: { kind: 'user', target: 'alice', reason: 'test' },
    })
    expect(await codeOf(await reach(alice))).toBe('XAA1901')
    await admin('DELETE', `/blocks/${String((block as { id: string }).id)}`)
  })

  it('gets nothing that outlives the session there (IDP-19)', async () => {
    const end = now() + 60
    const { body } = await reach(await forge({ session_expiry: end }))
    expect(decodeJwt(String(body.access_token))).toMatchObject({ exp: end, session_expiry: end })
    expect(await codeOf(await reach(await forge({ session_expiry: now() - 31 })))).toBe('XAA1216')
  })

  it('is matched by subject from then on, even if another user gets the username there', async () => {
    await reach(await signInThere(person('carol')))
    const successor = await reach(await signInThere(person('carol', { sub: 'corp-another-carol' })))
    expect([successor.body.error, await codeOf(successor)]).toEqual(['access_denied', 'XAA1214'])
    const renamed = person('carol', { claims: { preferred_username: 'carol.married' } })
    expect((await reach(await signInThere(renamed))).status).toBe(200)
  })
})

if (DEX === undefined) console.warn('Dex is not installed: sign-in there is not tried (CROSSWALK_TEST_DEX)')

describeWith(DEX !== undefined)('a user who signed in at Dex', () => {
  it('reaches the resource without any page of ours, until the directory disables the user', reachThroughDex)
})

describe('a token', () => {
  test('as it should be is taken', async () => {
    expect((await reach(await forge())).status).toBe(200)
  })

  it.each<[string, () => Promise<string>, string]>([
    ['of an unlisted issuer', () => forge({ iss: 'https://stranger.example' }), 'XAA1201'],
    ['of an issuer that differs by a slash', () => forge({ iss: `${FORGED}/` }), 'XAA1201'],
    [
      'signed by a stranger',
      async () => signJwt(await makeKey('forged'), decodeJwt(await forge())),
      'XAA1210',
    ],
    ['with another algorithm', async () => signJwt(es384, decodeJwt(await forge())), 'XAA1210'],
    ['for an unmapped client', () => forge({ aud: 'stranger-there' }), 'XAA1212'],
    ['for the client of another app', () => forge({ aud: 'other-there' }), 'XAA1212'],
    ['for a client named like an Object.prototype member', () => forge({ aud: 'constructor' }), 'XAA1212'],
    ['for two audiences without azp', () => forge({ aud: ['agent-there', 'x'] }), 'XAA1212'],
    ['whose azp is another client', () => forge({ azp: 'other-there' }), 'XAA1212'],
    ['that has expired', () => forge({ exp: now() - 31 }), 'XAA1202'],
    ['without exp', () => forge({ exp: undefined }), 'XAA1210'],
    ['from the future', () => forge({ iat: now() + 60 }), 'XAA1206'],
    ['that is too old', () => forge({ iat: now() - 640 }), 'XAA1215'],
    ['with the typ of an access token', () => forge({}, { typ: 'at+jwt' }), 'XAA1208'],
    ['with a scope, like an access token', () => forge({ scp: 'todos.read' }), 'XAA1208'],
    ['marked as a bearer token', () => forge({ typ: 'Bearer' }), 'XAA1208'],
    ['that is a logout token', () => logoutToken({ sub: 'forged-carol' }, { typ: 'JWT' }), 'XAA1208'],
    ['of an unlinked user', () => forge({ sub: 'forged-mallory' }), 'XAA1214'],
    ['of a user with an unverified address', () => forge({ sub: 'x', email: 'alice@acme.test' }), 'XAA1214'],
    [
      'of an address in an unlisted domain',
      () => forge({ sub: 'x', email: 'bob@elsewhere.test', email_verified: true }),
      'XAA1214',
    ],
    [
      'of an address that its issuer calls unverified',
      () => forge({ iss: MAIL, sub: 'x', email: 'alice@acme.test', email_verified: false }),
      'XAA1214',
    ],
    ['without the tenant', () => forgeJit('erin', { tid: undefined }), 'XAA1213'],
    ['of another tenant', () => forgeJit('erin', { tid: 'tenant-2' }), 'XAA1213'],
    ['without a nonce', () => forgeJit('erin', { nonce: undefined }), 'XAA1213'],
    ['without the subject claim', () => forgeJit('erin', { oid: undefined }), 'XAA1213'],
  ])('%s is refused', async (_, make, code) => {
    expect(await codeOf(await reach(await make()))).toBe(code)
  })

  test('both edges of its age and expiry count', async () => {
    expect((await reach(await forge({ iat: now() - 600, exp: now() + 5 }))).status).toBe(200)
    expect((await reach(await forge({ exp: now() - 25 }))).status).toBe(200)
  })

  test('that names an actor passes it on as an actor of its issuer (ACT-08)', async () => {
    const act = { sub: 'support', team: 'b', act: { iss: FORGED, sub: 'bot', sub_profile: 'ai_agent' } }
    const { body } = await reach(await forge({ act }))
    expect(decodeJwt(String(body.access_token)).act).toEqual({
      ...{ iss: FORGED, sub: 'support' },
      act: { iss: FORGED, sub: 'bot', sub_profile: 'ai_agent' },
    })
  })

  test.each<readonly [string, (baseUrl: string) => unknown]>([
    ['of ours', (baseUrl) => ({ iss: baseUrl, sub: AGENT.id })],
    ['of ours, nested', (baseUrl) => ({ sub: 'support', act: { iss: baseUrl, sub: AGENT.id } })],
    ['without a name', () => ({})],
    ['as text', () => 'support'],
  ])('that names an actor %s is refused (ACT-04, ACT-06)', async (_, name) => {
    expect(await codeOf(await reach(await forge({ act: name(server.baseUrl) })))).toBe('XAA1010')
  })

  test('with a verified address of a listed domain finds the user', async () => {
    const linked = await forge({ sub: 'forged-alice', email: 'alice@acme.test', email_verified: true })
    expect(decodeJwt(String((await reach(linked)).body.access_token)).sub).toBe('usr_alice')
  })

  test('with an address that counts as verified finds the user', async () => {
    const linked = await forge({ iss: MAIL, sub: 'mail-alice', email: 'alice@acme.test' })
    expect(decodeJwt(String((await reach(linked)).body.access_token)).sub).toBe('usr_alice')
  })

  test('of another app is not this one’s, and is that one’s', async () => {
    const other = { id: 'other', secret: 'other secret' }
    const token = await forge({ aud: 'other-there' })
    expect(await codeOf(await reach(token, other))).toBe('XAA1401')
    expect(await codeOf(await reach(await forge(), other))).toBe('XAA1212')
  })
})

describe('a new user', () => {
  const erin = (change: Readonly<Record<string, unknown>> = {}) =>
    forgeJit('erin', { preferred_username: 'erin', groups: ['engineering'], ...change })

  it('is created once, audited, and updated only by newer tokens', async () => {
    const answers = await Promise.all([reach(await erin()), reach(await erin())])
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
    const { body } = await reach(await erin())
    const id = String(decodeJwt(String(body.access_token)).sub)
    expect((await admin('GET', `/users/${id}`)).body).toMatchObject({
      username: 'erin',
      groups: ['engineering'],
      updatedBy: `upstream:${JIT}`,
    })
    const old = await erin({ iat: now() - 120 })
    expect(await codeOf(await reach(await erin({ groups: ['sales'], iat: now() + 2 })))).toBe('XAA1502')
    expect(await codeOf(await reach(old))).toBe('XAA1502')
    expect((await admin('GET', `/users/${id}`)).body).toMatchObject({ groups: ['sales'] })
  })

  it('is not created by a rejected token', async () => {
    await reach(await forgeJit('frank', { preferred_username: 'frank', exp: now() - 60 }))
    expect((await admin('GET', '/users?q=frank')).body).toMatchObject({ items: [] })
  })
})

describe('access ends with', () => {
  it('a logout at the other provider: live tokens are revoked and the ID token is denied', async () => {
    const browser = openRedirectBrowser(REDIRECT_URI)
    const token = await signInThere(person('alice'), browser)
    const live = await cross(token)
    const elsewhere = await cross(await signInThere(person('alice')))
    const page = await browser.go(`${corp.issuer}/session/end?id_token_hint=${token}`)
    const xsrf = /name="xsrf" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
    const started = performance.now()
    await browser.submit(page, { xsrf, logout: 'yes' })
    await expect.poll(() => isLive(server.baseUrl, live), { timeout: 2000, interval: 20 }).toBe(false)
    expect(performance.now() - started).toBeLessThan(2000)
    expect(await codeOf(await reach(token))).toBe('XAA1216')
    expect(await isLive(server.baseUrl, elsewhere)).toBe(true)
    expect((await reach(await signInThere(person('alice')))).status).toBe(200)
  })

  it('a logout token for a session, also for ID tokens of the subject without a sid', async () => {
    const [unnamed, empty, named, other] = await Promise.all([
      forge(),
      forge({ sid: '' }),
      forge({ sid: 'session-1' }),
      forge({ sid: 'session-2' }),
    ])
    const [ofUnnamed, ofNamed, ofOther] = [await cross(unnamed), await cross(named), await cross(other)]
    expect((await logOut(await logoutToken({ sub: 'forged-carol', sid: 'session-1' }))).status).toBe(200)
    expect([
      await isLive(server.baseUrl, ofUnnamed),
      await isLive(server.baseUrl, ofNamed),
      await isLive(server.baseUrl, ofOther),
    ]).toEqual([false, false, true])
    for (const ended of [unnamed, empty, named]) expect(await codeOf(await reach(ended))).toBe('XAA1216')
    expect((await reach(other)).status).toBe(200)
    expect(await codeOf(await reach(await forge({ sid: 'session-1', iat: now() + 5 })))).toBe('XAA1216')
    expect((await reach(await forge({ iat: now() + 5 }))).status).toBe(200)
  })

  it('a logout token for a session that arrives late: no later ID token without a sid', async () => {
    const sub = 'forged-dora'
    const [earlier, later] = [
      await cross(await forge({ sub, iat: now() - 400 })),
      await cross(await forge({ sub, iat: now() - 100 })),
    ]
    expect((await logOut(await logoutToken({ sub, sid: 'session-3', iat: now() - 300 }))).status).toBe(200)
    expect([await isLive(server.baseUrl, earlier), await isLive(server.baseUrl, later)]).toEqual([
      false,
      true,
    ])
  })

  it('a logout token for a subject: everything issued until then, and nothing issued later', async () => {
    // Later than the previous logout, as tokens carry whole seconds.
    const token = await forge({ iat: now() + 2 })
    const live = await cross(token)
    const logout = await logoutToken({ sub: 'forged-carol', iat: now() + 2 })
    expect((await logOut(logout)).status).toBe(200)
    expect(await isLive(server.baseUrl, live)).toBe(false)
    expect(await codeOf(await reach(token))).toBe('XAA1216')
    const later = await cross(await forge({ iat: now() + 5 }))
    expect((await logOut(logout)).status).toBe(200)
    expect((await reach(await forge({ iat: now() + 5 }))).status).toBe(200)
    expect(later).not.toBe('')
  })

  it.each<[string, () => Promise<string>, string]>([
    ['of a stranger', () => logoutToken({ sub: 's', iss: 'https://stranger.example' }), 'not an issuer'],
    [
      'signed by a stranger',
      async () =>
        signJwt(await makeKey('forged'), decodeJwt(await logoutToken({ sub: 's' })), { typ: 'logout+jwt' }),
      'signature',
    ],
    ['without a subject', () => logoutToken({}), 'sub or sid is needed'],
    [
      'with a sub of 256 characters',
      () => logoutToken({ sub: 's'.repeat(256), sid: 's' }),
      'sub is malformed',
    ],
    [
      'with a sid of 256 characters',
      () => logoutToken({ sub: 's', sid: 's'.repeat(256) }),
      'sid is malformed',
    ],
    ['for an unknown client', () => logoutToken({ sub: 's', aud: 'stranger' }), 'aud names no client'],
    ['with a nonce', () => logoutToken({ sub: 's', nonce: 'n' }), 'nonce does not belong'],
    ['without jti', () => logoutToken({ sub: 's', jti: undefined }), 'jti is missing'],
    ['that is too old', () => logoutToken({ sub: 's', iat: now() - 640 }), 'iat is too long ago'],
    ['from the future', () => logoutToken({ sub: 's', iat: now() + 60 }), 'in the future'],
    ['that has expired', () => logoutToken({ sub: 's', exp: now() - 31 }), 'has expired'],
    ['that is an ID token', () => forge(), 'not the expected kind'],
    [
      'that is another kind of token',
      () => logoutToken({ sub: 's' }, { typ: 'at+jwt' }),
      'not the expected kind',
    ],
    ['without events', () => logoutToken({ sub: 's', events: undefined }), 'not the expected kind'],
    [
      'of another event',
      () => logoutToken({ sub: 's', events: { [DISABLED]: {} } }),
      'not the expected kind',
    ],
    ['whose event is only text', () => logoutToken({ sub: 's', events: LOGOUT }), 'not the expected kind'],
  ])('not with a logout token %s', async (_, make, reason) => {
    const { status, body } = await logOut(await make())
    expect([status, body.error]).toEqual([400, 'invalid_request'])
    expect(body.error_description).toContain(reason)
  })

  it('a logout token whose sub and sid have 255 characters', async () => {
    const longest = 's'.repeat(255)
    expect((await logOut(await logoutToken({ sub: longest, sid: longest }))).status).toBe(200)
  })

  it('not with two logout tokens at once', async () => {
    const form = [await logoutToken({ sub: 's' }), await logoutToken({ sub: 's' })]
    const body = new URLSearchParams(form.map((token) => ['logout_token', token]))
    const { status } = await fetch(`${server.baseUrl}/upstream/logout`, { method: 'POST', body })
    expect(status).toBe(400)
  })

  it('a suspension here, until the user signs in there again', async () => {
    const token = await signInThere(person('carol'))
    const live = await cross(token)
    const body = { reason: 'test' }
    await admin('POST', '/users/usr_carol/suspend', { body })
    await admin('POST', '/users/usr_carol/resume', { body })
    expect(await isLive(server.baseUrl, live)).toBe(false)
    expect(await codeOf(await reach(token))).toBe('XAA1216')
    expect((await reach(await forge({ iat: now() + 5 }))).status).toBe(200)
  })
})

describe('a security event of the other provider', () => {
  const push = async (change: Readonly<Record<string, unknown>> = {}, header = {}) => {
    const claims = { iss: FORGED, aud: server.baseUrl, iat: now() + 8, jti: randomUUID() }
    const sub_id = { format: 'iss_sub', iss: FORGED, sub: 'forged-carol' }
    const body = await signJwt(
      key,
      { ...claims, sub_id, events: { [DISABLED]: {} }, ...change },
      { typ: 'secevent+jwt', ...header },
    )
    const headers = { 'content-type': 'application/secevent+jwt' }
    return fetch(`${server.baseUrl}/upstream/events`, { method: 'POST', headers, body })
  }

  it('for a disabled account ends all access of the user, also of sign-ins here, which a logout does not', async () => {
    const token = await forge({ iat: now() + 6 })
    const live = await cross(token)
    const { refreshToken } = await signInFor(server.baseUrl, 'carol')
    const refresh = (subject: string) =>
      exchange(server.baseUrl, subject, { resource: TODO, subject_token_type: TOKEN_TYPE.refreshToken })
    expect((await logOut(await logoutToken({ sub: 'forged-carol' }))).status).toBe(200)
    expect((await refresh(refreshToken)).status).toBe(200)
    expect((await push()).status).toBe(202)
    expect((await refresh(refreshToken)).status).toBe(400)
    expect(await isLive(server.baseUrl, live)).toBe(false)
    expect(await codeOf(await reach(token))).toBe('XAA1216')
    expect((await reach(await forge({ iat: now() + 20 }))).status).toBe(200)
  })

  it('for a disabled account ends access by consent, with codes', async () => {
    const user = {
      id: 'usr_finn',
      username: 'finn',
      password: PASSWORD,
      attributes: { forgedId: 'forged-finn' },
    }
    expect((await admin('POST', '/users', { body: user })).status).toBe(201)
    const { body } = await redeemCode(server.baseUrl, await consentAs(server.baseUrl, 'finn'))
    const code = await consentAs(server.baseUrl, 'finn')
    expect(await isLive(server.baseUrl, String(body.access_token))).toBe(true)
    const sub_id = { format: 'iss_sub', iss: FORGED, sub: 'forged-finn' }
    expect((await push({ sub_id })).status).toBe(202)
    expect(await isLive(server.baseUrl, String(body.access_token))).toBe(false)
    expect((await redeemCode(server.baseUrl, code)).body).toMatchObject({ error: 'invalid_grant' })
  })

  it('ends what was issued until the last of its events happened, and nothing issued later', async () => {
    const start = now()
    const [between, later] = [await forge({ iat: start + 14 }), await forge({ iat: start + 20 })]
    expect([(await reach(between)).status, (await reach(later)).status]).toEqual([200, 200])
    const events = {
      [DISABLED]: { event_timestamp: start + 16 },
      'https://schemas.openid.net/secevent/caep/event-type/session-revoked': { event_timestamp: start + 12 },
    }
    expect((await push({ iat: start + 25, events })).status).toBe(202)
    expect(await codeOf(await reach(between))).toBe('XAA1216')
    expect((await reach(later)).status).toBe(200)
  })

  it('that arrives late ends what was issued since for an earlier ID token, and nothing issued for a later one', async () => {
    const start = now()
    const [earlier, later] = [
      await cross(await forge({ sub: 'forged-late', iat: start - 400 })),
      await cross(await forge({ sub: 'forged-late', iat: start - 100 })),
    ]
    const events = { [DISABLED]: { event_timestamp: start - 300 } }
    const sub_id = { format: 'iss_sub', iss: FORGED, sub: 'forged-late' }
    expect((await push({ sub_id, events })).status).toBe(202)
    expect([await isLive(server.baseUrl, earlier), await isLive(server.baseUrl, later)]).toEqual([
      false,
      true,
    ])
  })

  it('ends nothing if it only announces something', async () => {
    const later = await forge({ iat: now() + 28 })
    expect((await reach(later)).status).toBe(200)
    const CREDENTIAL_CHANGE = 'https://schemas.openid.net/secevent/caep/event-type/credential-change'
    const events = { [CREDENTIAL_CHANGE]: { change_type: 'create' } }
    expect((await push({ iat: now() + 28, events })).status).toBe(202)
    expect((await reach(later)).status).toBe(200)
  })

  it('has the audience configured for its issuer, and may name the user by address', async () => {
    const linked = await forge({ iss: MAIL, sub: 'mail-alice', email: 'alice@acme.test', iat: now() + 5 })
    expect((await reach(linked)).status).toBe(200)
    const ofAlice = { iss: MAIL, sub_id: { format: 'email', email: 'alice@acme.test' } }
    expect((await push(ofAlice)).status).toBe(400)
    expect((await push({ ...ofAlice, aud: RECEIVER })).status).toBe(202)
    expect(await codeOf(await reach(linked))).toBe('XAA1216')
  })

  it('is recorded once, however often it is pushed', async () => {
    const jti = randomUUID()
    for (const _ of [1, 2]) expect((await push({ jti, iat: now() - 60 })).status).toBe(202)
    const { items } = await server.events((reader) =>
      reader.list({ log: 'idp', types: ['security_event.received'], limit: 100 }),
    )
    expect(items.filter(({ event }) => JSON.stringify(event.change).includes(jti))).toHaveLength(1)
  })

  it.each<[string, Readonly<Record<string, unknown>>, object, string]>([
    ['of another kind', {}, { typ: 'JWT' }, 'invalid_request'],
    ['for another audience', { aud: 'https://elsewhere.example' }, {}, 'invalid_audience'],
    [
      'about a user of another issuer',
      { sub_id: { format: 'iss_sub', iss: JIT, sub: 'x' } },
      {},
      'access_denied',
    ],
    ['of an issuer that sends none', { iss: JIT }, {}, 'invalid_request'],
  ])('%s is refused', async (_, change, header, error) => {
    const response = await push(change, header)
    expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ err: error })])
  })
})
