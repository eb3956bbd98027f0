// Error states are shown as what they are: server unreachable, stale data, concurrent change, missing permission, expired session, not found.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { findSeriousProblems } from './axe.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'
import { snap } from './snap.ts'

const API = '**/admin/api/v1/**'

describeWithBrowser('states of the console', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  beforeAll(async () => {
    world = await startConsoleWorld()
    ada = await world.signIn('ada')
    const made = await world.admin('POST', '/connections', {
      body: { id: 'other-notes0', app: 'other', resourceApp: 'notes0', clientId: 'x', scopes: [] },
    })
    expect(made.status).toBe(201)
  })
  afterAll(() => world.stop())

  it('reports an unreachable server, and recovers', async () => {
    const { page, goto } = ada
    await page.route(API, (route) => route.abort())
    await goto('/connections')
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor()
    expect(await page.getByText('No connections').count()).toBe(0)
    await page.unroute(API)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('link', { name: /Agent0.*Todo0/ }).waitFor()
  })

  it('labels data as stale if a refresh fails', async () => {
    const { page, goto } = ada
    await goto('/connections/agent0-todo0')
    await page.route('**/connections/agent0-todo0', (route) =>
      route.fulfill({ status: 503, body: 'gone for a moment' }),
    )
    await world.admin('POST', '/connections/agent0-todo0/suspend', { body: { reason: 'while it was away' } })
    await page.getByText(/Could not refresh. Showing data from/).waitFor()
    await page.unroute('**/connections/agent0-todo0')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('while it was away').waitFor()
    expect(await page.getByText(/Could not refresh/).count()).toBe(0)
    await world.admin('POST', '/connections/agent0-todo0/resume', { body: { reason: 'done' } })
  })

  it('names what a list leaves out because the server cannot read it', async () => {
    const { page, goto } = ada
    const unreadable = [{ collection: 'reviews', id: 'rev_old', problem: '/count: is missing' }]
    await page.route('**/admin/api/v1/reviews?*', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...(await response.json()), unreadable } })
    })
    await goto('/reviews')
    const notice = page.getByRole('alert').filter({ hasText: 'This list is not complete' })
    await notice.getByText('reviews/rev_old').waitFor()
    expect(await notice.getByText('/count: is missing').count()).toBe(1)
    expect(await findSeriousProblems(page)).toEqual([])
    // The list may be read once more meanwhile.
    await page.unrouteAll({ behavior: 'wait' })
    await goto('/connections')
    await page.getByRole('link', { name: /Agent0.*Todo0/ }).waitFor()
    expect(await notice.count()).toBe(0)
  })

  it('does not overwrite a concurrent change', async () => {
    const { page, goto } = ada
    await goto('/connections/other-notes0')
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await page.getByLabel('Client ID at the resource').fill('mine')
    const { etag } = await world.admin('GET', '/connections/other-notes0')
    const theirs = await world.admin('PATCH', '/connections/other-notes0', {
      body: { clientId: 'theirs' },
      ifMatch: etag,
    })
    expect(theirs.status).toBe(200)
    await page.getByRole('button', { name: 'Review and save' }).click()
    await page.getByLabel('Reason').fill('mine is better')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Another administrator changed this').waitFor()
    expect((await world.admin('GET', '/connections/other-notes0')).body.clientId).toBe('theirs')
    await page.getByRole('button', { name: 'Load latest version' }).click()
    await page.locator('input[value="theirs"]').waitFor()
  })

  it('shows which fields the server rejected', async () => {
    const { page, goto } = ada
    await goto('/connections/other-notes0')
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await page.getByRole('combobox', { name: 'Authentication level (acr)' }).fill('x')
    await page.getByLabel('Client ID at the resource').fill('ungültig')
    await page.getByRole('button', { name: 'Review and save' }).click()
    await page.getByLabel('Reason').fill('try')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const problem = page.getByRole('alert').filter({ hasText: 'Client ID' })
    await problem.waitFor()
    // The button was disabled while it saved, and so lost the focus.
    await problem.and(page.locator(':focus')).waitFor({ timeout: 5000 })
  })

  it('shows file objects as read-only, and says why', async () => {
    const { page, goto } = ada
    await goto('/connections/agent0-todo0')
    await page.getByText('Configuration file').waitFor()
    await page.getByRole('button', { name: 'More actions' }).click()
    const edit = page.getByRole('menuitem', { name: 'Edit' })
    expect(await edit.getAttribute('aria-disabled')).toBe('true')
    await edit.getByText('Defined in the configuration file').waitFor()
    // The control stays visible but does nothing.
    await edit.click({ force: true })
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('shows a role only what it may see, and names the roles for other actions', async () => {
    const hedy = await world.signIn('hedy')
    await hedy.goto('/connections')
    await hedy.page.getByText('Your role does not show this').waitFor()
    await hedy.page.getByText(/^Requires another role: Owner, Administrator/).waitFor()
    await hedy.page.getByText('You are signed in as Helpdesk.').waitFor()
    const navigation = hedy.page.getByRole('navigation', { name: 'Main' })
    expect(await navigation.getByRole('link', { name: 'Connections' }).count()).toBe(0)
    await navigation.getByRole('link', { name: 'Users', exact: true }).waitFor()
    expect(hedy.complaints).toEqual([])
    await hedy.context.close()
    const aude = await world.signIn('aude')
    await aude.goto('/connections/agent0-todo0')
    const suspend = aude.page.getByRole('button', { name: 'Suspend' })
    expect(await suspend.getAttribute('aria-disabled')).toBe('true')
    await suspend.focus()
    await aude.page
      .getByRole('tooltip')
      .getByText(/Administrator/)
      .waitFor()
    await aude.context.close()
  })

  it('hides what a lost role no longer allows, without a reload', async () => {
    const body = { id: 'administrator on call', members: ['usr_hedy'] }
    expect((await world.admin('POST', '/groups', { body })).status).toBe(201)
    const { page, goto, context } = await world.signIn('hedy')
    await goto('/connections')
    const row = page.getByRole('link', { name: /Agent0.*Todo0/ })
    await row.waitFor()
    await page.getByRole('button', { name: 'Create connection' }).waitFor()
    const { etag } = await world.admin('GET', '/groups/administrator%20on%20call')
    await world.admin('PATCH', '/groups/administrator%20on%20call', { body: { members: [] }, ifMatch: etag })
    await page.getByText('Your role does not show this').waitFor()
    expect(await row.count()).toBe(0)
    const navigation = page.getByRole('navigation', { name: 'Main' })
    expect(await navigation.getByRole('link', { name: 'Connections' }).count()).toBe(0)
    await context.close()
  })

  it('does not report an expired session as an unreachable server', async () => {
    const { page, goto, context } = await world.signIn('sec')
    await goto('/blocks')
    await page.getByRole('button', { name: 'Create block' }).click()
    await page.getByRole('combobox', { name: 'App', exact: true }).fill('other')
    await page.getByLabel('Reason').fill('too late')
    await context.clearCookies()
    await page.getByRole('dialog').getByRole('button', { name: 'Create block' }).click()
    await page.getByRole('link', { name: 'Sign in' }).waitFor()
    expect((await world.admin('GET', '/blocks')).body.items).toEqual([])
    await context.close()
  })

  it.each([
    {
      status: 503,
      body: { type: 'urn:crosswalk:problem:busy', title: 'Too many exports', detail: 'Others are running.' },
      title: 'Too many exports',
      message: 'Others are running. Try again in 5 seconds.',
    },
    {
      status: 422,
      body: {
        type: 'urn:crosswalk:problem:too-much',
        title: 'Too large',
        detail: 'Choose a shorter period.',
      },
      title: 'The server rejected the request',
      message: 'Choose a shorter period.',
    },
    {
      status: 403,
      body: { type: 'urn:crosswalk:problem:forbidden', title: 'Forbidden', detail: 'Required role: owner.' },
      title: 'Your role does not permit this',
      message: 'Required role: owner.',
    },
  ])('says why evidence cannot be downloaded: $status', async ({ status, body, title, message }) => {
    const { page, goto } = ada
    await goto('/audit')
    await page.route('**/audit-events/pack?*', (route) =>
      route.fulfill({
        status,
        contentType: 'application/problem+json',
        headers: { 'retry-after': '5' },
        json: { ...body, status },
      }),
    )
    await page.getByRole('button', { name: 'Download evidence' }).click()
    const dialog = page.getByRole('dialog', { name: 'Download evidence' })
    await dialog.getByText('Only Log: Administrators.').waitFor()
    await dialog.getByRole('button', { name: 'Download evidence' }).click()
    const alert = dialog.getByRole('alert')
    await alert.getByText(title).waitFor()
    await alert.getByText(message).waitFor()
    await page.unroute('**/audit-events/pack?*')
  })

  it('says when to repeat a change that a busy server rejected', async () => {
    const { page, goto } = ada
    const title = 'The database does not respond'
    await goto('/connections/agent0-todo0')
    await page.route('**/suspend', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        headers: { 'retry-after': '1' },
        json: { type: 'urn:crosswalk:problem:unavailable', title, status: 503 },
      }),
    )
    await page.getByRole('button', { name: 'Suspend' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('test')
    await dialog.getByRole('button', { name: 'Suspend' }).click()
    await dialog.getByRole('alert').getByText(title).waitFor()
    await dialog.getByText('Try again in 1 second.').waitFor()
    await page.unroute('**/suspend')
  })

  it('does not read a list without end to find the row of a link', async () => {
    const { page, goto } = ada
    const path = '**/api/v1/recommendations?*'
    const first = { items: [], next: 'more', open: { critical: 0, warning: 0, info: 0 } }
    let reads = 0
    await page.route(path, (route) => {
      if (!route.request().url().includes('cursor=')) return route.fulfill({ json: first })
      reads += 1
      const problem = { type: 'urn:crosswalk:problem:invalid-request', title: 'Invalid cursor', status: 400 }
      return route.fulfill({ status: 400, contentType: 'application/problem+json', json: problem })
    })
    await goto('/recommendations?open=rec_x')
    await page.getByRole('dialog').getByText('Invalid cursor').waitFor()
    expect(reads).toBe(1)
    await page.unroute(path)
  })

  it('does not say that nothing is found while it still searches', async () => {
    const { page, goto } = ada
    await goto('/connections')
    let answer = () => {}
    const asked = new Promise<void>((resolve) => (answer = resolve))
    const search = /\/api\/v1\/[\w-]+\?.*q=notes0/
    await page.route(search, async (route) => {
      await asked
      await route.continue()
    })
    const searches = page.waitForRequest(search)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /^Search/ }).fill('notes0')
    await searches
    const palette = page.getByRole('dialog', { name: 'Search and commands' })
    await palette.getByText('Searching').waitFor()
    expect(await palette.getByText('No results.').count()).toBe(0)
    answer()
    await palette
      .getByRole('option', { name: /Notes0/ })
      .first()
      .waitFor()
    await page.unroute(search)
    await page.keyboard.press('Escape')
  })

  it('searches a list whose first pages are empty, and says so where it stops', async () => {
    const { page, load } = ada
    let pages = 3
    await page.route('**/api/v1/what-can*', (route) => {
      const at = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 1)
      return route.fulfill({ json: { items: [], next: at < pages ? String(at + 1) : null } })
    })
    await load('/apps/agent0?tab=reach')
    await page.getByRole('heading', { name: 'No access' }).waitFor()
    pages = 11
    await load('/users/usr_bob')
    await page.getByText('Nothing found so far').waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByText('No app can act for bob').waitFor()
    pages = 3
    await load('/connections/agent0-todo0')
    await page.getByText('No users. Check the assignments of the connection and both apps.').waitFor()
    await page.unroute('**/api/v1/what-can*')
  })

  it('shows the open tab of a page on a narrow screen', async () => {
    const { page, goto, context } = await world.signIn('ada', { width: 390, theme: 'dark' })
    await goto('/connections/agent0-todo0?tab=history')
    const right = async () => {
      const box = await page.getByRole('tab', { name: 'History' }).boundingBox()
      return (box?.x ?? Number.NaN) + (box?.width ?? Number.NaN)
    }
    await expect.poll(right).toBeLessThanOrEqual(390)
    await context.close()
  })

  it('reports an export that failed', async () => {
    const { page, goto } = ada
    await goto('/decisions')
    await page.route('**/api/v1/decisions?*', (route) => route.abort())
    await page.getByRole('button', { name: 'Export CSV' }).click()
    await page.getByText('The action failed').waitFor()
    await page.unroute('**/api/v1/decisions?*')
  })

  it('runs the tests of a connection whose app describes itself', async () => {
    const { page, goto } = ada
    const notFound = { type: 'urn:crosswalk:problem:not-found', title: 'Not found', status: 404 }
    await page.route('**/api/v1/apps/agent0', (route) =>
      route.fulfill({ status: 404, contentType: 'application/problem+json', json: notFound }),
    )
    await goto('/connections/agent0-todo0?tab=tests')
    await page.getByText('No tests for this connection').waitFor()
    await page.unroute('**/api/v1/apps/agent0')
  })

  it('shows why a draft of claims has no token', async () => {
    const { page, goto } = ada
    await world.admin('POST', '/resource-apps', {
      body: { id: 'wiki', name: 'Wiki', issuer: 'https://wiki.test', assignments: { everyone: true } },
    })
    const body = { id: 'agent0-wiki', app: 'agent0', resourceApp: 'wiki', clientId: 'x', scopes: [] }
    const made = await world.admin('POST', '/connections', {
      body: { ...body, assignments: { everyone: true }, status: 'active' },
    })
    expect(made.status).toBe(201)
    await goto('/connections/agent0-wiki?tab=target')
    await page.getByRole('textbox', { name: 'Additional claims' }).fill('iss = user.id')
    await page
      .getByRole('region', { name: 'Token preview' })
      .getByText('The server rejected the request')
      .waitFor()
  })

  it('links the sums of a chart to the same decisions', async () => {
    const { page, goto } = ada
    await goto('/decisions?about=sign-in')
    const sum = page
      .getByRole('region', { name: 'Decisions over time' })
      .getByRole('link', { name: 'Allowed' })
    expect(await sum.getAttribute('href')).toBe('/admin/decisions?outcome=allow&about=sign-in&period=24h')
  })

  it('moves the period of a list with time, except while paused', async () => {
    const { page, load } = await world.signIn('ada')
    const starts: number[] = []
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url())
      const since = searchParams.get('since')
      if (/\/(decisions|audit-events)$/.test(pathname) && since !== null) starts.push(Date.parse(since))
    })
    await page.clock.install()
    for (const path of ['/decisions?period=1h', '/timeline?app=agent0']) {
      starts.splice(0)
      await load(path)
      await expect.poll(() => starts.length).toBeGreaterThan(0)
      const [first = 0] = starts
      // Again until the first answer is there, which starts the timer.
      await expect
        .poll(async () => {
          await page.clock.fastForward('02:00')
          return Math.max(...starts) - first
        })
        .toBeGreaterThanOrEqual(120_000)
    }
    await load('/decisions?period=1h')
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Resume' }).waitFor()
    starts.splice(0)
    await page.clock.fastForward('02:00')
    expect(starts).toEqual([])
    await page.getByRole('button', { name: 'Resume' }).click()
    await expect.poll(() => starts.length).toBeGreaterThan(0)
    await page.context().close()
  })

  it('keeps its session alive for a user who acts, not for an open page', async () => {
    const { page, load } = await world.signIn('ada')
    const requests: { readonly path: string; readonly isUnattended: boolean }[] = []
    page.on('request', (request) => {
      const { pathname: path } = new URL(request.url())
      const isUnattended = request.headers()['crosswalk-unattended'] === '1'
      if (/^\/admin\/(api|session)/.test(path)) requests.push({ path, isUnattended })
    })
    await page.clock.install()
    await load('/decisions?period=1h')
    await expect.poll(() => requests.length).toBeGreaterThan(0)
    expect(requests.filter(({ isUnattended }) => isUnattended)).toEqual([])
    await expect
      .poll(async () => {
        await page.clock.fastForward('02:00')
        return requests.some(({ isUnattended }) => isUnattended)
      })
      .toBe(true)
    await page.clock.fastForward('05:00')
    requests.splice(0)
    await page.keyboard.press('Shift')
    await expect.poll(() => requests).toContainEqual({ path: '/admin/session', isUnattended: false })
    await page.context().close()
  })

  it('does not take a failed read for an absent value', async () => {
    const { page, goto, load } = ada
    await goto('/audit?type=connection.created')
    await page.route('**/history', (route) => route.abort())
    await page.locator('tr[data-row]').filter({ hasText: 'other' }).first().click()
    await page.getByRole('dialog').getByText('The server cannot be reached').waitFor()
    await page.unroute('**/history')
    await page.route('**/audit-retention', (route) => route.abort())
    await load('/settings/retention')
    const row = page.getByRole('table').getByRole('row').last()
    await row.waitFor()
    expect(await row.getByText('never').count()).toBe(0)
    await page.unroute('**/audit-retention')
  })

  it('names the first of many apps that have a scope', async () => {
    const { page, goto } = ada
    const { body } = await world.admin('GET', '/connections/agent0-todo0')
    const many = Array.from({ length: 200 }, (_, n) => ({ ...body, id: `many-${n}` }))
    const path = '**/api/v1/connections?*resourceApp=todo0*'
    await page.route(path, (route) => route.fulfill({ json: { items: many, next: null } }))
    await goto('/resource-apps/todo0?tab=scopes')
    const row = page.getByRole('row').filter({ hasText: 'and 180 more' }).first()
    await row.waitFor()
    expect(await row.getByRole('link', { name: 'Agent0' }).count()).toBe(20)
    await page.unroute(path)
    await row.getByRole('link', { name: 'and 180 more' }).click()
    await page.getByRole('tab', { name: 'Connections', selected: true }).waitFor()
  })

  it('follows changes again after a proxy rejected the stream', async () => {
    const { page, load } = ada
    await page.route('**/admin/live?*', (route) => route.fulfill({ status: 502, body: 'restarting' }))
    await load('/connections')
    await page.getByText('Offline. Reconnecting').waitFor()
    await page.unroute('**/admin/live?*')
    await page.getByText('Live', { exact: true }).waitFor()
  })

  it('keeps the dialog that is open when an earlier change finishes, and reports that it failed', async () => {
    const { page, goto } = ada
    await goto('/connections/agent0-todo0')
    let answer = () => {}
    const asked = new Promise<void>((resolve) => (answer = resolve))
    await page.route('**/suspend', async (route) => {
      await asked
      await route.fulfill({ status: 502, body: 'gone for a moment' })
    })
    await page.getByRole('button', { name: 'Suspend' }).click()
    await page.getByLabel('Reason').fill('a slow change')
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Suspend' }).click()
    await page.getByLabel('Reason').fill('another change')
    answer()
    await page.getByText('The action failed').waitFor()
    expect(await page.getByLabel('Reason').inputValue()).toBe('another change')
    await page.unroute('**/suspend')
  })

  it('offers to load a page again whose program could not be loaded', async () => {
    const { page, load } = ada
    await load('/connections')
    await page.route('**/assets/retention-page*', (route) => route.abort())
    await page.evaluate(`
      history.pushState({}, '', '/admin/settings/retention')
      dispatchEvent(new PopStateEvent('popstate'))`)
    const again = page.getByRole('button', { name: 'Try again' })
    await again.waitFor()
    await page.unroute('**/assets/retention-page*')
    await again.click()
    await page.getByRole('heading', { name: 'Retention', level: 1 }).waitFor()
  })

  it('reports that signing out failed', async () => {
    const { page, goto } = ada
    await goto('/connections')
    await page.route('**/admin/sign-out', (route) => route.fulfill({ status: 503, json: { status: 503 } }))
    await page.getByRole('button', { name: /^Signed in as/ }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('The action failed').first().waitFor()
    await page.unroute('**/admin/sign-out')
    expect(new URL(page.url()).pathname).toBe('/admin/connections')
  })

  it('finds the connections of a user whose id is part of many others', async () => {
    const { page } = ada
    let answer = () => {}
    const asked = new Promise<void>((resolve) => (answer = resolve))
    const users = '**/api/v1/users?*'
    await page.route(users, async (route) => {
      await asked
      const isSearch = new URL(route.request().url()).searchParams.has('q')
      await (isSearch ? route.fulfill({ json: { items: [], next: 'more' } }) : route.continue())
    })
    const [alice] = (await world.admin('GET', '/users?q=alice')).body.items
    const loads = page.waitForResponse('**/api/v1/connections?*')
    await page.evaluate(`
      history.pushState({}, '', '/admin/map?user=${alice.id}')
      dispatchEvent(new PopStateEvent('popstate'))`)
    await (await loads).finished()
    await page.getByRole('heading', { name: 'Map' }).waitFor()
    expect(await page.getByText('No matching connections').count()).toBe(0)
    answer()
    await page.getByRole('link', { name: /Agent0.*Todo0/ }).waitFor()
    await page.unroute(users)
  })

  it('reports a failed object search in the palette', async () => {
    const { page, goto } = ada
    await goto('/')
    await page.route(API, (route) => route.abort())
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('alice')
    await page
      .getByRole('alert')
      .getByText(/Showing pages and actions only/)
      .waitFor()
    expect(await page.getByText('No results.').count()).toBe(0)
    await page.unroute(API)
    await page.keyboard.press('Escape')
  })

  it('asks to sign in again as soon as the user loses access', async () => {
    const { page, goto, context } = await world.signIn('grace')
    await goto('/users')
    await page.getByRole('link', { name: 'Ada' }).waitFor()
    await world.admin('POST', '/users/usr_grace/suspend', { body: { reason: 'left' } })
    await page.getByRole('link', { name: 'Sign in' }).waitFor()
    expect(await page.getByRole('link', { name: 'Ada' }).count()).toBe(0)
    await context.close()
  })

  it('shows a filter for an object that does not exist', async () => {
    const { page, goto } = ada
    await goto('/timeline?app=deleted-app')
    const filter = page.getByRole('combobox', { name: 'Requesting app' })
    await expect.poll(() => filter.inputValue()).toBe('deleted-app')
  })

  it('keeps filters as a view that outlasts a reload, until it is deleted', async () => {
    const { page, goto } = ada
    const views = page.getByRole('button', { name: 'Saved views' })
    const choose = async (name: string) => {
      await views.click()
      await page.getByRole('menuitem', { name }).click()
    }
    await goto('/decisions')
    const outcome = page.getByLabel('Outcome')
    await outcome.waitFor()
    // Nothing is saved, and there is nothing to save.
    expect(await views.count()).toBe(0)
    await outcome.selectOption({ label: 'Denied' })
    await choose('Save these filters')
    const name = page.getByRole('textbox', { name: 'Name' })
    expect(await name.inputValue()).toBe('Outcome: Denied')
    expect(await findSeriousProblems(page)).toEqual([])
    await snap(page, 'pages/saved-view-dialog')
    await name.fill('Denials')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.getByRole('search').getByRole('button', { name: 'Clear filters' }).click()
    await page.reload()
    await choose('Denials')
    await page.waitForURL(/\?(.*&)?outcome=deny/)
    await views.click()
    await snap(page, 'pages/saved-views')
    await page.getByRole('menuitem', { name: 'Delete Denials' }).click()
    await page.getByRole('search').getByRole('button', { name: 'Clear filters' }).click()
    await views.waitFor({ state: 'hidden' })
  })

  it('reports an object that does not exist', async () => {
    const { page, goto, load } = ada
    await goto('/connections?q=nothing-is-called-so')
    await page.getByText('No results for these filters').waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).first().click()
    await page.getByRole('link', { name: /Agent0.*Todo0/ }).waitFor()
    await goto('/decisions/dec_nothing')
    await page.getByText('Not found').waitFor()
    await load('/no/such/page')
    await page.getByText('Page not found').waitFor()
  })

  it.each([
    ['an event', '/audit?open=evt_nothing', 'Audit event'],
    ['an inbox item', '/inbox?open=review:rev_nothing:none', 'Inbox'],
  ])('says so if a link opens %s that the list does not have', async (_, path, name) => {
    const { page, goto } = ada
    await goto(path)
    const drawer = page.getByRole('dialog', { name })
    await drawer.getByText('Not in this list').waitFor()
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })
    expect(page.url()).not.toContain('nothing')
  })

  it('names deleted objects in their events', async () => {
    const { page, goto } = ada
    const user = await world.admin('POST', '/users', { body: { username: 'ines', name: 'Ines 🐝' } })
    const removed = await world.admin('DELETE', `/users/${user.body.id}`, { ifMatch: user.etag })
    expect(removed.status).toBe(204)
    await goto('/audit')
    for (const what of ['User created', 'User deleted'])
      await page.getByRole('row').filter({ hasText: what }).filter({ hasText: 'Ines 🐝' }).waitFor()
    await page.getByRole('row').filter({ hasText: 'User created' }).filter({ hasText: 'Ines 🐝' }).click()
    const change = page.getByRole('dialog').locator('.cw-changes')
    await change.locator('ins').filter({ hasText: 'Ines 🐝' }).waitFor()
    // Nothing was there before.
    expect(await change.locator('del').count()).toBe(0)
    expect(await change.innerText()).not.toContain('none')
    await page.keyboard.press('Escape')
  })

  it('does not blame assignments while a connection is not in effect', async () => {
    const { page, goto } = ada
    const body = { id: 'other-todo0', app: 'other', resourceApp: 'todo0', clientId: 'x', status: 'draft' }
    const created = await world.admin('POST', '/connections', { body: { ...body, scopes: ['todos.read'] } })
    expect(created.status).toBe(201)
    await goto('/connections/other-todo0')
    await page.getByText('No users, because the connection is not in effect.').waitFor()
  })

  it('shows guidance while nothing is connected', async () => {
    const { page, goto } = ada
    await page.route('**/api/v1/connections?*', (route) => route.fulfill({ json: { items: [], next: null } }))
    await goto('/connections')
    await page.getByText('No connections').waitFor()
    expect(await page.locator('ol.cw-left li').count()).toBe(4)
    await goto('/')
    await page.getByRole('heading', { name: 'No connections' }).waitFor()
    await page.getByText('A connection is proved by a real exchange').waitFor()
    await page.unroute('**/api/v1/connections?*')
  })
})
