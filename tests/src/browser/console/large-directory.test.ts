// A company with more objects than one page of any list: later objects are still counted, found and selectable, and pages that have not read
// everything make no claims about everything.
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld, TIMEOUT_MS } from './console-world.ts'
import { snapBoth } from './snap.ts'

/** One more than a page of the API, so that the last object of each kind is not on it. */
const MANY = 201
const numbers = Array.from({ length: MANY }, (_, index) => String(index + 1).padStart(3, '0'))
const DAY_MS = 86_400_000

/** Sorts after all other names. */
const LAST = {
  app: 'zz-app',
  resourceApp: 'zz-product',
  connection: 'zz-connection',
  user: 'usr_zz',
} as const

const everyone = { everyone: true }

function manyApps(): readonly object[] {
  const agent = (id: string, name: string, owners: readonly string[]) => ({
    id,
    name,
    kind: 'agent',
    auth: { method: 'none' },
    redirectUris: ['http://127.0.0.1:7777/callback'],
    assignments: everyone,
    owners,
  })
  return [
    ...numbers.map((n) => agent(`app-${n}`, `App ${n}`, ['usr_zz'])),
    agent(LAST.app, 'The last app', []),
  ]
}

function manyResourceApps(): readonly object[] {
  const product = (id: string, name: string) => ({
    id,
    name,
    issuer: `https://${id}.test`,
    resources: [{ id: `https://${id}.test/api`, scopes: ['read'] }],
    assignments: everyone,
  })
  return [
    ...numbers.map((n) => product(`product-${n}`, `Product ${n}`)),
    product(LAST.resourceApp, 'The last product'),
  ]
}

function manyConnections(): readonly object[] {
  const connection = (id: string, app: string, change: object) => ({
    id,
    app,
    resourceApp: 'product-001',
    clientId: id,
    resources: ['https://product-001.test/api'],
    scopes: [],
    assignments: everyone,
    status: 'active',
    ...change,
  })
  return [
    ...numbers.map((n) => connection(`connection-${n}`, `app-${n}`, {})),
    connection(LAST.connection, LAST.app, {
      scopes: ['read'],
      expiresAt: new Date(Date.now() + 3 * DAY_MS).toISOString(),
    }),
  ]
}

const manyUsers = () => [
  ...numbers.map((n) => ({ id: `usr_${n}`, username: `person-${n}` })),
  { id: LAST.user, username: 'zz', name: 'Zora Zimt' },
]

const PATIENCE = { timeout: TIMEOUT_MS }

describeWithBrowser('a large company in the console', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  beforeAll(async () => {
    world = await startConsoleWorld({
      more: {
        users: manyUsers(),
        apps: manyApps(),
        resourceApps: manyResourceApps(),
        connections: manyConnections(),
      },
    })
    ada = await world.signIn('ada')
  })
  afterAll(() => world.stop())

  it('makes no claims from the first page alone, and queries what expires soon', async () => {
    const { page, goto, complaints } = ada
    await goto('/')
    const attention = page.getByRole('region', { name: 'Needs attention' })
    await attention.getByText('1 connection expires within 14 days').waitFor()
    // One of them is not on the first page.
    await attention.getByText('2 agents without an active owner').waitFor()
    expect(await attention.getByText('Nothing needs attention.').count()).toBe(0)
    await goto('/set-up')
    const owners = page.getByRole('listitem').filter({ hasText: 'Each agent has an owner' })
    await owners.getByRole('img', { name: 'to do' }).waitFor()
    expect(complaints).toEqual([])
  })

  it('shows the facts of each row, also beyond the first page', async () => {
    const { page, goto } = ada
    await goto('/connections')
    const more = page.getByRole('button', { name: 'Show more' })
    for (let shown = 50; shown <= 200; shown += 50) {
      await page.getByText(`${shown} shown`).waitFor()
      await more.click()
    }
    const last = page.getByRole('row').filter({ hasText: 'The last app' })
    await last.waitFor()
    await expect.poll(() => page.getByText('…', { exact: true }).count(), PATIENCE).toBe(0)
    const { body } = await world.admin('GET', `/connection-facts?ids=${LAST.connection}`)
    const [fact] = body.items as { people: number }[]
    expect(fact?.people).toBeGreaterThan(MANY)
    expect(await last.getByRole('cell').allInnerTexts()).toContain(String(fact?.people))
  })

  it('shows who has a scope through a connection beyond the first page', async () => {
    const { page, goto } = ada
    await goto('/resource-apps/product-001?tab=scopes')
    await page.getByRole('row', { name: /read.*The last app/ }).waitFor()
  })

  it('compares, registers and simulates resource apps beyond the first page', async () => {
    const { page, goto, complaints } = ada
    await goto('/settings/readiness')
    await page.getByText('Shows 5 of 204 resource apps.').waitFor()
    await page.getByRole('combobox', { name: 'Resource app' }).fill('last')
    await page.getByRole('option', { name: 'The last product' }).click()
    await page.getByRole('columnheader', { name: 'The last product' }).waitFor()
    expect(await page.getByRole('columnheader').count()).toBe(2)
    await goto('/settings/registrations?app=zz-app')
    await page
      .getByRole('row')
      .filter({ hasText: 'The last app' })
      .getByText('https://product-001.test')
      .waitFor()
    await goto('/settings/registrations?app=agent0')
    // Todo0 sorts after all of the first page.
    await expect.poll(() => page.getByText('Registered', { exact: true }).count(), PATIENCE).toBe(2)
    await goto('/simulator')
    await page.getByRole('combobox', { name: 'Resource app' }).selectOption('The last product')
    expect(complaints).toEqual([])
  })

  it('finds both ends of a new connection while typing, and an existing connection', async () => {
    const { page, goto, complaints } = ada
    await goto('/connections/new')
    await page.getByRole('combobox', { name: 'Requesting app' }).fill('last')
    await page.getByRole('option', { name: 'The last app zz-app' }).click()
    await page.getByLabel('Search by name or id').fill('product-001')
    await page.getByRole('radio', { name: 'Product 001' }).check()
    await page.getByRole('alert').getByText('already').waitFor()
    await page.getByLabel('Search by name or id').fill('last')
    await page.getByRole('radio', { name: 'The last product' }).check()
    await page.getByRole('alert').waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Client ID at the resource').fill('zz')
    // On a phone too, each icon is beside its sentence, even if that needs two lines.
    await page.setViewportSize({ width: 390, height: 844 })
    const facts = page.locator('.cw-plain-list > li')
    const drops = await facts.evaluateAll((rows) =>
      rows.map(({ children: [icon, words] }) => {
        const [above = 0, below = 0] = [icon, words].map((one) => one?.getBoundingClientRect().top)
        return below - above
      }),
    )
    expect(drops.length).toBeGreaterThan(0)
    expect(Math.max(...drops)).toBeLessThan(10)
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('checkbox', { name: 'https://zz-product.test/api' }).check()
    await page.getByRole('checkbox', { name: 'read', exact: true }).check()
    await page.getByRole('combobox', { name: 'Users' }).fill('zora')
    await page.getByRole('option', { name: 'Zora Zimt' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    // Neither is among the first users of the directory.
    const predicted = page.getByRole('listitem').filter({ hasText: 'Zora Zimt' })
    await predicted.getByText('The last app sent no credentials').waitFor()
    expect(await page.getByRole('combobox', { name: 'User', exact: true }).inputValue()).toBe('Zora Zimt')
    await page.getByRole('button', { name: 'Create connection' }).click()
    await page.getByText('Waiting for the first exchange.').waitFor()
    const { body } = await world.admin('GET', '/connections/zz-app-zz-product')
    expect(body).toMatchObject({ app: LAST.app, assignments: { users: [LAST.user] } })
    expect(complaints).toEqual([])
  })

  it('tells users of the same name apart by their user names, and shows which directory provisions a user', async () => {
    const { page, goto, load, complaints } = ada
    for (const more of [
      { id: 'usr_kim_1', username: 'kim.sales', directory: 'okta' },
      { id: 'usr_kim_2', username: 'kim.legal' },
    ])
      expect(await world.admin('POST', '/users', { body: { ...more, name: 'Kim Lee' } })).toMatchObject({
        status: 201,
      })
    await goto('/apps/new')
    await page.getByRole('combobox', { name: 'Owners' }).fill('kim lee')
    const first = page.getByRole('option', { name: 'Kim Lee' }).first()
    await first.and(page.locator('[data-combobox-selected]')).waitFor()
    const colourOf = async (part: Locator) =>
      await part.evaluate((shown) => shown.ownerDocument.defaultView?.getComputedStyle(shown).color)
    expect(await colourOf(first.locator('code'))).toBe(await colourOf(first))
    await snapBoth(page, 'pages/console-namesakes')
    await page.getByRole('option', { name: 'Kim Lee kim.legal' }).click()
    await load('/users/usr_kim_1')
    await page.getByText('Directory okta').waitFor()
    await load('/users/usr_kim_2')
    await page.getByRole('heading', { name: 'Kim Lee' }).waitFor()
    expect(await page.getByText('Directory okta').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('keeps typed text until the options arrive, and then chooses what it names', async () => {
    const { page, load, complaints } = ada
    const answer = Promise.withResolvers<void>()
    await page.route('**/api/v1/users?*', async (route) => {
      await answer.promise
      await route.continue()
    })
    await load('/simulator')
    const field = page.getByRole('combobox', { name: 'User', exact: true })
    await field.fill('zora')
    await page.getByRole('listbox', { name: 'User' }).waitFor({ state: 'attached' })
    await field.press('Tab')
    expect(await field.inputValue()).toBe('zora')
    expect(await field.getAttribute('aria-invalid')).not.toBe('true')
    answer.resolve()
    await expect.poll(() => field.inputValue(), PATIENCE).toBe('Zora Zimt')
    await page.unroute('**/api/v1/users?*')
    expect(complaints).toEqual([])
  })

  it('says so when the text names no object, or several, and keeps it for correction', async () => {
    const { page, goto } = ada
    await goto('/kill-switch')
    const field = page.getByRole('combobox', { name: 'App', exact: true })
    await field.fill('app 20')
    await field.press('Tab')
    await page.getByText('No match. Choose one from the list.').waitFor()
    expect(await field.inputValue()).toBe('app 20')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await page.getByRole('button', { name: /^Kill/ }).count()).toBe(0)
    await field.fill('app 201')
    await page.getByRole('option', { name: 'App 201 app-201', selected: true }).waitFor()
    const active = await field.getAttribute('aria-activedescendant')
    expect(await page.locator(`[id="${active}"]`).textContent()).toBe('App 201 app-201')
    await field.press('Tab')
    await page.getByRole('button', { name: 'Press kill switch for App 201' }).waitFor()
    expect(new URL(page.url()).searchParams.get('id')).toBe('app-201')
    // What no longer names an object is no longer chosen.
    await field.fill('app 20')
    await field.press('Escape')
    await page.getByText('Choose what to block from the list.').waitFor()
    expect(new URL(page.url()).searchParams.get('id')).toBeNull()
  })

  it('filters the timeline by an app beyond the first page', async () => {
    const { page, goto } = ada
    await goto('/timeline')
    await page.getByRole('combobox', { name: 'Requesting app' }).fill('last')
    await page.getByRole('option', { name: 'The last app' }).click()
    await expect.poll(() => page.url(), PATIENCE).toContain('app=zz-app')
  })

  it('shows the connection of a request, beyond the first page', async () => {
    const { page, goto } = ada
    const asked = await world.admin('POST', '/access-requests', {
      body: {
        user: 'zz',
        app: LAST.app,
        resourceApp: 'product-001',
        scopes: ['read'],
        reason: 'plans the week',
      },
    })
    expect(asked.status).toBe(201)
    await goto(`/inbox?open=${String(asked.body.id)}`)
    await page.getByRole('link', { name: 'The last app → Product 001' }).waitFor()
  })

  it('shows names beyond the first page, and requests no more than it shows', async () => {
    const { page, load, complaints } = ada
    const asked: URL[] = []
    page.on('request', (request) => asked.push(new URL(request.url())))
    await load('/connections?q=zz')
    await page.getByRole('link', { name: /^The last app .* The last product$/ }).waitFor()
    await page.getByRole('link', { name: /^The last app .* Product 001$/ }).waitFor()
    const names = asked.filter(({ pathname }) => /\/(apps|resource-apps|users)$/.test(pathname))
    expect(names.map(({ searchParams }) => searchParams.get('ids')?.split('\n').sort())).toEqual(
      expect.arrayContaining([['product-001', 'zz-product'], ['zz-app']]),
    )
    expect(names).toHaveLength(2)
    expect(complaints).toEqual([])
  })

  it('names what an act was about, and shows the id of what has a page', async () => {
    const { page, goto, complaints } = ada
    const { status } = await world.admin('POST', `/connections/${LAST.connection}/suspend`, {
      body: { reason: 'is looked into' },
    })
    expect(status).toBe(200)
    const [request] = (await world.admin('GET', '/access-requests')).body.items
    const approved = await world.admin('POST', `/access-requests/${request?.id}/approve`, {
      body: { reason: 'for the week' },
    })
    expect(approved.status).toBe(200)
    const token = await world.admin('POST', '/tokens', { body: { name: 'nightly export', role: 'auditor' } })
    expect(token.status).toBe(201)
    await goto('/audit')
    const rows = page.getByRole('row')
    const suspended = rows.filter({ hasText: 'Connection suspended' })
    await suspended.getByText('The last app → Product 001').waitFor()
    expect(await suspended.innerText()).toContain(LAST.connection)
    const requested = rows.filter({ hasText: 'Access requested' })
    await requested.getByText('for Zora Zimt: The last app → Product 001').waitFor()
    const granted = rows.filter({ hasText: 'Access grant created' })
    await granted.getByText('for Zora Zimt: The last app → Product 001').waitFor()
    await granted.getByText('Admin token').waitFor()
    expect(await granted.innerText()).not.toContain('acg_')
    await rows.filter({ hasText: 'API token created nightly export' }).waitFor()
    await page.getByRole('combobox', { name: 'Event type' }).selectOption('API token created')
    await expect.poll(() => rows.count(), PATIENCE).toBe(2)
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await snapBoth(page, 'names-audit')
    await goto('/timeline?app=zz-app')
    await rows.filter({ hasText: 'The last app → Product 001' }).first().waitFor()
    expect(complaints).toEqual([])
  })

  it('pages recommendations, grouped and counted by severity', async () => {
    const { page, goto, complaints } = ada
    await goto('/recommendations')
    const { body } = await world.admin('GET', '/recommendations?limit=1')
    const { open } = body as { open: Record<'critical' | 'warning' | 'info', number> }
    expect(open.warning + open.info).toBeGreaterThan(50)
    await page.getByText('50 shown').waitFor()
    await page.getByRole('rowheader', { name: `Warning · ${open.warning}` }).waitFor()
    expect(await page.locator('tr[data-row]').count()).toBe(50)
    await page.getByRole('button', { name: 'Show more' }).waitFor()
    await snapBoth(page, 'recommendations-many')
    expect(complaints).toEqual([])
  })

  it('shows the apps of recommendations, and the reach of the kill switch', async () => {
    const { page, goto, complaints } = ada
    await goto('/recommendations?rule=agent-without-owner')
    const recommendation = page.getByRole('row').filter({ hasText: LAST.app })
    await recommendation.getByRole('cell', { name: `The last app ${LAST.app}` }).waitFor()
    await snapBoth(page, 'names-recommendations')
    expect(complaints).toEqual([])
    await goto('/kill')
    const field = page.getByRole('combobox', { name: 'App', exact: true })
    await field.fill('the last')
    await page.getByRole('option', { name: `The last app ${LAST.app}` }).click()
    expect(await field.inputValue()).toBe('The last app')
    const before = page.getByRole('region', { name: 'Before you start' })
    await before.getByText('Product 001').waitFor()
    await before.getByText('product-001', { exact: true }).waitFor()
    await snapBoth(page, 'names-kill')
  })

  it('shows the access grants of a connection page by page', async () => {
    const { page, goto, complaints } = ada
    const reason = 'covers for a colleague'
    for (const n of numbers.slice(0, 51)) {
      const body = { connection: 'connection-002', user: `usr_${n}`, scopes: ['read'], reason }
      expect((await world.admin('POST', '/access-grants', { body })).status).toBe(201)
    }
    await goto('/connections/connection-002')
    const table = page.getByRole('table', { name: 'Access grants' })
    const section = page.locator('.cw-table-frame', { has: table })
    const rows = section.locator('tbody tr')
    await expect.poll(() => rows.count()).toBe(50)
    await section.getByRole('button', { name: 'Show more' }).click()
    await expect.poll(() => rows.count()).toBe(51)
    expect(complaints).toEqual([])
  })

  it('shows the first of many waiting items, more on request, and opens any of them', async () => {
    const { page, goto, complaints } = ada
    const { status, body } = await world.admin('POST', '/reviews', {
      body: { name: 'Autumn', reason: 'yearly' },
    })
    expect(status).toBe(201)
    const rows = page.locator('tr[data-row]')
    await goto('/inbox')
    await page.getByText('50 shown, more available').waitFor()
    expect(await rows.count()).toBe(50)
    await snapBoth(page, 'inbox-many')
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByText('100 shown, more available').waitFor()
    expect(await rows.count()).toBe(100)
    await goto(`/inbox?open=review:${String(body.id)}:connection-201`)
    await page.getByRole('dialog').getByText('App 201').first().waitFor()
    await goto(`/reviews/${String(body.id)}`)
    const cards = page.getByRole('list', { name: 'Connections to decide' }).locator('li[data-row]')
    await cards.first().waitFor()
    expect(await cards.count()).toBe(50)
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect.poll(() => cards.count()).toBe(100)
    await page.getByRole('textbox', { name: 'Connection' }).fill('App 201')
    await expect.poll(() => cards.count()).toBe(1)
    await page.getByText('App 201').first().waitFor()
    await snapBoth(page, 'review-searched')
    await page.getByRole('textbox', { name: 'Connection' }).fill('no such app')
    await page.getByText('No results for these filters').waitFor()
    expect(complaints).toEqual([])
  })

  it('keeps the button of the kill switch near, however many resource apps it affects', async () => {
    const { page, goto, complaints } = ada
    for (const n of numbers.slice(100, 115)) {
      const body = {
        id: `zz-${n}`,
        app: LAST.app,
        resourceApp: `product-${n}`,
        clientId: `zz-${n}`,
        scopes: [],
        resources: [`https://product-${n}.test/api`],
      }
      const made = await world.admin('POST', '/connections', {
        body: { ...body, assignments: everyone, status: 'active' },
      })
      expect(made.body).toMatchObject({ id: `zz-${n}` })
    }
    await goto(`/kill-switch?kind=app&id=${LAST.app}`)
    const before = page.getByRole('region', { name: 'Before you start' })
    const affected = before.getByRole('heading', { name: /^Affected resource apps/ })
    const countAffected = async () => Number(/\d+/.exec(await affected.innerText())?.[0])
    // At first, the page shows what it showed to the test before.
    await expect.poll(countAffected).toBeGreaterThanOrEqual(15)
    const count = await countAffected()
    const rows = before.locator('.cw-kill-reach > li').filter({ visible: true })
    expect(await rows.count()).toBe(10)
    await before.getByText(`${count - 10} more`).click()
    await expect.poll(() => rows.count()).toBe(count)
    expect(complaints).toEqual([])
  })
})
