// Home-realm discovery: an e-mail address leads to the identity provider of its domain, without a password prompt here.
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { adminOf } from '../admin/admin.ts'
import { makeKey, signJwt, type TestKey } from '../protocol/support/foreign-issuer.ts'
import { AGENT, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { exchange } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { buildAuthorizationUrl, redeemCode } from './code-flow.ts'
import { openRedirectBrowser } from './redirect-browser.ts'
import { type CorpProvider, startCorpProvider } from './upstream-provider.ts'

/** An issuer of subject tokens that can state anything. */
const FOREIGN = 'https://login.foreign.example'

let corp: CorpProvider
let key: TestKey
let server: TestServer

beforeAll(async () => {
  corp = await startCorpProvider()
  key = await makeKey('foreign')
  server = await startTestServer({
    file(baseUrl) {
      corp.open(['corp', 'partner'].map((id) => `${baseUrl}/sign-in/upstream/${id}`))
      const { issuer, client } = corp
      const upstream = { type: 'oidc', issuer, clientId: client.id, clientSecret: client.secret }
      const partner = { ...upstream, id: 'partner', link: ['username', 'email'], provisioning: 'jit' }
      const file = company(baseUrl, {
        idp: {
          upstream: [
            { ...upstream, id: 'corp', link: ['username'], domains: ['acme.test', 'sub.acme.example'] },
            { ...partner, domains: ['partner.test'] },
          ],
          subjectIssuers: [
            {
              issuer: FOREIGN,
              jwks: { keys: [key.publicJwk] },
              audiences: { 'agent-there': AGENT.id },
              link: ['username'],
            },
          ],
        },
      })
      const { users, ...idp } = file.idp as { users: object[] }
      const more = [
        { id: 'usr_gina', username: 'gina', email: 'gina@partner.test', emailVerified: true },
        { id: 'usr_hugo', username: 'hugo@sub.acme.example' },
        { id: 'usr_jo', username: 'jo', groups: ['engineering'] },
      ]
      return { ...file, idp: { ...idp, users: [...users, ...more] } }
    },
  })
  corp.user = { sub: 'corp-alice', claims: { preferred_username: 'alice' }, amr: ['pwd'] }
})
afterAll(async () => {
  await server.stop()
  await corp.close()
})

const open = async (extra: Readonly<Record<string, string>> = {}) => {
  const browser = openRedirectBrowser(REDIRECT_URI)
  return { browser, page: await browser.go(buildAuthorizationUrl(server.baseUrl, extra)) }
}

const askedThere = () => corp.asked.length

it('first asks only for the username', async () => {
  const { page } = await open()
  expect(page.text).toContain('User name or e-mail address')
  expect(page.text).not.toContain('name="password"')
})

it.each([['alice@acme.test'], ['ALICE@ACME.TEST'], ['"a@b"@sub.acme.example']])(
  'sends %s to the provider of the domain, with the address as login_hint',
  async (username) => {
    const { browser, page } = await open()
    expect((await browser.submit(page, { username })).url).toMatch(`${REDIRECT_URI}?code=`)
    expect(corp.asked.at(-1)?.get('login_hint')).toBe(username)
  },
)

it.each([
  ['alice'],
  ['alice@other.test'],
  ['alice@acme.test.evil.example'],
  ['alice@notacme.test'],
  ['acme.test'],
  ['@acme.test'],
])('asks %s for a password here', async (username) => {
  const before = askedThere()
  const { browser, page } = await open()
  const { text } = await browser.submit(page, { username })
  expect(text).toContain('name="password"')
  expect(text).toContain(`value="${username}"`)
  expect(askedThere()).toBe(before)
})

it('signs in with a password as before', async () => {
  const { browser, page } = await open()
  const second = await browser.submit(page, { username: 'alice' })
  const { url } = await browser.submit(second, { username: 'alice', password: PASSWORD })
  expect(url).toMatch(`${REDIRECT_URI}?code=`)
})

it('accepts no password for an address that signs in elsewhere', async () => {
  const before = askedThere()
  const { browser, page } = await open()
  const second = await browser.submit(page, { username: 'alice' })
  await browser.submit(second, { username: 'alice@acme.test', password: PASSWORD })
  expect(askedThere()).toBe(before + 1)
})

it('shows no page if the app sends a login_hint', async () => {
  const { page } = await open({ login_hint: 'alice@acme.test' })
  expect(page.url).toMatch(`${REDIRECT_URI}?code=`)
  const named = await open({ login_hint: 'alice' })
  expect(named.page.text).toContain('name="password"')
})

it('shows an error of the provider instead of redirecting again', async () => {
  corp.user = { sub: 'corp-unknown', claims: { preferred_username: 'unknown' }, amr: ['pwd'] }
  const { page } = await open({ login_hint: 'unknown@acme.test' })
  expect(page.text).toContain('role="alert"')
  expect(page.text).toMatch(/name="upstream"\s+value="corp"/)
})

describe('another provider', () => {
  const arrive = async (claims: Readonly<Record<string, unknown>>) => {
    corp.user = { sub: `partner-${JSON.stringify(claims)}`, claims }
    const { browser, page } = await open()
    return browser.submit(page, { upstream: 'partner' })
  }
  const lastFailure = async () => {
    const { items } = await server.events((reader) => reader.list({ types: ['signin.failed'], limit: 1 }))
    return items[0]?.event.reason
  }

  it('signs in users of its own domains, and of unclaimed domains', async () => {
    const page = await arrive({ email: 'gina@partner.test', email_verified: true })
    expect(decodeJwt(await redeemCode(server.baseUrl, page)).sub).toBe('usr_gina')
    const other = await arrive({
      preferred_username: 'ida',
      email: 'ida@third.test',
      email_verified: true,
    })
    const { sub } = decodeJwt(await redeemCode(server.baseUrl, other))
    expect((await adminOf(server.baseUrl)('GET', `/users/${sub}`)).body).toMatchObject({
      email: 'ida@third.test',
      emailVerified: true,
    })
  })

  it.each([
    ['address', { email: 'alice@acme.test', email_verified: true }],
    ['username', { preferred_username: 'hugo@sub.acme.example' }],
    ['username, without a domain, of an account with an address', { preferred_username: 'alice' }],
  ])('does not sign in a user by the %s of a domain of another provider', async (_, claims) => {
    expect((await arrive(claims)).status).toBe(403)
    expect(await lastFailure()).toBe('upstream-user-of-other-domain')
  })

  it('cannot assert them by ID tokens either', async () => {
    const exchangeAs = async (preferred_username: string) => {
      const at = Math.floor(Date.now() / 1000)
      const claims = { iss: FOREIGN, aud: 'agent-there', sub: `foreign-${preferred_username}` }
      const token = await signJwt(key, { ...claims, preferred_username, iat: at, exp: at + 60 })
      const { headers, body } = await exchange(server.baseUrl, token, { resource: TODO })
      const id = headers.get('crosswalk-decision') ?? ''
      const [found] = await server.events((reader) => reader.findByDecision(id))
      return body.error === undefined ? 'issued' : found?.event.code
    }
    expect(await exchangeAs('jo')).toBe('issued')
    expect([await exchangeAs('alice'), await exchangeAs('hugo@sub.acme.example')]).toEqual([
      'XAA1214',
      'XAA1214',
    ])
  })

  it('cannot give its users an address in a domain of another provider', async () => {
    const page = await arrive({
      preferred_username: 'mallory',
      email: 'boss@acme.test',
      email_verified: true,
    })
    const { sub } = decodeJwt(await redeemCode(server.baseUrl, page))
    const { body } = await adminOf(server.baseUrl)('GET', `/users/${sub}`)
    expect([body.username, body.email ?? null]).toEqual(['mallory', null])
  })
})
