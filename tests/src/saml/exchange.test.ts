// A SAML assertion as subject token, over HTTP: directly for an ID-JAG, and through a refresh token.
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { adminOf } from '../admin/admin.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { type Answer, basic, exchange, postForm, redeem } from '../support/flow.ts'
import {
  type AssertionOptions,
  buildAssertion,
  createSamlKey,
  exchangeAssertion,
  PASSWORD_CONTEXT,
  SAML_ISSUER,
  type SamlKey,
  sign,
  SP,
  TRANSIENT,
} from '../support/saml.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const OTHER = { id: 'other', secret: 'other secret' }
const ASKS_REFRESH_TOKEN = {
  requested_token_type: TOKEN_TYPE.refreshToken,
  scope: 'openid offline_access',
} as const

/** An issuer limited to the users of one domain. */
const PARTNER_ISSUER = 'https://saml.partner.test'

let server: TestServer
let key: SamlKey

beforeAll(async () => {
  key = await createSamlKey()
  server = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl)
      const saml = {
        issuers: [
          {
            entityId: SAML_ISSUER,
            certificates: [key.certificate],
            audiences: { [SP]: AGENT.id, 'https://other.test/saml': OTHER.id },
            nameId: 'username',
          },
          {
            entityId: PARTNER_ISSUER,
            certificates: [key.certificate],
            audiences: { [SP]: AGENT.id },
            nameId: 'username',
            emailDomains: ['partner.test'],
          },
        ],
      }
      const { users, ...idp } = file.idp as { users: object[] }
      const more = { id: 'usr_eve', username: 'eve', email: 'eve@partner.test', groups: ['engineering'] }
      const partner = {
        ...{
          id: 'partner',
          type: 'oidc',
          issuer: 'https://login.partner.test',
          clientId: 'c',
          clientSecret: 's',
        },
        domains: ['partner.test'],
      }
      return { ...file, idp: { ...idp, users: [...users, more], upstream: [partner], saml } }
    },
  })
})
afterAll(() => server.stop())

const now = () => Math.floor(Date.now() / 1000)

function assertion(change: Partial<AssertionOptions> = {}): string {
  return sign(buildAssertion({ now: now(), recipient: `${server.baseUrl}/token`, ...change }), key)
}

const present = (change: Partial<AssertionOptions> = {}, form: Readonly<Record<string, string>> = {}) =>
  exchangeAssertion(server.baseUrl, assertion(change), { resource: TODO, ...form })

async function codeOf({ headers }: Answer): Promise<unknown> {
  const id = headers.get('crosswalk-decision') ?? ''
  const [found] = await server.events((events) => events.findByDecision(id))
  return found?.event.code
}

describe('directly for an ID-JAG', () => {
  test('SAML-01, SAML-06: the ID-JAG carries the sign-in of the assertion, and is good at the resource', async () => {
    const authnInstant = now() - 120
    const { status, body } = await present({ authnInstant })
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body).toMatchObject({ issued_token_type: TOKEN_TYPE.idJag, token_type: 'N_A' })
    expect(decodeJwt(String(body.access_token))).toMatchObject({
      sub: 'usr_alice',
      auth_time: authnInstant,
      acr: PASSWORD_CONTEXT,
    })
    expect((await redeem(server.baseUrl, String(body.access_token))).status).toBe(200)
  })

  test('a context that is called like a second factor here is none', async () => {
    const contextOf = async (context: string) => {
      const plain = buildAssertion({ now: now(), recipient: `${server.baseUrl}/token` })
      const signed = sign(plain.replace(PASSWORD_CONTEXT, context), key)
      const { body } = await exchangeAssertion(server.baseUrl, signed, { resource: TODO })
      return decodeJwt(String(body.access_token)).acr
    }
    expect(await contextOf('urn:acme:smartcard')).toBe('urn:acme:smartcard')
    expect(await contextOf('mfa')).toBeUndefined()
    expect(await contextOf('\n mfa ')).toBeUndefined()
  })

  test('SAML-04: an assertion is used once, whatever it is exchanged for', async () => {
    const xml = assertion()
    const form = { resource: TODO }
    expect((await exchangeAssertion(server.baseUrl, xml, form)).status).toBe(200)
    const again = await exchangeAssertion(server.baseUrl, xml, form)
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await codeOf(again)).toBe('XAA1209')
    const other = await exchangeAssertion(server.baseUrl, xml, ASKS_REFRESH_TOKEN)
    expect(other).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('SAML-04: of many at once with one assertion, one is answered', async () => {
    const xml = assertion()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => exchangeAssertion(server.baseUrl, xml, { resource: TODO })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('SAML-03: only the app that the audience is mapped to may present it', async () => {
    const theirs = await exchangeAssertion(server.baseUrl, assertion(), { resource: TODO }, OTHER)
    expect(theirs).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await codeOf(theirs)).toBe('XAA1207')
  })

  const at = (seconds: number) => () => now() + seconds
  test.each<[string, () => Partial<AssertionOptions>, string]>([
    ['of another issuer', () => ({ issuer: 'https://other.test' }), 'XAA1209'],
    ['for an unmapped audience', () => ({ audience: 'https://stranger.test' }), 'XAA1207'],
    ['for the audience of another app', () => ({ audience: 'https://other.test/saml' }), 'XAA1207'],
    ['without conditions', () => ({ conditions: '' }), 'XAA1207'],
    ['that has expired', () => ({ notOnOrAfter: at(-60)() }), 'XAA1202'],
    ['that is not yet valid', () => ({ notBefore: at(60)() }), 'XAA1206'],
    ['for another recipient', () => ({ recipient: 'https://agent0.test/acs' }), 'XAA1209'],
    ['whose confirmation has no expiry', () => ({ confirmationEnd: null }), 'XAA1209'],
    ['whose confirmation has expired', () => ({ confirmationEnd: at(-60)() }), 'XAA1202'],
    ['with holder-of-key confirmation', () => ({ method: 'holder-of-key' }), 'XAA1209'],
    ['without a subject', () => ({ subject: '' }), 'XAA1209'],
    ['with a transient NameID', () => ({ format: TRANSIENT }), 'XAA1209'],
    ['SAML-05: that tells of no sign-in', () => ({ statement: '' }), 'XAA1209'],
    ['of an expired session', () => ({ sessionEnd: at(-60)() }), 'XAA1205'],
    ['of an unknown user', () => ({ nameId: 'mallory' }), 'XAA1504'],
    ['whose NameID differs from the user name in case', () => ({ nameId: 'Carol' }), 'XAA1504'],
    ['whose NameID is an e-mail address, not a user name', () => ({ nameId: 'alice@acme.test' }), 'XAA1504'],
    ['of a user whose domain signs in through another provider', () => ({ nameId: 'eve' }), 'XAA1504'],
    ['of a disabled user', () => ({ nameId: 'dave' }), 'XAA1504'],
  ])('SAML-04: rejects an assertion %s', async (_, change, code) => {
    const answer = await present(change())
    expect(answer.status).toBe(400)
    expect(await codeOf(answer)).toBe(code)
  })

  test('an issuer with domains names the users of these alone', async () => {
    const named = async (nameId: string) => (await present({ issuer: PARTNER_ISSUER, nameId })).status
    expect([await named('eve'), await named('carol')]).toEqual([200, 400])
    expect((await present({ nameId: 'carol' })).status).toBe(200)
  })

  test('an assertion that is no base64url is refused', async () => {
    const token = `${Buffer.from(assertion()).toString('base64')}+/`
    const answer = await exchange(server.baseUrl, token, {
      subject_token_type: TOKEN_TYPE.saml2,
      resource: TODO,
    })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
})

describe('through a refresh token', () => {
  const swap = (change: Partial<AssertionOptions> = {}) => present(change, ASKS_REFRESH_TOKEN)

  test('SAML-01, SAML-02: assertion to refresh token to ID-JAG, with the sign-in of the assertion', async () => {
    const authnInstant = now() - 120
    const { status, body } = await swap({ authnInstant })
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body).toMatchObject({
      issued_token_type: TOKEN_TYPE.refreshToken,
      token_type: 'N_A',
      scope: 'openid offline_access',
    })
    const form = { subject_token_type: TOKEN_TYPE.refreshToken, resource: TODO }
    for (const _ of ['first', 'second']) {
      const answer = await exchange(server.baseUrl, String(body.access_token), form)
      expect(answer.status, JSON.stringify(answer.body)).toBe(200)
      expect(decodeJwt(String(answer.body.access_token))).toMatchObject({
        sub: 'usr_alice',
        auth_time: authnInstant,
        acr: PASSWORD_CONTEXT,
      })
    }
    const theirs = await exchange(server.baseUrl, String(body.access_token), form, OTHER)
    expect(theirs).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('the refresh token refreshes, and the ID token that comes of it is a subject token', async () => {
    const { body } = await swap()
    const refreshed = await postForm(
      `${server.baseUrl}/token`,
      { grant_type: GRANT_TYPE.refreshToken, refresh_token: String(body.access_token) },
      { authorization: basic(AGENT) },
    )
    expect(refreshed.status, JSON.stringify(refreshed.body)).toBe(200)
    const answer = await exchange(server.baseUrl, String(refreshed.body.id_token), { resource: TODO })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  })

  test('a revoked refresh token is no subject token any more', async () => {
    const { body } = await swap()
    const token = String(body.access_token)
    const form = { subject_token_type: TOKEN_TYPE.refreshToken, resource: TODO }
    expect((await exchange(server.baseUrl, token, form)).status).toBe(200)
    const revoked = await postForm(`${server.baseUrl}/revoke`, { token }, { authorization: basic(AGENT) })
    expect(revoked.status).toBe(200)
    const answer = await exchange(server.baseUrl, token, form)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('SAML-06: SessionNotOnOrAfter bounds the refresh token', async () => {
    const { body } = await swap({ sessionEnd: now() + 3600 })
    expect(Number(body.expires_in)).toBeLessThanOrEqual(3600)
    expect(Number(body.expires_in)).toBeGreaterThan(3500)
  })

  test('SAML-06: nothing that an exchange gives outlives the session, whichever way it came', async () => {
    const sessionEnd = now() + 200
    const { body } = await swap({ sessionEnd })
    const refreshToken = String(body.access_token)
    const direct = await present({ sessionEnd }, { resource: TODO })
    const asRefreshToken = { subject_token_type: TOKEN_TYPE.refreshToken, resource: TODO }
    const byRefreshToken = await exchange(server.baseUrl, refreshToken, asRefreshToken)
    const refreshed = await postForm(
      `${server.baseUrl}/token`,
      { grant_type: GRANT_TYPE.refreshToken, refresh_token: refreshToken },
      { authorization: basic(AGENT) },
    )
    const byIdToken = await exchange(server.baseUrl, String(refreshed.body.id_token), { resource: TODO })
    for (const answer of [direct, byRefreshToken, byIdToken]) {
      expect(answer.status, JSON.stringify(answer.body)).toBe(200)
      const idJag = String(answer.body.access_token)
      const { exp = 0, session_expiry } = decodeJwt(idJag)
      expect(exp - sessionEnd).toBeLessThanOrEqual(0)
      // The lifetime of a refresh token is in whole seconds.
      expect([sessionEnd - 1, sessionEnd]).toContain(session_expiry)
      const redeemed = await redeem(server.baseUrl, idJag)
      expect(redeemed.status, JSON.stringify(redeemed.body)).toBe(200)
      expect(decodeJwt(String(redeemed.body.access_token)).exp).toBeLessThanOrEqual(sessionEnd)
      const decision = await adminOf(server.baseUrl)(
        'GET',
        `/decisions/${answer.headers.get('crosswalk-decision') ?? ''}`,
      )
      const shown = decision.body.request.subject.session_ends_at
      expect([sessionEnd - 1, sessionEnd]).toContain(Date.parse(shown) / 1000)
    }
    // The last second that XML can state is no plausible end, as if there were none.
    for (const change of [{}, { sessionEnd: Date.parse('9999-12-31T23:59:59Z') / 1000 }]) {
      const idJag = String((await present(change, { resource: TODO })).body.access_token)
      expect((await redeem(server.baseUrl, idJag)).status).toBe(200)
      expect(decodeJwt(idJag).session_expiry).toBeUndefined()
    }
  })

  test('an ID token is not swapped for a refresh token', async () => {
    const answer = await exchange(server.baseUrl, 'a.b.c', ASKS_REFRESH_TOKEN)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('a blocked user gets none, and gets one again when the block ends', async () => {
    const admin = adminOf(server.baseUrl)
    const block = await admin('POST', '/blocks', {
      body: { kind: 'user', target: 'usr_carol', reason: 'test' },
    })
    expect(block.status).toBe(201)
    const refused = await swap({ nameId: 'carol' })
    expect([refused.status, refused.body.error]).toEqual([400, 'access_denied'])
    expect(await codeOf(refused)).toBe('XAA1901')
    await admin('DELETE', `/blocks/${encodeURIComponent(block.body.id)}`)
    expect((await swap({ nameId: 'carol' })).status).toBe(200)
  })

  test.each([
    ['openid offline_access todos.read', 'openid offline_access'],
    ['openid email profile offline_access admin', 'openid email profile offline_access'],
    ['offline_access', 'offline_access'],
  ])('of the scopes %s it gets %s: only those of a sign-in', async (scope, granted) => {
    const { status, body } = await present({}, { ...ASKS_REFRESH_TOKEN, scope })
    expect([status, body.scope]).toEqual([200, granted])
  })

  test.each(['todos.read', 'todos.read admin', 'openid"'])('with only %s it is rejected', async (scope) => {
    const { status, body } = await present({}, { ...ASKS_REFRESH_TOKEN, scope })
    expect([status, body.error]).toEqual([400, 'invalid_scope'])
  })

  test('a user the app is not for gets none', async () => {
    const { status, body } = await present({ nameId: 'dave' }, ASKS_REFRESH_TOKEN)
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'access_denied' })
  })
})
