// Apps, groups and trust in the console: registering, rotating a secret, suspending, changing keys; each done like an administrator would, and
// verified through the API.
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { signInFor } from '../../support/flow.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'
import { snap, snapBoth } from './snap.ts'

describeWithBrowser('apps in the console', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  beforeAll(async () => {
    world = await startConsoleWorld()
    ada = await world.signIn('ada')
  })
  afterAll(() => world.stop())

  it('registers an agent, shows its secret once, and gives it a new one', async () => {
    const { page, goto, complaints } = ada
    await goto('/agents')
    await page.keyboard.press('n')
    await page.getByText('Advanced', { exact: true }).click()
    await page.getByLabel('Client ID').fill('https://planner.test/client')
    await page.getByRole('textbox', { name: 'Name' }).fill('Planner')
    await page.getByRole('combobox', { name: 'Owners' }).fill('ali')
    await page.getByRole('option', { name: 'alice' }).click()
    const redirectUris = page.getByRole('combobox', { name: 'Redirect URIs', exact: true })
    await redirectUris.fill('planner.test/callback')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('button', { name: 'Register app' }).isDisabled()).toBe(true)
    await redirectUris.press('Backspace')
    await redirectUris.fill('http://127.0.0.1:7777/callback')
    await page.keyboard.press('Enter')
    await page.getByLabel('ID token lifetime (seconds)').fill('28800')
    await page.getByRole('switch', { name: 'Everyone' }).check()
    await page.getByRole('button', { name: 'Register app' }).click()
    await page.getByLabel('Reason').fill('plans the week')
    await page.getByRole('dialog').getByRole('button', { name: 'Register app' }).click()
    const first = await page.getByRole('region', { name: 'Client secret' }).innerText()
    const app = { id: 'https://planner.test/client', secret: first }
    const { exp = 0, iat } = decodeJwt((await signInFor(world.server.baseUrl, 'alice', app)).idToken)
    expect(exp - Number(iat)).toBe(28_800)
    await page.getByLabel('I saved this secret').check()
    await page.getByRole('button', { name: 'Open app' }).click()
    await page.getByRole('heading', { name: 'Planner' }).waitFor()
    expect(page.url()).toContain(`/apps/${encodeURIComponent(app.id)}`)
    await page.getByRole('tab', { name: 'Keys' }).click()
    await page.getByRole('button', { name: 'Replace secret' }).click()
    await page.getByLabel('Reason').fill('it stood in a log')
    await page.getByRole('dialog').getByRole('button', { name: 'Replace secret' }).click()
    const second = await page.getByRole('region', { name: 'Client secret' }).innerText()
    expect(second).not.toBe(first)
    await signInFor(world.server.baseUrl, 'alice', { ...app, secret: second })
    await expect(signInFor(world.server.baseUrl, 'alice', app)).rejects.toThrow()
    expect(complaints).toEqual([])
  })

  it('shows a new secret only at its own app', async () => {
    const { page, goto } = ada
    const auth = { method: 'client_secret_basic' }
    for (const id of ['mine', 'theirs'])
      expect(
        (await world.admin('POST', '/apps', { body: { id, name: id, kind: 'service', auth } })).status,
      ).toBe(201)
    await goto('/apps/theirs?tab=keys')
    await page.evaluate(`
      history.pushState({}, '', '/admin/apps/mine?tab=keys')
      dispatchEvent(new PopStateEvent('popstate'))`)
    await page.getByRole('heading', { name: 'mine', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Replace secret' }).click()
    await page.getByLabel('Reason').fill('a test')
    await page.getByRole('dialog').getByRole('button', { name: 'Replace secret' }).click()
    const secret = page.getByRole('region', { name: 'Client secret' })
    await secret.waitFor()
    await page.goBack()
    const lost = page.getByRole('dialog', { name: 'Secret not saved' })
    await lost.getByRole('button', { name: 'Leave without it' }).click()
    await page.getByRole('heading', { name: 'theirs', level: 1 }).waitFor()
    expect(await secret.count()).toBe(0)
  })

  it('edits an app with a diff, suspends it, and deletes it with Undo', async () => {
    const { page, goto } = ada
    await world.admin('POST', '/apps', {
      body: { id: 'bot', name: 'Bot', kind: 'service', auth: { method: 'none' } },
    })
    await goto('/apps/bot')
    await page.keyboard.press('e')
    await page.getByRole('dialog').getByLabel('Name').fill('Robot')
    // A stray key press must not lose input.
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Unsaved changes' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Unsaved changes' }).waitFor({ state: 'detached' })
    const review = page.getByRole('button', { name: 'Review and save' })
    const redirectUris = page.getByRole('combobox', { name: 'Redirect URIs', exact: true })
    await redirectUris.fill('https://*.bot.test/callback')
    await page.keyboard.press('Enter')
    expect(await review.isDisabled()).toBe(true)
    await redirectUris.press('Backspace')
    await review.click()
    await page.getByRole('dialog', { name: 'Changes to save' }).getByText('Robot').waitFor()
    await page.getByLabel('Reason').fill('its real name')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('heading', { name: 'Robot', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Suspend' }).click()
    await page.getByLabel('Reason').fill('nobody uses it')
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click()
    await page.getByText('Suspended by Ada').waitFor()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByLabel('Reason').fill('nobody missed it')
    await page.getByLabel('Type Robot to confirm').fill('Robot')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('heading', { name: 'Requesting apps' }).waitFor()
    expect((await world.admin('GET', '/apps/bot')).status).toBe(404)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: 'Robot' }).waitFor()
    expect((await world.admin('GET', '/apps/bot')).body).toMatchObject({ name: 'Robot' })
  })

  it('registers a resource app by hand, and reports problems of its issuer', async () => {
    const { page, goto } = ada
    await goto('/resource-apps/new')
    expect(await page.getByRole('combobox', { name: 'Other accepted audiences' }).count()).toBe(0)
    await page.getByText('Advanced', { exact: true }).click()
    await page.getByLabel('ID', { exact: true }).fill('wiki')
    await page.getByRole('textbox', { name: 'Name' }).fill('Wiki')
    await page.getByRole('textbox', { name: 'Audience' }).fill('http://wiki.test')
    await page.getByRole('button', { name: 'Add resource' }).click()
    await page.getByLabel('Resource identifier').fill('https://wiki.test/api')
    await page.getByRole('combobox', { name: 'Scopes' }).fill('pages.read')
    await page.keyboard.press('Enter')
    // Leaving a field chooses what its text means, and keeps a text that means nothing.
    await page.getByRole('combobox', { name: 'Groups' }).fill('engin')
    await page.keyboard.press('Tab')
    await page.getByRole('combobox', { name: 'Users' }).fill('zoe')
    await page.keyboard.press('Tab')
    await page.getByText('No match. Choose one from the list.').waitFor()
    expect(await page.getByRole('combobox', { name: 'Users' }).inputValue()).toBe('zoe')
    await page.getByRole('combobox', { name: 'Users' }).fill('')
    await page.getByRole('button', { name: 'Register resource app' }).click()
    await page.getByLabel('Reason').fill('the sales team asked')
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Register resource app' })
    await confirm.click()
    await page.getByRole('alert').getByText('Issuer', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('textbox', { name: 'Audience' }).fill('https://wiki.test')
    await page.getByRole('button', { name: 'Register resource app' }).click()
    await page.getByLabel('Reason').fill('the sales team asked')
    await confirm.click()
    await page.getByRole('heading', { name: 'Wiki' }).waitFor()
    await page.getByRole('tab', { name: 'Scopes' }).click()
    await page.getByRole('row', { name: /pages\.read.*no app/ }).waitFor()
  })

  it('brokers a service, stores its key without showing it, and revokes it', async () => {
    const { page, goto } = ada
    const resources = [{ id: 'https://gateway.test/crm', scopes: ['crm.read'] }]
    const issuer = `${world.server.baseUrl}/as/vendor`
    const body = { id: 'crm', name: 'CRM', issuer, resources }
    expect(await world.admin('POST', '/resource-apps', { body })).toMatchObject({ status: 201 })
    await goto('/resource-apps/crm')
    await page.keyboard.press('e')
    await page.getByRole('dialog').getByText('Advanced', { exact: true }).click()
    await page.getByRole('switch', { name: 'Call through a gateway' }).check()
    await page.getByRole('textbox', { name: 'API address' }).fill('https://api.crm.example/v1')
    await snap(page, 'pages/brokered-oauth')
    await page.getByLabel('Credential', { exact: true }).selectOption({ label: 'One API key for all users' })
    await page.getByRole('button', { name: 'Review and save' }).click()
    await page.getByLabel('Reason').fill('sales needs it')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('tab', { name: 'Stored credentials' }).click()
    await page.getByText('No credentials stored').waitFor()
    await page.getByRole('button', { name: 'Store API key' }).click()
    await page.getByLabel('Secret').fill('the key of the CRM 0123456789')
    await page.getByLabel('Reason').fill('set up')
    await page.getByRole('dialog').getByRole('button', { name: 'Store API key' }).click()
    await page.getByRole('row', { name: /All users.*API key.*never/ }).waitFor()
    await snapBoth(page, 'pages/stored-credentials')
    await page.setViewportSize({ width: 390, height: 900 })
    await snap(page, 'pages/stored-credentials-narrow', { whole: true })
    await page.setViewportSize({ width: 1280, height: 900 })
    expect(await page.content()).not.toContain('the key of the CRM')
    await page.getByRole('button', { name: 'Revoke the credential of All users' }).click()
    await page.getByLabel('Reason').fill('rotated')
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke credential' }).click()
    await page.getByText('No credentials stored').waitFor()
    expect((await world.admin('GET', '/stored-credentials')).body.items).toEqual([])
  })

  it('connects an app, or a product, from its own page', async () => {
    const { page, goto } = ada
    await goto('/apps/agent0')
    await page.getByRole('button', { name: 'Create connection', exact: true }).click()
    const asking = page.getByRole('combobox', { name: 'Requesting app' })
    await expect.poll(() => asking.inputValue()).toBe('Agent0')
    await page.getByRole('radio', { name: /Todo0/ }).check()
    await page.getByText('These apps are already connected.').first().waitFor()
    await goto('/resource-apps/todo0')
    await page.getByRole('button', { name: 'Create connection', exact: true }).click()
    await expect.poll(() => page.getByRole('radio', { name: /Todo0/ }).isChecked()).toBe(true)
    expect(await asking.inputValue()).toBe('')
  })

  it('shows an auditor everything about an app, read-only', async () => {
    const aude = await world.signIn('aude')
    await aude.goto('/apps/agent0')
    const suspend = aude.page.getByRole('button', { name: 'Suspend' })
    expect(await suspend.getAttribute('aria-disabled')).toBe('true')
    await aude.page.getByRole('tab', { name: 'Access' }).click()
    await aude.page
      .getByRole('row', { name: /alice.*Todo0/ })
      .first()
      .waitFor()
    await aude.goto('/connections')
    await aude.page.getByRole('row', { name: /Agent0.*Todo0/ }).waitFor()
    expect(await aude.page.getByRole('checkbox').count()).toBe(0)
    await aude.context.close()
  })

  it('offers a security responder no Undo that only others may do', async () => {
    const sec = await world.signIn('sec')
    await sec.goto('/connections/agent0-todo0')
    await sec.page.getByRole('button', { name: 'Suspend' }).click()
    await sec.page.getByLabel('Reason').fill('INC-312')
    await sec.page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click()
    await sec.page.getByText('New tokens are denied; issued tokens work until they expire.').waitFor()
    expect(await sec.page.getByRole('button', { name: 'Undo' }).count()).toBe(0)
    // Nor may they lift a block that another user set.
    const block = { kind: 'user', target: 'usr_dave', reason: 'on leave' }
    expect((await world.admin('POST', '/blocks', { body: block })).status).toBe(201)
    await sec.goto('/blocks')
    const lift = sec.page.getByRole('button', { name: 'Lift block: dave' })
    await lift.waitFor()
    expect(await lift.isDisabled()).toBe(true)
    await sec.context.close()
    await world.admin('POST', '/connections/agent0-todo0/resume', { body: { reason: 'done' } })
  })
})
