// The console of a server that only redeems ID-JAGs of an external identity provider: it shows pages about its own data, and no empty pages
// about data of the other side.
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser, openTestBrowser, type TestBrowser } from '../../../../tools/test-browser.ts'
import { ADMIN_TOKEN, adminOf } from '../../admin/admin.ts'
import { AGENT_AT_VENDOR, company } from '../../support/company.ts'
import { exchange, redeem, signInFor } from '../../support/flow.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'
import { findSeriousProblems } from './axe.ts'
import { buildConsole } from './build-console.ts'
import { goWithin } from './console-world.ts'
import { snap } from './snap.ts'

const THERE = 'https://todo.elsewhere.test/mcp'
const CLIENT = {
  id: AGENT_AT_VENDOR.id,
  name: 'Agent0',
  auth: { method: 'client_secret_basic', secret: AGENT_AT_VENDOR.secret },
}

describeWithBrowser('the console of a resource alone', () => {
  let idp: TestServer
  let resource: TestServer
  let browser: TestBrowser
  let page: Page
  const complaints: string[] = []
  beforeAll(async () => {
    buildConsole()
    idp = await startTestServer({ file: (baseUrl) => company(baseUrl) })
    const { keys } = (await (await fetch(`${idp.baseUrl}/jwks`)).json()) as { readonly keys: unknown }
    resource = await startTestServer({
      file: (baseUrl) => {
        const trusted = { issuer: idp.baseUrl, jwks: { keys }, provisioning: 'jit' }
        const resources = [{ id: THERE, scopes: ['todos.read', 'todos.write'] }]
        const { idp: _, ...file } = company(baseUrl, {
          authorizationServer: { trustedIssuers: [trusted], resources, clients: [CLIENT] },
        })
        return file
      },
    })
    await redeemThere()
    browser = await openTestBrowser()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
    page.setDefaultTimeout(12_000)
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    await page.goto(`${resource.baseUrl}/admin/`)
    await page.getByLabel(/token/i).fill(ADMIN_TOKEN)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  })
  afterAll(async () => {
    await browser.close()
    await resource.stop()
    await idp.stop()
  })

  /** Redeems an ID-JAG twice, of which the second attempt is denied. */
  async function redeemThere(): Promise<void> {
    const admin = adminOf(idp.baseUrl)
    const issuer = `${resource.baseUrl}/as/vendor`
    const everyone = { everyone: true }
    const made = [
      await admin('POST', '/resource-apps', {
        body: {
          id: 'todo1',
          name: 'Todo1',
          issuer,
          resources: [{ id: THERE, scopes: ['todos.read'] }],
          assignments: everyone,
        },
      }),
      await admin('POST', '/connections', {
        body: {
          id: 'agent0-todo1',
          app: 'agent0',
          resourceApp: 'todo1',
          clientId: AGENT_AT_VENDOR.id,
          resources: [THERE],
          scopes: ['todos.read'],
          assignments: everyone,
          status: 'active',
        },
      }),
    ]
    expect(made.map(({ status }) => status)).toEqual([201, 201])
    const { idToken } = await signInFor(idp.baseUrl, 'alice')
    const { body } = await exchange(idp.baseUrl, idToken, { audience: issuer, resource: THERE })
    const idJag = String(body['access_token'])
    expect((await redeem(resource.baseUrl, idJag)).status).toBe(200)
    expect((await redeem(resource.baseUrl, idJag)).status).toBe(400)
  }

  const goto = (path: string) => goWithin(page, path)

  const linksOf = (navigation: string | RegExp) =>
    page.getByRole('navigation', { name: navigation }).getByRole('link')

  /** @returns below `/admin` */
  async function readAddresses(links: Locator): Promise<readonly string[]> {
    const all = await Promise.all((await links.all()).map((link) => link.getAttribute('href')))
    return all.map((address) => (address ?? '').replace('/admin', ''))
  }

  it('shows decisions, live access and trusted issuers, and no pages about other data', async () => {
    await goto('/')
    await page.getByText('Resource side').waitFor()
    const tile = (name: string) => page.locator('.cw-tile').filter({ hasText: name })
    await tile('Live access tokens').getByText('for 1 account').waitFor()
    await tile('Trusted issuers').getByText('Every server trusts an issuer').waitFor()
    expect(await page.getByText('No connections').count()).toBe(0)
    expect(await linksOf('Main').allTextContents()).toEqual(['Overview', 'Activity', 'Respond', 'Settings'])
    const tabs = async (area: string) => {
      await linksOf('Main').filter({ hasText: area }).click()
      return linksOf(`Pages of ${area}`).allTextContents()
    }
    expect(await tabs('Activity')).toEqual(['Decisions', 'Audit log'])
    expect(await tabs('Respond')).toEqual(['Live access', 'Recommendations'])
    expect(await tabs('Settings')).toEqual([
      'Signing keys',
      'Trust',
      'Event delivery',
      'API tokens',
      'Roles',
      'Retention',
    ])
    await goto('/connections')
    await page.getByText('No identity provider runs here').waitFor()
    await page.locator('main').getByRole('link', { name: 'Live access' }).click()
    await page.getByRole('heading', { level: 1, name: 'Live access' }).waitFor()
  })

  it('shows resources, scopes, clients and issuers of its servers', async () => {
    await goto('/authorization-servers')
    await page.getByRole('row', { name: /todos\.read.*todos\.write/ }).waitFor()
    await page
      .getByRole('row', { name: /agent0-at-vendor.*client_secret_basic.*every trusted issuer/ })
      .waitFor()
    await snap(page, 'console-resource-servers')
    await page.getByRole('link', { name: 'One issuer' }).click()
    await page.getByText(idp.baseUrl, { exact: true }).first().waitFor()
  })

  it('continues with the token after the session has ended', async () => {
    await goto('/live-access')
    await page.getByRole('button', { name: /^Revoke token: agent0-at-vendor/ }).click()
    await page.getByLabel('Reason').fill('INC-6')
    await page.context().clearCookies()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click()
    const ended = page.getByRole('dialog', { name: 'Your session has ended' })
    await ended.getByLabel(/token/i).fill(ADMIN_TOKEN)
    await ended.getByRole('button', { name: 'Sign in' }).click()
    await ended.waitFor({ state: 'detached' })
    await page.getByRole('alert').getByText('Nothing was changed. Try again.').waitFor()
    expect(await page.getByLabel('Reason').inputValue()).toBe('INC-6')
    complaints.splice(0)
  })

  it('revokes what it issued', async () => {
    await goto('/live-access')
    await page.getByRole('row').filter({ hasText: 'usr_alice' }).waitFor()
    await page.getByRole('button', { name: /^Revoke token: agent0-at-vendor/ }).click()
    await page.getByLabel('Reason').fill('INC-7')
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click()
    await page.getByText('No live access tokens').waitFor()
    const { body } = await adminOf(resource.baseUrl)('GET', '/access-tokens')
    expect(body.items).toEqual([])
  })

  it('has accessible pages without browser errors', async () => {
    await goto('/')
    const addresses = new Set<string>()
    for (const area of await readAddresses(linksOf('Main'))) {
      await goto(area)
      for (const address of [area, ...(await readAddresses(linksOf(/^Pages of/)))]) addresses.add(address)
    }
    expect(addresses.size).toBeGreaterThan(8)
    const findings: string[] = []
    for (const address of addresses) {
      await goto(address)
      expect(await page.locator('main [role=alert]').allTextContents(), address).toEqual([])
      findings.push(...(await findSeriousProblems(page)).map((problem) => `${address} ${problem}`))
      await snap(page, `resource-admin${address.replaceAll('/', '-')}`)
    }
    expect(findings).toEqual([])
    expect(complaints).toEqual([])
  })
})
