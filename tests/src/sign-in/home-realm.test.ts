// Home-realm discovery: an e-mail address leads to the identity provider of its domain, and no password is asked for here.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { company, PASSWORD, REDIRECT_URI } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { buildAuthorizationUrl } from './code-flow.ts'
import { openRedirectBrowser } from './redirect-browser.ts'
import { type CorpProvider, startCorpProvider } from './upstream-provider.ts'

let corp: CorpProvider
let server: TestServer

beforeAll(async () => {
  corp = await startCorpProvider()
  server = await startTestServer({
    file(baseUrl) {
      corp.open([`${baseUrl}/sign-in/upstream/corp`])
      const { issuer, client } = corp
      const upstream = { id: 'corp', type: 'oidc', issuer, clientId: client.id, clientSecret: client.secret }
      return company(baseUrl, {
        idp: { upstream: [{ ...upstream, domains: ['acme.test', 'sub.acme.example'] }] },
      })
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

it('asks for the user name alone at first', async () => {
  const { page } = await open()
  expect(page.text).toContain('User name or e-mail address')
  expect(page.text).not.toContain('name="password"')
})

it.each([['alice@acme.test'], ['ALICE@ACME.TEST'], ['"a@b"@sub.acme.example']])(
  'leads %s to the provider of the domain, with the address as a hint',
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

it('takes no password of an address that signs in elsewhere', async () => {
  const before = askedThere()
  const { browser, page } = await open()
  const second = await browser.submit(page, { username: 'alice' })
  await browser.submit(second, { username: 'alice@acme.test', password: PASSWORD })
  expect(askedThere()).toBe(before + 1)
})

it('shows no page of ours where the app names the user', async () => {
  const { page } = await open({ login_hint: 'alice@acme.test' })
  expect(page.url).toMatch(`${REDIRECT_URI}?code=`)
  const named = await open({ login_hint: 'alice' })
  expect(named.page.text).toContain('name="password"')
})

it('says what went wrong there instead of going round in circles', async () => {
  corp.user = { sub: 'corp-unknown', claims: { preferred_username: 'unknown' }, amr: ['pwd'] }
  const { page } = await open({ login_hint: 'unknown@acme.test' })
  expect(page.text).toContain('role="alert"')
  expect(page.text).toMatch(/name="upstream"\s+value="corp"/)
})
