// Sign-in through a company's SAML identity provider, over real HTTP: the request, accepted responses, and rejected ones.
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

import { company, REDIRECT_URI, TODO } from '../support/company.ts'
import { exchange } from '../support/flow.ts'
import { createSamlKey, PASSWORD_CONTEXT, type SamlKey, TRANSIENT } from '../support/saml.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { buildAuthorizationUrl, redeemCode } from './code-flow.ts'
import { openRedirectBrowser, type Page, type RedirectBrowser } from './redirect-browser.ts'
import { answer, type Answering, type Asked, CORP_SAML, readAsked } from './saml-provider.ts'

const SIGN_IN_URL = 'https://saml.corp.test/sso?tenant=1'
const SIGN_OUT_URL = 'https://saml.corp.test/logout'
const MFA = 'https://refeds.org/profile/mfa'

let key: SamlKey
let foreignKey: SamlKey
let server: TestServer

beforeAll(async () => {
  ;[key, foreignKey] = await Promise.all([createSamlKey(), createSamlKey()])
  const upstream = {
    id: 'corp',
    type: 'saml',
    name: 'Acme SSO',
    entityId: CORP_SAML,
    signInUrl: SIGN_IN_URL,
    signOutUrl: SIGN_OUT_URL,
    certificates: [key.certificate],
    link: ['username'],
  }
  const partners = {
    ...upstream,
    id: 'jit',
    provisioning: 'jit',
    emailVerified: true,
    claims: { username: 'uid', email: 'mail', groups: 'memberOf' },
  }
  const friendly = { ...partners, id: 'friendly', matchFriendlyNames: true }
  server = await startTestServer({
    file: (baseUrl) => company(baseUrl, { idp: { upstream: [upstream, partners, friendly] } }),
  })
})
afterAll(() => server.stop())

const openBrowser = () => openRedirectBrowser(REDIRECT_URI)

const authorizationUrl = (extra: Readonly<Record<string, string>>) =>
  buildAuthorizationUrl(server.baseUrl, extra)

interface Sent {
  readonly browser: RedirectBrowser
  readonly asked: Asked
}

/** Follows the redirect to the provider's page. */
async function leave(extra: Readonly<Record<string, string>> = {}, upstream = 'corp'): Promise<Sent> {
  const asked: string[] = []
  // Nothing listens there; only the redirect matters.
  const browser = openRedirectBrowser(REDIRECT_URI)
  const page = await browser.go(authorizationUrl(extra))
  const original = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    if (!url.startsWith('https://saml.corp.test/')) return original(input, init)
    asked.push(url)
    return new Response('the page of the identity provider')
  }
  try {
    await browser.submit(page, { upstream })
  } finally {
    globalThis.fetch = original
  }
  return { browser, asked: readAsked(asked[0] ?? '') }
}

async function signIn(
  answering: Answering = {},
  {
    extra = {},
    upstream = 'corp',
    by = key,
  }: { extra?: Readonly<Record<string, string>>; upstream?: string; by?: SamlKey } = {},
): Promise<Page> {
  const { browser, asked } = await leave(extra, upstream)
  return browser.go(asked.acsUrl, answer(asked, by, answering))
}

const redeem = (page: Page) => redeemCode(server.baseUrl, page)

const subjectOf = async (page: Page) => decodeJwt(await redeem(page)).sub

describe('the request', () => {
  it('has issuer, assertion consumer URL and id', async () => {
    const { asked } = await leave()
    expect(asked).toMatchObject({
      acsUrl: `${server.baseUrl}/sign-in/upstream/corp`,
      issuer: `${server.baseUrl}/sign-in/upstream/corp/metadata`,
      id: expect.stringMatching(/^_[0-9a-f]{40}$/),
      relayState: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(asked.xml).toContain('Destination="https://saml.corp.test/sso?tenant=1"')
    expect(asked.xml).not.toMatch(/ForceAuthn|RequestedAuthnContext/)
  })

  it('carries the requirements of the app', async () => {
    const { asked } = await leave({ acr_values: 'mfa' })
    expect(asked.xml).toContain('ForceAuthn="true"')
    expect(asked.xml).toContain(`<saml:AuthnContextClassRef>${MFA}</saml:AuthnContextClassRef>`)
  })

  it('matches our metadata', async () => {
    const response = await fetch(`${server.baseUrl}/sign-in/upstream/corp/metadata`)
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('application/samlmetadata+xml'),
    ])
    const text = await response.text()
    expect(text).toContain(`entityID="${server.baseUrl}/sign-in/upstream/corp/metadata"`)
    expect(text).toContain(`Location="${server.baseUrl}/sign-in/upstream/corp"`)
    expect(text).toContain('WantAssertionsSigned="true"')
    expect((await fetch(`${server.baseUrl}/sign-in/upstream/other/metadata`)).status).toBe(404)
    for (const [path, methods] of [
      ['corp', 'POST'],
      ['corp/metadata', 'GET, HEAD'],
    ]) {
      const refused = await fetch(`${server.baseUrl}/sign-in/upstream/${path}`, { method: 'PUT' })
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, methods])
    }
  })
})

describe('a response', () => {
  it.each(['assertion', 'response', 'both'] as const)(
    'with its %s signed signs the user in',
    async (signed) => {
      const idToken = await redeem(await signIn({ signed }))
      expect(decodeJwt(idToken)).toMatchObject({
        sub: 'usr_alice',
        acr: PASSWORD_CONTEXT,
        auth_time: expect.any(Number),
      })
      expect((await exchange(server.baseUrl, idToken, { resource: TODO })).status).toBe(200)
    },
  )

  it.each(['assertion', 'response', 'both'] as const)(
    'with its %s signed may sign a namespace that only the type of a value needs',
    async (signed) => {
      const page = await signIn({ signed, attributes: { uid: ['alice'] }, typed: true })
      expect(await subjectOf(page)).toBe('usr_alice')
    },
  )

  it('creates users just in time from its attributes, and finds them by NameID from then on', async () => {
    const attributes = {
      uid: ['erin'],
      mail: ['erin@acme.test'],
      displayName: ['Erin'],
      memberOf: ['a', 'b'],
    }
    const page = await signIn({ nameId: 'persistent-7', attributes }, { upstream: 'jit' })
    const claims = decodeJwt(await redeem(page))
    expect(claims).toMatchObject({
      preferred_username: 'erin',
      email: 'erin@acme.test',
      email_verified: true,
      name: 'Erin',
    })
    const renamed = { ...attributes, uid: ['erin.married'] }
    const again = await signIn({ nameId: 'persistent-7', attributes: renamed }, { upstream: 'jit' })
    expect(await subjectOf(again)).toBe(claims.sub)
  })

  const oid = (name: string, friendlyName: string, value: string) =>
    `<saml:Attribute Name="urn:oid:${name}" FriendlyName="${friendlyName}">` +
    `<saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute>`
  const statementOf = (...attributes: readonly string[]) => ({
    extra: `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>`,
  })
  const lastFailure = async () =>
    (await server.events((reader) => reader.list({ log: 'idp', limit: 20 }))).items
      .map(({ event }) => event)
      .find(({ type }) => type === 'signin.failed')

  it('is read by FriendlyName if configured', async () => {
    const named = statementOf(oid('0.9.1', 'uid', 'gina'), oid('0.9.3', 'mail', 'gina@acme.test'))
    const page = await signIn({ nameId: 'persistent-8', ...named }, { upstream: 'friendly' })
    expect(decodeJwt(await redeem(page))).toMatchObject({
      preferred_username: 'gina',
      email: 'gina@acme.test',
    })
  })

  it('is not read by FriendlyName otherwise, and the event lists the missing attributes', async () => {
    const named = statementOf(oid('0.9.1', 'uid', 'hugo'), oid('0.9.3', 'mail', 'hugo@acme.test'))
    const page = await signIn({ nameId: 'persistent-9', ...named }, { upstream: 'jit' })
    expect(page.status).toBe(403)
    expect(await lastFailure()).toMatchObject({
      reason: 'upstream-user-incomplete',
      change: { missing_claims: ['uid'] },
    })
  })

  it('is rejected with a FriendlyName that two attributes share, or that is the Name of another', async () => {
    const doubled = statementOf(oid('0.9.1', 'uid', 'ida'), oid('0.9.2', 'uid', 'root'))
    expect((await signIn({ nameId: 'persistent-10', ...doubled }, { upstream: 'friendly' })).status).toBe(403)
    const hidden = statementOf(oid('0.9.2', 'uid', 'root'), oid('x', 'y', 'z').replace('urn:oid:x', 'uid'))
    const page = await signIn({ nameId: 'persistent-11', ...hidden }, { upstream: 'friendly' })
    expect(decodeJwt(await redeem(page))).toMatchObject({ preferred_username: 'z' })
  })

  it('counts as a second factor if its context is one', async () => {
    const statement = (instant: string) =>
      `<saml:AuthnStatement AuthnInstant="${instant}"><saml:AuthnContext>` +
      `<saml:AuthnContextClassRef>${MFA}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`
    const answering = { statement: statement(new Date().toISOString()) }
    const page = await signIn(answering, { extra: { acr_values: 'mfa' } })
    expect(decodeJwt(await redeem(page))).toMatchObject({ sub: 'usr_alice', acr: 'mfa' })
  })

  const wrapped = (xml: string) => {
    const assertion = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? ''
    const evil = assertion
      .replace(/<ds:Signature[\s\S]*<\/ds:Signature>/, '')
      .replace(/ ID="[^"]*"/, ' ID="_evil"')
      .replace('>alice<', '>carol<')
    return xml.replace(assertion, `${evil}<samlp:Extensions>${assertion}</samlp:Extensions>`)
  }
  const encrypted = (xml: string) =>
    xml.replace(/<saml:Assertion[\s\S]*<\/saml:Assertion>/, '<saml:EncryptedAssertion/>')

  const endingAt = (end: string) =>
    `<saml:AuthnStatement AuthnInstant="${new Date().toISOString()}" SessionNotOnOrAfter="${end}"/>`

  const REJECTED: readonly [string, Answering, RegExp][] = [
    ['without a signature', { signed: 'nothing' }, /no signature/],
    [
      'with another namespace for the type of a value',
      { attributes: { uid: ['alice'] }, typed: true, change: (xml) => xml.replace('/XMLSchema"', '/Other"') },
      /no configured cert/,
    ],
    ['altered after signing', { change: (xml) => xml.replace('>alice<', '>carol<') }, /no configured cert/],
    [
      'in a signed response, altered',
      { signed: 'response', change: (xml) => xml.replace('>alice<', '>carol<') },
      /no configured cert/,
    ],
    ['with another assertion before the signed one', { change: wrapped }, /several assertions/],
    ['with an encrypted assertion', { change: encrypted }, /encrypted/],
    ['of another identity provider', { issuer: 'https://other.test' }, /issuer should be/],
    ['for another service provider', { audience: 'https://other.test' }, /audience should be/],
    ['for another URL', { recipient: 'https://other.test' }, /confirmation should be/],
    ['for another request', { inResponseTo: '_other' }, /answers another request/],
    ['that has expired', { notOnOrAfter: Math.floor(Date.now() / 1000) - 60 }, /expiry should be/],
    [
      'of a session that has ended',
      { sessionEnd: Math.floor(Date.now() / 1000) - 31 },
      /statement should be/,
    ],
    ['with an end of the session that is not a time', { statement: endingAt('soon') }, /SessionNotOnOrAfter/],
    ['with a transient NameID', { format: TRANSIENT }, /subject should be/],
    ['with a document type', { change: (xml) => `<!DOCTYPE x []>${xml}` }, /document type/],
  ]

  // The log gets ten reports per minute and provider, so there are two.
  const byProvider = REJECTED.map((one, index) => [...one, index % 2 === 0 ? 'jit' : 'corp'] as const)

  it.each(byProvider)('%s is rejected', async (_, answering, reason, upstream) => {
    const seen = server.log.length
    const page = await signIn(answering, { upstream })
    expect([page.status, page.text]).toEqual([403, expect.stringContaining('does not work at the moment')])
    expect(server.log.slice(seen).join('\n')).toMatch(reason)
  })

  // Canonicalization drops comments.
  it('with a comment inside NameID is read as the whole text, not cut', async () => {
    expect(await subjectOf(await signIn({ nameId: 'ali<!-- -->ce' }))).toBe('usr_alice')
  })

  it('signed with an unconfigured key is rejected', async () => {
    for (const signed of ['assertion', 'response', 'both'] as const)
      expect((await signIn({ signed }, { by: foreignKey })).status).toBe(403)
  })

  it('that reports a failed sign-in shows it and offers another attempt', async () => {
    const page = await signIn({ status: 'Responder', signed: 'nothing' })
    expect([page.status, page.text]).toEqual([
      403,
      expect.stringContaining('You were not signed in by Acme SSO'),
    ])
  })

  it('with an older sign-in is not enough if a new one was requested', async () => {
    const authnInstant = Math.floor(Date.now() / 1000) - 600
    expect(await subjectOf(await signIn({ authnInstant }))).toBe('usr_alice')
    const page = await signIn({ authnInstant }, { extra: { prompt: 'login' } })
    expect(page.status).toBe(403)
    expect((await signIn({ authnInstant }, { extra: { max_age: '300' } })).status).toBe(403)
  })
})

describe('the end of the session there (SAML-06)', () => {
  const now = () => Math.floor(Date.now() / 1000)
  const setTime = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: ms })
  const silently = (browser: RedirectBrowser) => browser.go(authorizationUrl({ prompt: 'none' }))
  afterEach(() => void vi.useRealTimers())

  async function signInUntil(sessionEnd: number) {
    const { browser, asked } = await leave()
    const idToken = await redeem(await browser.go(asked.acsUrl, answer(asked, key, { sessionEnd })))
    const { body } = await exchange(server.baseUrl, idToken, { resource: TODO })
    return { browser, idToken, idJag: decodeJwt(String(body.access_token)) }
  }

  it('ends the session here, and all that apps got from it', async () => {
    const end = now() + 200
    const { browser, idToken, idJag } = await signInUntil(end + 0.5)
    expect(idJag).toMatchObject({ exp: end, session_expiry: end })
    setTime(end * 1000 - 1)
    expect((await silently(browser)).url).toContain('?code=')
    setTime(end * 1000)
    expect((await silently(browser)).url).toContain('error=login_required')
    expect((await exchange(server.baseUrl, idToken, { resource: TODO })).status).toBe(400)
  })

  it('is not known if it is the last second that XML can state', async () => {
    const { browser, idJag } = await signInUntil(Date.parse('9999-12-31T23:59:59Z') / 1000)
    expect(idJag.session_expiry).toBeUndefined()
    expect((await silently(browser)).url).toContain('?code=')
  })
})

describe('the return', () => {
  it('works once, in the browser that started', async () => {
    const { browser, asked } = await leave()
    const form = answer(asked, key, {})
    const other = openBrowser()
    await other.go(authorizationUrl({}))
    expect((await other.go(asked.acsUrl, form)).text).toContain('This sign-in has expired')
    const { browser: mine, asked: again } = await leave()
    const back = answer(again, key, {})
    expect(await subjectOf(await mine.go(again.acsUrl, back))).toBe('usr_alice')
    expect((await mine.go(again.acsUrl, back)).text).toContain('This sign-in has expired')
    // Used by another browser, it no longer works in the right one either.
    expect((await browser.go(asked.acsUrl, form)).text).toContain('This sign-in has expired')
  })

  it.each([
    ['by GET', 'GET', 405],
    ['without RelayState', 'POST', 400],
  ])('%s is rejected', async (_, method, status) => {
    const { asked } = await leave()
    const { SAMLResponse = '' } = answer(asked, key, {})
    const init = method === 'GET' ? {} : { method, body: new URLSearchParams({ SAMLResponse }) }
    const query =
      method === 'GET' ? `?${new URLSearchParams({ SAMLResponse, RelayState: asked.relayState })}` : ''
    expect((await fetch(`${asked.acsUrl}${query}`, { ...init, redirect: 'manual' })).status).toBe(status)
  })
})

it('signing out here continues with signing out there', async () => {
  const { browser, asked } = await leave()
  await browser.go(asked.acsUrl, answer(asked, key, {}))
  const question = await browser.go(`${server.baseUrl}/session/end`)
  const xsrf = /name="xsrf"\s+value="([^"]*)"/.exec(question.text)?.[1] ?? ''
  const done = await browser.submit(question, { xsrf, logout: 'yes' })
  expect(done.text).toContain(`href="${SIGN_OUT_URL}"`)
})
