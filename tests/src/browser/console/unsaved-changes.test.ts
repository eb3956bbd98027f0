// No input and no position is lost by accident (back button, link, Escape), and one button activates a draft.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { PASSWORD } from '../../support/company.ts'
import { findSeriousProblems } from './axe.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'
import { showTheme } from './themes.ts'

describeWithBrowser('unsaved input in the console', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  beforeAll(async () => {
    world = await startConsoleWorld()
    ada = await world.signIn('ada')
    const made = await world.admin('POST', '/connections', {
      body: {
        ...{ id: 'other-notes0', app: 'other', resourceApp: 'notes0', clientId: 'x', status: 'draft' },
        ...{ scopes: ['notes.read'], assignments: { groups: ['engineering'] } },
      },
    })
    expect(made.status).toBe(201)
  })
  afterAll(() => world.stop())

  it('goes back one step in a wizard, and confirms before leaving it', async () => {
    const { page, goto } = ada
    await goto('/connections/new?app=other&resourceApp=todo0')
    const heading = (name: string) => page.getByRole('heading', { name, exact: true }).waitFor()
    const next = page.getByRole('button', { name: 'Continue' })
    await next.click()
    await page.getByLabel('Client ID at the resource').fill('other-at-todo0')
    await next.click()
    await heading('Users and scopes')
    await page.goBack()
    await heading('Discovery')
    expect(await page.getByLabel('Client ID at the resource').inputValue()).toBe('other-at-todo0')
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click()
    const asked = page.getByRole('dialog', { name: 'Unsaved changes' })
    await asked.getByRole('button', { name: 'Keep editing' }).click()
    await heading('Discovery')
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click()
    await asked.getByRole('button', { name: 'Discard' }).click()
    await heading('Users')
    // The URL of a later step without the input of the earlier ones.
    await goto('/connections/new?step=preview')
    await heading('Apps')
  })

  it('registers a resource app from its metadata once, although its connection failed at first', async () => {
    const { page, goto, complaints } = ada
    await goto('/connections/new?app=other')
    const next = page.getByRole('button', { name: 'Continue' })
    await page.getByRole('radio', { name: 'New resource app from its metadata' }).click()
    await page
      .getByLabel('Address of the API, MCP server or authorization server')
      .fill(`${world.server.baseUrl}/as/vendor`)
    await next.click()
    await page.getByLabel('Display name').fill('Leads')
    await page.getByLabel('Client ID at the resource').fill('other-at-vendor')
    await next.click()
    await page.getByRole('combobox', { name: 'Scopes' }).fill('leads.read')
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: 'Groups' }).click()
    await page.getByRole('option', { name: 'engineering' }).click()
    await page.keyboard.press('Escape')
    await next.click()
    await next.click()
    const create = page.getByRole('button', { name: 'Create connection' })
    await page.route('**/api/v1/connections', (route) => route.fulfill({ status: 503, body: '' }))
    await create.click()
    await page.getByRole('alert').waitFor()
    await page.unroute('**/api/v1/connections')
    await create.click()
    await page.getByText('Waiting for the first exchange.').waitFor()
    complaints.splice(0)
  })

  it('confirms before leaving a changed form, and not an unchanged one', async () => {
    const { page, goto } = ada
    for (const [address, label, to] of [
      ['/apps/new', 'Name', 'Users'],
      ['/resource-apps/new', 'Name', 'Users'],
      ['/users/new', 'User name', 'Apps'],
      ['/policies/new', 'Purpose', 'Users'],
    ] as const) {
      await goto(address)
      const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: to })
      await link.click()
      await page.waitForURL((url) => !url.pathname.endsWith('/new'))
      await goto(address)
      await page.getByLabel(label).first().fill('half a name')
      await link.click()
      await page.getByRole('dialog', { name: 'Unsaved changes' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(await page.getByLabel(label).first().inputValue(), address).toBe('half a name')
      await link.click()
      await page.getByRole('button', { name: 'Discard' }).last().click()
      await page.waitForURL((url) => !url.pathname.endsWith('/new'))
    }
  })

  const question = (name = 'Unsaved changes') => ada.page.getByRole('dialog', { name })
  /** Whether the browser would ask before it closes the tab */
  const asksOnClose = () =>
    ada.page.evaluate(`!dispatchEvent(new Event('beforeunload', { cancelable: true }))`)

  it('keeps typed claims when the tab changes, and when another user changes the resource app', async () => {
    const { page, goto, complaints } = ada
    const wiki = { id: 'wiki', name: 'Wiki', issuer: 'https://wiki.test', assignments: { everyone: true } }
    expect((await world.admin('POST', '/resource-apps', { body: wiki })).status).toBe(201)
    const made = await world.admin('POST', '/connections', {
      body: {
        ...{ id: 'agent0-wiki', app: 'agent0', resourceApp: 'wiki', clientId: 'x', scopes: [] },
        ...{ assignments: { everyone: true }, status: 'active' },
      },
    })
    expect(made.status).toBe(201)
    await goto('/connections/agent0-wiki?tab=target')
    const lines = page.getByRole('textbox', { name: 'Additional claims' })
    await lines.fill('mail = user.email\nhalf a line')
    await page.getByRole('tab', { name: 'History' }).click()
    await question().getByRole('button', { name: 'Keep editing' }).click()
    expect(await lines.inputValue()).toBe('mail = user.email\nhalf a line')
    await page.keyboard.press('Escape')
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click()
    await question().getByRole('button', { name: 'Keep editing' }).click()
    expect(await asksOnClose()).toBe(true)

    const { etag = '' } = await world.admin('GET', '/resource-apps/wiki')
    const renamed = await world.admin('PATCH', '/resource-apps/wiki', {
      body: { name: 'Company wiki' },
      ifMatch: etag,
    })
    expect(renamed.status).toBe(200)
    await page.getByRole('heading', { name: 'Agent0 → Company wiki' }).waitFor()
    expect(await lines.inputValue()).toBe('mail = user.email\nhalf a line')
    await lines.fill('mail = user.email')
    await page.getByRole('button', { name: 'Review and save' }).click()
    await page.getByLabel('Reason').fill('needed for reports')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Your change was not saved.').waitFor()
    expect(await lines.inputValue()).toBe('mail = user.email')
    await page.getByRole('button', { name: 'Load latest version' }).click()
    expect(await lines.inputValue()).toBe('')
    await lines.fill('mail = user.email')
    await page.getByRole('button', { name: 'Review and save' }).click()
    await page.getByLabel('Reason').fill('needed for reports')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Claims saved for every connection to Company wiki.').waitFor()
    const { body } = await world.admin('GET', '/resource-apps/wiki')
    expect(body.claims).toEqual({ mail: 'user.email' })
    // Nothing is left to lose.
    await page.getByRole('tab', { name: 'History' }).click()
    await expect.poll(() => page.url()).toContain('tab=history')
    expect(await asksOnClose()).toBe(false)
    complaints.splice(0)
  })

  it('keeps text that is not a policy, the first step of a wizard, and a suite of tests', async () => {
    const { page, goto } = ada
    await goto('/policies/new')
    await page.getByRole('textbox', { name: 'YAML' }).fill('id: [')
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click()
    await question().getByRole('button', { name: 'Keep editing' }).click()
    expect(await page.getByRole('textbox', { name: 'YAML' }).inputValue()).toBe('id: [')
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click()
    await question().getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor()

    await goto('/connections/new')
    await page.getByRole('radio', { name: 'New resource app from its metadata' }).click()
    await page.getByLabel('Address of the API, MCP server or authorization server').fill('https://half')
    expect(await asksOnClose()).toBe(true)
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click()
    await question().getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor()

    const ask = { who: 'any', app: 'any', at: 'any', ask: 'any', expect: { outcome: 'deny' } }
    const guards = { id: 'guards', tests: [{ name: 'other is not connected', ...ask, app: 'other' }] }
    const saved = await world.admin('POST', '/policy-suites', { body: guards })
    expect(saved.status).toBe(201)
    await goto('/policy-tests')
    const suite = page.getByRole('textbox', { name: 'Suite' })
    await suite.waitFor()
    expect(await asksOnClose()).toBe(false)
    await suite.fill('suite: mine\ntests: []')
    for (const name of ['Reset to current connections', 'Open guards']) {
      await page.getByRole('button', { name }).click()
      await question().getByRole('button', { name: 'Keep editing' }).click()
      expect(await suite.inputValue(), name).toBe('suite: mine\ntests: []')
    }
    await page.getByRole('button', { name: 'Open guards' }).click()
    await question().getByRole('button', { name: 'Discard' }).click()
    await expect.poll(() => suite.inputValue()).toContain('suite: guards')
    // Nothing of a saved suite is lost.
    await page.getByRole('button', { name: 'Reset to current connections' }).click()
    await expect.poll(() => suite.inputValue()).toContain('suite: starter')
    await suite.fill('suite: mine\ntests: []')
    await world.admin('DELETE', '/policy-suites/guards', { ifMatch: saved.etag })
    expect(await asksOnClose()).toBe(true)
    await page.getByRole('button', { name: 'Save suite', exact: true }).waitFor()
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click()
    await question().getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor()
  })

  it('asks before a dialog with input closes, by a key or the back button', async () => {
    const { page, load } = ada
    await load('/users')
    await page.getByRole('link', { name: 'Groups' }).click()
    await page.getByRole('button', { name: 'Create group' }).click()
    const dialog = page.getByRole('dialog', { name: 'Create group' })
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Create group' }).click()
    const name = dialog.getByRole('textbox', { name: 'Name' })
    await name.fill('night shift')
    await page.keyboard.press('Escape')
    await question().waitFor()
    await page.keyboard.press('Escape')
    await question().waitFor({ state: 'detached' })
    expect(await name.inputValue()).toBe('night shift')
    await page.goBack()
    await question().getByRole('button', { name: 'Keep editing' }).click()
    expect(await name.inputValue()).toBe('night shift')
    await page.keyboard.press('Escape')
    await question().getByRole('button', { name: 'Discard' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Create group' }).click()
    expect(await name.inputValue()).toBe('')
    await name.fill('late shift')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
  })

  it('asks before a secret is lost that was neither copied nor stored', async () => {
    const { page, goto, load, context } = ada
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const lost = () => question('Secret not saved')
    await goto('/apps/new')
    await page.getByLabel('Name').first().fill('Planner')
    await page.getByRole('button', { name: 'Register app' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('plans the week')
    await page.getByRole('dialog').getByRole('button', { name: 'Register app' }).click()
    const secret = page.getByRole('region', { name: 'Client secret' })
    await secret.waitFor()
    expect(await asksOnClose()).toBe(true)
    const users = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' })
    await users.click()
    await lost().getByRole('button', { name: 'Show the secret' }).click()
    await page.getByLabel('I saved this secret').check()
    expect(await asksOnClose()).toBe(false)
    await page.getByRole('button', { name: 'Open app' }).click()

    await page.getByRole('tab', { name: 'Keys' }).click()
    await page.getByRole('button', { name: 'Replace secret' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('lost it')
    await page.getByRole('dialog').getByRole('button', { name: 'Replace secret' }).click()
    await secret.waitFor()
    await page.getByRole('tab', { name: 'History' }).click()
    await lost().waitFor()
    await page.keyboard.press('Escape')
    await lost().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Copy Client secret' }).click()
    await expect.poll(asksOnClose).toBe(false)
    await users.click()
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor()

    await load('/settings/audit-streams')
    await page.getByRole('link', { name: 'API tokens' }).click()
    await page.getByRole('button', { name: 'Create token' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Purpose').fill('nightly export')
    await dialog.getByLabel('Reason').fill('reports')
    await dialog.getByRole('button', { name: 'Create token' }).click()
    const shown = question('Copy the token now')
    await shown.waitFor()
    await page.goBack()
    await lost().getByRole('button', { name: 'Show the secret' }).click()
    await shown.getByRole('region').waitFor()
    expect(await asksOnClose()).toBe(true)
    await shown.getByRole('button').last().click()
    await shown.waitFor({ state: 'detached' })
    expect(await asksOnClose()).toBe(false)
  })

  it('keeps the page hidden while the session has ended, and continues after the same user signs in', async () => {
    const { page, goto, context } = await world.signIn('ada')
    await goto('/groups')
    await page.getByRole('button', { name: 'Create group' }).click()
    const dialog = page.getByRole('dialog', { name: 'Create group' })
    const name = dialog.getByRole('textbox', { name: 'Name' })
    await name.fill('weekend shift')
    const reason = dialog.getByLabel('Reason')
    await reason.fill('starts in May')
    await context.clearCookies()
    await name.press('Enter')
    const ended = page.getByRole('dialog', { name: 'Your session has ended' })
    await ended.waitFor()
    expect(await findSeriousProblems(page, ['color-contrast'])).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.mouse.click(5, 5)
    await page.keyboard.press('Escape')
    await ended.waitFor()
    expect(await page.getByRole('heading', { name: 'Groups' }).isVisible()).toBe(false)
    expect(await dialog.isVisible()).toBe(false)
    expect((await world.admin('GET', '/groups/weekend%20shift')).status).toBe(404)

    await signInAgain(page, 'ada')
    await ended.waitFor({ state: 'detached' })
    await dialog.getByRole('alert').getByText('Your session had ended').waitFor()
    expect(await reason.inputValue()).toBe('starts in May')
    await name.and(page.locator(':focus')).waitFor()
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'weekend shift' }).waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await context.close()
  })

  it('starts over without a question when another user signs in instead', async () => {
    const { page, goto, context } = await world.signIn('ada')
    const questions: string[] = []
    page.on('dialog', (asked) => {
      questions.push(asked.message())
      void asked.dismiss()
    })
    await goto('/users/new')
    await page.getByLabel('User name').fill('half a name')
    await context.clearCookies()
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByLabel('Reason').fill('too late')
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
    await signInAgain(page, 'aude')
    await page.getByRole('button', { name: 'Signed in as Aude' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/admin/users/new')
    expect(await page.getByLabel('User name').count()).toBe(0)
    expect(questions).toEqual([])
    await context.close()
  })

  /** Signs in in the new tab that the page offers, which closes itself afterwards. */
  async function signInAgain(page: SignedInPage['page'], username: string): Promise<void> {
    const opened = page.context().waitForEvent('page')
    await page.getByRole('link', { name: 'Sign in again' }).click()
    const tab = await opened
    await tab.getByLabel('User name').fill(username)
    await tab.getByLabel('Password').fill(PASSWORD)
    const closed = tab.waitForEvent('close')
    await tab.getByRole('button', { name: 'Sign in' }).click()
    await closed
  }

  it('starts a dialog at its first field', async () => {
    const { page, goto } = ada
    for (const [address, button, label] of [
      ['/groups', 'Create group', 'Name'],
      ['/connections/other-notes0', 'Grant access', 'User'],
    ] as const) {
      await goto(address)
      await page.getByRole('button', { name: button }).click()
      const field = page
        .getByRole('dialog')
        .getByRole(label === 'User' ? 'combobox' : 'textbox', { name: label })
      await expect
        .poll(() => field.evaluate((input) => input === input.ownerDocument.activeElement), { timeout: 5000 })
        .toBe(true)
    }
  })

  it('returns the focus to where it was, and never loses it', async () => {
    const { page, goto } = ada
    const focused = () =>
      page.evaluate(`document.activeElement.innerText || document.activeElement.ariaLabel`)
    const wiki = { id: 'plans', name: 'Plans', issuer: 'https://plans.test' }
    expect((await world.admin('POST', '/resource-apps', { body: wiki })).status).toBe(201)
    await goto('/resource-apps/plans')
    for (const item of ['Edit', 'View as', 'Delete']) {
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name: item }).click()
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await expect.poll(focused, { message: item }).toBe('More actions')
    }
    await page.getByRole('button', { name: 'Create connection' }).focus()
    await page.keyboard.press('Control+k')
    // Only then does it handle keys.
    await page.getByRole('dialog').getByRole('combobox').and(page.locator(':focus')).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(focused).toBe('Create connection')
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('combobox').fill('delete')
    await page.getByRole('option', { name: /^Delete/ }).click()
    await page.getByRole('dialog', { name: 'Delete Plans' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(focused).toBe('Create connection')

    await goto('/decisions')
    await page.getByRole('button', { name: 'Pause updates' }).click()
    expect(await focused()).toBe('Resume updates')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Pause updates' }).waitFor()
    await goto('/policies/new')
    await page.getByRole('button', { name: 'Add condition' }).click()
    await page.getByRole('combobox', { name: 'Condition' }).and(page.locator(':focus')).waitFor()
    await page.getByRole('button', { name: /^Remove condition/ }).click()
    await expect.poll(focused).toBe('Add condition')
  })

  it('closes only the top layer with Escape', async () => {
    const { page, goto } = ada
    const { body } = await world.admin('POST', '/access-requests', {
      body: { user: 'usr_bob', app: 'agent0', resourceApp: 'todo0', scopes: ['todos.read'], reason: 'sales' },
    })
    const drawer = page.getByRole('dialog', { name: 'Access request' })
    const dialog = page.getByRole('dialog', { name: 'Decline the request' })
    // A link opens all layers at once; by hand they open one after another.
    for (const byLink of [true, false]) {
      await goto(byLink ? `/inbox?open=${String(body.id)}` : '/inbox')
      if (!byLink) await page.getByRole('button', { name: 'Review request' }).click()
      await drawer.getByRole('button', { name: 'Decline request' }).click()
      await dialog.waitFor()
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      await drawer.getByRole('button', { name: 'Decline request' }).waitFor()
      await page.keyboard.press('Escape')
      await drawer.waitFor({ state: 'detached' })
    }
  })

  it('activates a draft with one button, whose menu is readable in every theme', async () => {
    const { page, goto } = ada
    await goto('/connections/other-notes0')
    await page.getByText('No tokens are issued until you activate it.').waitFor()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Revoke connection' }).waitFor()
    for (const theme of ['light', 'dark', 'contrast'] as const) {
      await page.evaluate(showTheme(theme))
      expect(await findSeriousProblems(page, ['color-contrast'], '[role=menu]'), theme).toEqual([])
    }
    await page.evaluate(showTheme('light'))
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Activate connection' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Other may act for members of engineering at Notes0').waitFor()
    await dialog.getByLabel('Reason').fill('tried in the simulator')
    await dialog.getByRole('button', { name: 'Activate connection' }).click()
    await page.getByText('Activated. It takes effect on the next request.').waitFor()
    await page.getByRole('button', { name: 'Suspend' }).waitFor()
    const { body } = await world.admin('GET', '/connections/other-notes0')
    expect(body.status).toBe('active')
  })
})
