// Passkeys in a real browser with a virtual security key: set up, used, several, removed; and sign-in without JavaScript still works.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { decodeJwt } from 'jose'
import { TOTP } from 'otpauth'
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser, openTestBrowser, type TestBrowser } from '../../../tools/test-browser.ts'
import { AGENT, company, PASSWORD } from '../support/company.ts'
import { basic, postForm } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const VERIFIER = 'a-code-verifier-of-more-than-forty-three-characters'

describeWithBrowser('passkeys in a browser', () => {
  let server: TestServer
  let browser: TestBrowser
  let site = ''
  let redirectUri = ''
  const app = createServer((_request, response) => response.end('back at the app'))
  beforeAll(async () => {
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
    redirectUri = `http://127.0.0.1:${(app.address() as AddressInfo).port}/callback`
    server = await startTestServer({
      // Browsers create passkeys only for host names, not for IP addresses.
      file: (baseUrl) => {
        site = baseUrl.replace('127.0.0.1', 'localhost')
        const file = company(site)
        const idp = file.idp as { apps: Record<string, unknown>[] }
        const apps = idp.apps.map((one) => ({ ...one, redirectUris: [redirectUri] }))
        return { ...file, baseUrl: site, idp: { ...idp, apps } }
      },
    })
    browser = await openTestBrowser()
  })
  afterAll(async () => {
    await browser.close()
    expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
    await server.stop()
    app.close()
  })

  const authorizationUrl = (extra: Readonly<Record<string, string>> = {}) =>
    `${site}/authorize?${new URLSearchParams({
      client_id: AGENT.id,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid',
      state: 'state',
      nonce: 'nonce',
      acr_values: 'mfa',
      code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
      code_challenge_method: 'S256',
      ...extra,
    })}`

  async function open(options: { readonly javaScriptEnabled?: boolean } = {}) {
    const context = await browser.newContext({ ...options, viewport: { width: 320, height: 720 } })
    context.setDefaultTimeout(10_000)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    return { context, page, complaints }
  }

  async function plugIn(session: CDPSession): Promise<string> {
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'usb',
        hasResidentKey: false,
        hasUserVerification: false,
        automaticPresenceSimulation: true,
      },
    })
    return authenticatorId
  }

  async function typePassword(page: Page, username: string, extra = {}) {
    await page.goto(authorizationUrl(extra))
    await page.getByLabel('User name').fill(username)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  async function arrive(page: Page) {
    await page.waitForURL(`${redirectUri}**`)
    const form = {
      grant_type: 'authorization_code',
      code: new URL(page.url()).searchParams.get('code') ?? '',
      redirect_uri: redirectUri,
      code_verifier: VERIFIER,
    }
    const { body } = await postForm(`${server.baseUrl.replace('localhost', '127.0.0.1')}/token`, form, {
      authorization: basic(AGENT),
    })
    return decodeJwt(String(body.id_token))
  }

  it('can be set up instead of an authenticator app, used, added and removed by the user', async () => {
    const { context, page, complaints } = await open()
    const session = await context.newCDPSession(page)
    await session.send('WebAuthn.enable')
    const authenticatorId = await plugIn(session)
    await typePassword(page, 'alice')
    await page.getByRole('heading', { name: 'Set up a second step' }).waitFor()
    await page.getByLabel('Name of the passkey').fill('Key on my keyring')
    await page.getByRole('button', { name: 'Set up a passkey instead' }).click()
    expect(await arrive(page)).toMatchObject({ acr: 'mfa', amr: ['pwd', 'hwk'] })

    await typePassword(page, 'alice', { prompt: 'login' })
    await page.getByRole('heading', { name: 'Use your passkey' }).waitFor()
    await page.getByRole('button', { name: 'Continue and change my second steps' }).click()
    await page.getByRole('heading', { name: 'Your second steps' }).waitFor()
    expect(await page.getByRole('button', { name: /^Remove/ }).count()).toBe(0)

    // The key itself refuses a second registration.
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('has a passkey for this account already').waitFor()
    await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    await plugIn(session)
    await page.getByLabel('Name of the passkey').fill('Key in the safe')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByRole('button', { name: 'Remove Key on my keyring' }).click()
    await page.getByText('The last one cannot be removed').waitFor()
    expect(await page.getByRole('list').textContent()).toContain('Key in the safe')
    await page.getByRole('button', { name: 'Continue to Agent0' }).click()
    expect(await arrive(page)).toMatchObject({ acr: 'mfa', amr: ['pwd', 'hwk'] })

    await typePassword(page, 'alice', { prompt: 'login' })
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    expect(await arrive(page)).toMatchObject({ acr: 'mfa' })
    expect(complaints).toEqual([])
    await context.close()
  })

  it('are hidden without JavaScript, where a code still works', async () => {
    const { context, page } = await open({ javaScriptEnabled: false })
    await typePassword(page, 'carol')
    const key = (await page.locator('p.key').textContent())?.replaceAll(/\s/g, '') ?? ''
    expect(await page.getByRole('button').allTextContents()).toEqual(['Confirm'])
    await page.getByLabel('Six-digit code').fill(new TOTP({ secret: key }).generate())
    await page.getByRole('button', { name: 'Confirm' }).click()
    expect(await arrive(page)).toMatchObject({ acr: 'mfa', amr: ['pwd', 'otp'] })
    await context.close()
  })

  it('explain without JavaScript what is needed, if there is no other factor', async () => {
    const { context, page } = await open({ javaScriptEnabled: false })
    await typePassword(page, 'alice', { prompt: 'login' })
    await page.getByText('A passkey needs JavaScript').waitFor()
    await context.close()
  })
})
