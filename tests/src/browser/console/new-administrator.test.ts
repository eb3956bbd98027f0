// A new administrator's first task using only the pages: an app, a product, the connection between them, and its proof, against the clock.
import { readFileSync } from 'node:fs'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { ADMIN_TOKEN, adminOf } from '../../admin/admin.ts'
import { PASSWORD, REDIRECT_URI } from '../../support/company.ts'
import { startTestServer } from '../../support/server.ts'
import { findSeriousProblems } from './axe.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'
import { snap } from './snap.ts'

const CALENDAR = 'http://127.0.0.1:7705/mcp'
/** The app's registration at the calendar's vendor. */
const AT_VENDOR = { id: 'planner-at-vendor', secret: 'planner secret at the vendor' }
const FIVE_MINUTES_MS = 300_000

describeWithBrowser('the first task of a new administrator', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  beforeAll(async () => {
    world = await startConsoleWorld({
      authorizationServer: {
        clients: [{ id: AT_VENDOR.id, auth: { method: 'client_secret_basic', secret: AT_VENDOR.secret } }],
        resources: [{ id: CALENDAR, scopes: ['events.read'] }],
      },
    })
    ada = await world.signIn('ada')
  })
  afterAll(() => world.stop())

  let secret = ''
  /** Submits the form, signs in, and waits for the result. */
  async function proveAs(username: string): Promise<void> {
    const { page } = ada
    await page.getByLabel('Client secret at the resource').fill(AT_VENDOR.secret)
    await page.getByRole('button', { name: 'Prove connection' }).click()
    await page.getByLabel('User name').fill(username)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  it('registers both ends, connects and proves them using only the pages, in under five minutes', async () => {
    const { page, goto, complaints } = ada
    const beganMs = performance.now()
    const submit = async (name: string, reason: string) => {
      await page.getByRole('button', { name }).click()
      await page.getByLabel('Reason').fill(reason)
      await page.getByRole('dialog').getByRole('button', { name }).click()
    }
    await goto('/resource-apps')
    await page.getByRole('button', { name: 'Register resource app' }).click()
    await page.getByText('Advanced', { exact: true }).click()
    await page.getByLabel('ID', { exact: true }).fill('calendar')
    await page.getByRole('textbox', { name: 'Name' }).fill('Calendar')
    await page.getByRole('textbox', { name: 'Audience' }).fill(`${world.server.baseUrl}/as/vendor`)
    await page.getByRole('button', { name: 'Add resource' }).click()
    await page.getByLabel('Resource identifier').fill(CALENDAR)
    await page.getByRole('combobox', { name: 'Scopes' }).fill('events.read')
    await page.keyboard.press('Enter')
    await page.getByRole('switch', { name: 'Everyone' }).check()
    await submit('Register resource app', 'the sales team asked')
    await page.getByRole('heading', { name: 'Calendar' }).waitFor()
    await page.getByRole('link', { name: 'Agents' }).click()
    await page.getByRole('button', { name: 'Register app' }).click()
    await page.getByText('Advanced', { exact: true }).click()
    await page.getByLabel('Client ID').fill('planner')
    await page.getByRole('textbox', { name: 'Name' }).fill('Planner')
    await page.getByRole('combobox', { name: 'Owners' }).fill('ali')
    await page.getByRole('option', { name: 'alice' }).click()
    await page.getByRole('combobox', { name: 'Redirect URIs', exact: true }).fill(REDIRECT_URI)
    await page.keyboard.press('Enter')
    await page.getByRole('switch', { name: 'Everyone' }).check()
    await submit('Register app', 'plans the week')
    secret = await page.getByRole('region', { name: 'Client secret' }).innerText()
    await page.getByLabel('I saved this secret').check()
    await page.getByRole('button', { name: 'Create connection', exact: true }).click()
    await page.getByRole('radio', { name: /Calendar/ }).check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Client ID at the resource').fill(AT_VENDOR.id)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('checkbox', { name: CALENDAR }).check()
    await page.getByRole('checkbox', { name: 'events.read' }).check()
    await page.getByRole('combobox', { name: 'Groups' }).fill('engineering')
    await page.getByRole('option', { name: 'engineering' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Create connection' }).click()
    await page.getByText('Waiting for the first exchange.').waitFor()
    await page.getByLabel('Client secret of Planner').fill(secret)
    await proveAs('alice')
    await page.getByText('Proved: every step was allowed.').waitFor()
    expect(performance.now() - beganMs).toBeLessThan(FIVE_MINUTES_MS)
    expect(complaints).toEqual([])
  })

  it('does not link a decision that another server recorded', async () => {
    const { page } = ada
    const links = page.getByRole('list', { name: 'Steps' }).getByRole('link', { name: 'Decision' })
    await expect.poll(() => links.count()).toBe(2)
    await page.route('**/api/v1/decisions/dec_*', (route) =>
      route.fulfill({ status: 404, json: { type: 'urn:crosswalk:problem:not-found', title: 'Not found' } }),
    )
    await page.reload()
    await page
      .getByText(/^Its operator can look up decision dec_/)
      .first()
      .waitFor()
    await expect.poll(() => links.count()).toBe(0)
    await page.unroute('**/api/v1/decisions/dec_*')
    ada.complaints.length = 0
  })

  it('explains a denial, and offers another attempt', async () => {
    const { page, goto, complaints } = ada
    await goto('/connections/planner-calendar/prove')
    await page.getByLabel('Client secret of Planner').fill(secret)
    await proveAs('bob')
    await page.getByText('The identity provider denied the exchange.').waitFor()
    await page.locator('.cw-decision-headline').waitFor()
    expect(await page.getByRole('list', { name: 'Steps' }).getByRole('listitem').count()).toBe(3)
    expect(await findSeriousProblems(page)).toEqual([])
    await page.getByLabel('Client secret of Planner').fill('not the secret')
    await proveAs('alice')
    await page.getByText('Sign-in failed.').waitFor()
    await page.getByLabel('Client secret of Planner').fill(secret)
    await page.getByLabel('Authentication of planner-at-vendor').selectOption('Skip: stop after the ID-JAG')
    await page.getByRole('button', { name: 'Prove connection' }).click()
    await page.getByLabel('User name').waitFor()
    await page.goBack()
    await page.getByText('Waiting for sign-in.').waitFor()
    expect(await page.getByLabel('Client secret of Planner').inputValue()).toBe('')
    await page.goForward()
    await page.getByLabel('User name').fill('alice')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Proved on the identity provider side.').waitFor()
    await page.goto(`${world.server.baseUrl}/me`)
    await page.getByText('Ada').first().waitFor()
    expect(complaints).toEqual([])
  })

  it('invites another company, and accepts its invitation', async () => {
    const { page, goto, load, complaints } = ada
    const partner = await startTestServer({
      file: (baseUrl) => ({
        ...{ admin: { token: ADMIN_TOKEN }, idp: { users: [], apps: [] } },
        authorizationServers: [
          {
            ...{ id: 'files', resources: [{ id: `${baseUrl}/files`, scopes: ['files.read'] }] },
            trustedIssuers: [{ issuer: world.server.baseUrl, provisioning: 'jit' }],
            clients: [{ id: 'planner-at-files', name: 'Planner', auth: { method: 'none' } }],
          },
        ],
      }),
    })
    await load('/connections/planner-calendar')
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Create invitation' }).click()
    await page.getByLabel('Contact').fill('it@acme.test')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save invitation' }).click()
    const ours = readFileSync(await (await download).path(), 'utf8')
    const opened = await adminOf(world.server.baseUrl)('POST', '/invitations/open', {
      body: { signed: (JSON.parse(ours) as { signed: string }).signed },
    })
    expect(opened.body).toMatchObject({
      invitation: { contact: 'it@acme.test' },
      madeBy: world.server.baseUrl,
    })

    await goto('/settings/invitation')
    const upload = (text: string) =>
      page
        .locator('input[type=file]')
        .setInputFiles({ name: 'invitation.json', mimeType: 'application/json', buffer: Buffer.from(text) })
    await upload('{}')
    await page.getByText('This file is not an invitation.').waitFor()
    const { body } = await adminOf(partner.baseUrl)('POST', '/authorization-servers/files/invitation', {
      body: { client: 'planner-at-files', issuer: world.server.baseUrl },
    })
    await upload(JSON.stringify(body.file))
    await page.getByText('Specify one of them').waitFor()
    await page.getByRole('combobox', { name: 'App' }).fill('Plan')
    // A change by another administrator reloads the data, but keeps the input.
    const askedAgain = page.waitForResponse((response) => response.url().endsWith('/invitations/open'))
    await adminOf(world.server.baseUrl)('POST', '/groups', { body: { id: 'others', members: [] } })
    await askedAgain
    await page.getByRole('option', { name: 'Planner' }).click()
    await page.getByText('Assign users to connection planner-files, and activate it.').waitFor()
    await page.getByRole('combobox', { name: 'Groups' }).fill('engineering')
    await page.getByRole('option', { name: 'engineering' }).click()
    await page.getByRole('heading', { name: 'Creates connections/planner-files' }).waitFor()
    expect(await findSeriousProblems(page)).toEqual([])
    await page.keyboard.press('Escape')
    await snap(page, 'console-invitation')
    await page.getByRole('button', { name: 'Accept invitation' }).click()
    await page.getByLabel('Reason').fill('they keep our files')
    await page.getByRole('dialog').getByRole('button', { name: 'Accept invitation' }).click()
    await page.getByText('Connected.').waitFor()
    const connection = await world.admin('GET', '/connections/planner-files')
    expect(connection.body).toMatchObject({ status: 'active', assignments: { groups: ['engineering'] } })
    await partner.stop()
    expect(complaints.filter((one) => !one.includes('409'))).toEqual([])
  })

  it('accepts the invitation of an identity provider, and shows the secret it created', async () => {
    const { page, goto } = ada
    const issuer = `${world.server.baseUrl}/as/mail`
    const resources = [{ id: 'http://127.0.0.1:7709/mcp', scopes: ['mail.read'] }]
    expect(
      (await world.admin('POST', '/authorization-servers', { body: { id: 'mail', resources } })).status,
    ).toBe(201)
    const everyone = { assignments: { everyone: true } }
    const partner = await startTestServer({
      file: () => ({
        admin: { token: ADMIN_TOKEN },
        idp: {
          users: [],
          apps: [
            {
              id: 'bot',
              name: 'Bot',
              kind: 'agent',
              auth: { method: 'client_secret_basic', secret: 'secret of the bot' },
            },
          ],
          resourceApps: [{ id: 'mail', name: 'Mail', issuer, resources, ...everyone }],
          connections: [
            {
              ...{
                id: 'bot-mail',
                app: 'bot',
                resourceApp: 'mail',
                clientId: 'bot-at-mail',
                status: 'active',
              },
              ...{ resources: ['http://127.0.0.1:7709/mcp'], scopes: ['mail.read'], ...everyone },
            },
          ],
        },
      }),
    })
    const { body } = await adminOf(partner.baseUrl)('POST', '/connections/bot-mail/invitation', { body: {} })
    await goto('/settings/invitation')
    await page.locator('input[type=file]').setInputFiles({
      ...{ name: 'invitation.json', mimeType: 'application/json' },
      buffer: Buffer.from(JSON.stringify(body.file)),
    })
    await page.getByText(partner.baseUrl, { exact: true }).waitFor()
    const accept = page.getByRole('button', { name: 'Accept invitation' })
    await accept.and(page.locator(':enabled')).waitFor()
    // Until both answers have arrived, the page shows the changes of the former choice, which must not be accepted.
    const [contents, plan] = [
      await hold(page, '**/invitations/open'),
      await hold(page, '**/configuration/plan'),
    ]
    await page.getByRole('combobox', { name: 'Users without an account' }).click()
    await page.getByRole('option', { name: 'Deny access' }).click()
    expect(await accept.isDisabled()).toBe(true)
    await contents.release()
    await page.getByText('Users without an account here are denied').waitFor()
    expect(await accept.isDisabled()).toBe(true)
    await plan.release()
    await accept.click()
    await page.getByLabel('Reason').fill('they are our customer')
    await page.getByRole('dialog').getByRole('button', { name: 'Accept invitation' }).click()
    expect(await page.getByRole('region', { name: 'Client secret' }).innerText()).toMatch(/^\S{40,}$/)
    const server = await world.admin('GET', '/authorization-servers/mail')
    expect(server.body).toMatchObject({
      trustedIssuers: [{ issuer: partner.baseUrl, provisioning: 'none' }],
      clients: [{ id: 'bot-at-mail', auth: { hasSecret: true } }],
    })
    await partner.stop()
  })
})

/** Keeps requests waiting until they are released. */
async function hold(page: Page, url: string): Promise<{ release(): Promise<void> }> {
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route(url, async (route) => {
    await promise
    await route.fallback()
  })
  return {
    async release() {
      resolve()
      await page.unroute(url)
    },
  }
}
