// The pages for a user's own access in a real browser, without JavaScript: stopping an app by keyboard, requesting access, in both themes and
// at every width.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser, openTestBrowser, type TestBrowser } from '../../../tools/test-browser.ts'
import { addCodeFlow, buildAuthorizationUrl } from '../support/code-flow.ts'
import { company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { expectReadable } from './expect-readable.ts'
import { adminOf } from '../admin/admin.ts'

describeWithBrowser('the pages of own access in a browser', () => {
  let server: TestServer
  let browser: TestBrowser
  beforeAll(async () => {
    server = await startTestServer({
      file: (baseUrl) => {
        const file = company(baseUrl) as { idp: { resourceApps: Record<string, unknown>[] } }
        for (const resourceApp of file.idp.resourceApps) resourceApp.assignments = { everyone: true }
        brokerBoth(file.idp.resourceApps)
        return addCodeFlow(baseUrl, file as unknown as Record<string, unknown>)
      },
    })
    browser = await openTestBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await server.stop()
  })

  const look = (page: Page, name: string) => expectReadable(page, `own-${name}`)

  async function open(username: string, path: string, options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(12_000)
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    await page.goto(`${server.baseUrl}${path}`)
    await page.getByLabel('User name').fill(username)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('navigation', { name: 'Your access' }).waitFor()
    return { context, page, complaints }
  }

  async function exchangeFor(username: string) {
    const { idToken } = await signInFor(server.baseUrl, username)
    return exchange(server.baseUrl, idToken, { resource: TODO, scope: 'todos.read' })
  }

  it('stops an app and allows it again by keyboard, without JavaScript', async () => {
    expect((await exchangeFor('alice')).status).toBe(200)
    const { context, page, complaints } = await open('alice', '/me', { javaScriptEnabled: false })
    await page.getByRole('button', { name: 'Stop acting for me (Agent0 at Todo0)' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Stopped. It gets no new access').waitFor()
    expect((await exchangeFor('alice')).status).toBe(400)
    await page.getByRole('button', { name: 'Allow again (Agent0 at Todo0)' }).focus()
    await page.keyboard.press('Space')
    await page.getByText('It may act for you again.').waitFor()
    expect((await exchangeFor('alice')).status).toBe(200)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('leads from the blocked page to a request, and to another account', async () => {
    const decision = (await exchangeFor('bob')).headers.get('crosswalk-decision') ?? ''
    const { context, page, complaints } = await open('bob', `/me/blocked?decision=${decision}`)
    await page.getByRole('heading', { name: 'Agent0 could not act for you' }).waitFor()
    await look(page, 'blocked')
    await page.getByLabel('What you need it for').fill('I plan the sprint')
    await page.getByRole('button', { name: 'Request access' }).click()
    await page.getByText('Request sent.').waitFor()
    await page.getByText('Pending').waitFor()
    await look(page, 'requests')
    const admin = adminOf(server.baseUrl)
    const [request] = (await admin('GET', '/access-requests?state=open')).body.items
    const comments = `/access-requests/${request.id}/comments`
    expect((await admin('POST', comments, { body: { text: 'Which team plans it?' } })).status).toBe(200)
    await page.reload()
    await look(page, 'requests-question')
    await page.getByLabel('Your answer').fill('The sales team, every Monday.')
    await page.getByRole('button', { name: 'Send answer' }).click()
    await page.getByText('Answer sent.').waitFor()
    await look(page, 'requests-answer')
    await page.goto(`${server.baseUrl}/me/blocked?decision=${decision}`)
    await page.getByRole('link', { name: 'Use another account' }).click()
    await page.getByLabel('User name').fill('carol')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'This denial was not found' }).waitFor()
    await look(page, 'unknown')
    // Carol's page is a 404, which Chromium logs.
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([])
    await context.close()
  })

  it('shows which apps may act for the user, at every width and in both themes', async () => {
    const { context, page } = await open('alice', '/me')
    await page.getByRole('button', { name: 'Stop acting for me (Agent0 at Notes0)' }).click()
    await page.getByText('Stopped by you').waitFor()
    await look(page, 'acting')
    await context.close()
  })

  it('reports unexpected activity by keyboard', async () => {
    expect((await exchangeFor('alice')).status).toBe(200)
    const { context, page, complaints } = await open('alice', '/me')
    const [first] = await page.getByText('Report access of Agent0 to Todo0').all()
    await first?.focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('What did you not expect?').first().fill('I was on leave that day.')
    await look(page, 'report')
    await page.getByRole('button', { name: 'Send report' }).first().click()
    await page.getByText('Report sent.').waitFor()
    await page.getByText('You reported this on').waitFor()
    await look(page, 'reported')
    expect(complaints).toEqual([])
    await context.close()
  })

  it('stores a key on the page of connected accounts, and removes it again', async () => {
    const { context, page, complaints } = await open('alice', '/me/accounts')
    await look(page, 'accounts')
    await page.getByLabel('Your API key at Notes0').fill('a key of alice 0123456789')
    await page.getByRole('button', { name: 'Store key for Notes0' }).click()
    await page.getByText('Account connected.').waitFor()
    await look(page, 'accounts-connected')
    expect(await page.content()).not.toContain('a key of alice')
    await page.getByRole('button', { name: 'Disconnect account at Notes0' }).click()
    await page.getByText('Account disconnected.').waitFor()
    await page.getByRole('link', { name: 'Connect account at Todo0' }).click()
    await page.getByText('An administrator has to finish the setup').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it('takes consent at the resource by keyboard, and returns to the app', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    page.setDefaultTimeout(12_000)
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    // A native app uses any free port.
    const app = createServer((_request, response) => response.end('the app')).listen(0, '127.0.0.1')
    await once(app, 'listening')
    const redirectUri = REDIRECT_URI.replace('7777', String((app.address() as AddressInfo).port))
    const signInFrom = async () => {
      await page.goto(buildAuthorizationUrl(server.baseUrl, { redirect_uri: redirectUri }))
      await page.getByLabel('User name').fill('alice')
      await page.getByLabel('Password').fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in' }).click()
    }
    await signInFrom()
    await page.getByRole('heading', { name: 'Allow Web app to use Todo vendor?' }).waitFor()
    await look(page, 'consent')
    await page.getByRole('button', { name: 'Allow', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(`${redirectUri}?code=**`)
    // The second time there is no consent page, and the sign-in page must not block the redirect to a loopback address.
    await context.clearCookies()
    await signInFrom()
    await page.waitForURL(`${redirectUri}?code=**`)
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([])
    await context.close()
    app.close()
  })

  /** One service with user accounts, one with user keys */
  function brokerBoth([todo, notes]: Record<string, unknown>[]): void {
    const oauth = {
      kind: 'oauth',
      authorizationEndpoint: 'https://todo.example/authorize',
      tokenEndpoint: 'https://todo.example/token',
      clientId: 'crosswalk',
    }
    if (todo) todo.brokered = { api: 'https://api.todo.example', credential: oauth }
    const key = { kind: 'apiKey', per: 'user' }
    if (notes) notes.brokered = { api: 'https://api.notes.example', credential: key }
  }
})
