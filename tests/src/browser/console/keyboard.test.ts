// The ten most common tasks of administrators, from sign-in on, using only the keyboard: no pointer, always a visible focus, and Tab in reading
// order.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { NOTES, PASSWORD, TODO } from '../../support/company.ts'
import { exchange, signInFor } from '../../support/flow.ts'
import { type ConsoleWorld, startConsoleWorld, untilSettled } from './console-world.ts'
import { makeHistory } from './history.ts'
import { createKeyboard, type Keyboard } from './keyboard.ts'

type Page = Awaited<ReturnType<ConsoleWorld['browser']['newPage']>>

const OTHER = { id: 'other', secret: 'other secret' }

describeWithBrowser('the console by keyboard only', () => {
  let world: ConsoleWorld
  let page: Page
  let keys: Keyboard
  beforeAll(async () => {
    world = await startConsoleWorld()
    await makeHistory(world.server.baseUrl)
    await makeWork(world)
    page = await world.browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
    page.setDefaultTimeout(12_000)
    keys = await createKeyboard(page)
    await page.goto(`${world.server.baseUrl}/admin/`)
    await keys.enter(page.getByRole('link', { name: 'Sign in' }))
    await page.getByLabel('User name').waitFor()
    await keys.fill(page.getByLabel('User name'), 'ada')
    await keys.fill(page.getByLabel('Password'), PASSWORD)
    await keys.press('Enter')
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
    await untilSettled(page)
  })
  afterAll(() => world.stop())

  /** Goes to a page by its shortcut of two keys. */
  async function go(letters: string, heading: string): Promise<void> {
    await keys.press(...letters.split(' '))
    await arriveAt(heading)
  }
  async function arriveAt(heading: string): Promise<void> {
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    await untilSettled(page)
  }
  async function filterByBob(address: RegExp): Promise<void> {
    await keys.press('/')
    // An opening list resets its active option in the next tick, faster than any user types.
    await page.evaluate('new Promise((resolve) => setTimeout(resolve))')
    await keys.type('bob')
    // In a user search, wait for the result, then choose the first.
    if (await page.locator('input[role=combobox]:focus').count())
      await page.locator('[role=option][data-combobox-selected]', { hasText: 'bob' }).waitFor()
    await keys.press('Enter')
    await page.waitForURL(address)
    await page.locator('.cw-table-frame[aria-busy=false]').waitFor()
    await keys.press('Escape')
  }
  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' })
  const dialog = () => page.getByRole('dialog').last()
  /** Enters a reason in the open dialog and confirms. */
  async function confirm(label: string, reason: string): Promise<void> {
    await dialog().getByLabel('Reason').waitFor()
    await keys.fill(dialog().getByLabel('Reason'), reason)
    await keys.enter(dialog().getByRole('button', { name: label, exact: true }))
    await page.getByLabel('Reason').waitFor({ state: 'detached' })
  }

  it('reaches everything by Tab, in reading order', async () => {
    for (const heading of ['Connections', 'Simulator', 'Users', 'Kill switch', 'Overview']) {
      await keys.palette(heading, new RegExp(`^${heading}`))
      await arriveAt(heading)
      const stops = await keys.walk()
      expect(stops, heading).toEqual([...stops].sort())
      expect(stops.length, heading).toBeGreaterThan(15)
    }
  })

  it('ignores what is typed while the palette still loads', async () => {
    await page.route(/palette/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 400))
      await route.continue()
    })
    await page.goto(`${world.server.baseUrl}/admin/connections`)
    await arriveAt('Connections')
    await keys.press('Control+k')
    // `N` would open the form of a new connection.
    await keys.type('new')
    await dialog().getByRole('combobox').and(page.locator(':focus')).waitFor()
    expect(page.url()).toMatch(/connections$/)
    await keys.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    await page.unroute(/palette/)
  })

  it('lists the keys of a table in the help sheet', async () => {
    await keys.press('?')
    await dialog().getByText('Select row').waitFor()
    await keys.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    await keys.press('j', 'x')
    expect(await page.getByRole('checkbox', { name: /^Select (?!all)/, checked: true }).count()).toBe(1)
    await keys.press('x')
  })

  it('1. connects two apps and proves it', async () => {
    await go('g c', 'Connections')
    await keys.press('n')
    await keys.fill(page.getByRole('combobox', { name: 'Requesting app' }), 'Other')
    await keys.press('ArrowDown', 'Enter')
    await keys.choose(page.getByRole('radio', { name: /Todo0/ }), page.getByRole('radio').first())
    await keys.enter(button('Continue'))
    await page.getByText('It accepts ID-JAGs.').waitFor()
    await keys.fill(page.getByLabel('Client ID at the resource'), 'other-at-vendor')
    await keys.enter(button('Continue'))
    await keys.toggle(page.getByRole('checkbox', { name: TODO }))
    await keys.toggle(page.getByRole('checkbox', { name: 'todos.read' }))
    await keys.fill(page.getByRole('combobox', { name: 'Groups' }), 'engin')
    await keys.press('ArrowDown', 'Enter')
    await keys.enter(button('Continue'))
    await keys.enter(button('Continue'))
    await page.getByText('Other may act for alice at Todo0.').waitFor()
    await keys.enter(button('Create connection'))
    await page.getByText('Waiting for the first exchange.').waitFor()
    const { idToken } = await signInFor(world.server.baseUrl, 'alice', OTHER)
    await exchange(world.server.baseUrl, idToken, { resource: TODO, scope: 'todos.read' }, OTHER)
    await page.getByText('Proved: an exchange was allowed.').waitFor()
  })

  it('2. finds why bob was denied, and what would allow it', async () => {
    await go('g d', 'Decisions')
    await filterByBob(/user=usr_bob/)
    await keys.press('j', 'Enter')
    const panel = page.getByRole('dialog', { name: 'Decision' })
    await panel.getByRole('heading', { name: 'bob is not assigned to Todo0.' }).waitFor()
    await panel.getByText(/Grant bob access|Approve the access request of bob/).waitFor()
    await keys.press('Escape')
    await panel.waitFor({ state: 'detached' })
    // Focus returns to where it was opened.
    await expect.poll(() => page.evaluate('document.activeElement?.hasAttribute("data-row")')).toBe(true)
  })

  it('3. approves a request', async () => {
    await go('g i', 'Inbox')
    await keys.press('j', 'Enter')
    await page.getByText('Current decision').waitFor()
    await keys.press('a')
    await confirm('Approve request', 'sales plans with us')
    await page.getByText(/^Approved[.,]/).waitFor()
    const { body } = await world.admin('GET', '/access-requests?state=approved')
    expect(body.items).toMatchObject([{ state: 'approved', decidedBy: 'usr_ada' }])
  })

  it('4. simulates a request', async () => {
    await go('g s', 'Simulator')
    await keys.fill(page.getByRole('combobox', { name: 'User', exact: true }), 'carol')
    await keys.fill(page.getByRole('combobox', { name: 'Requesting app' }), 'agent0')
    await keys.tabTo(page.getByLabel('Resource app'))
    await keys.type('Notes0')
    await keys.enter(button('Simulate request'))
    await page.getByRole('region', { name: 'Predicted decision' }).getByText('Allowed').first().waitFor()
    // Focus stays, so that the question can be varied.
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Simulate request')
  })

  it('5. creates a policy and enforces it', async () => {
    await go('g p', 'Policies')
    await keys.press('n')
    const source = page.getByRole('textbox', { name: 'YAML' })
    await source.waitFor()
    await keys.fill(source, 'id: nights\neffect: deny\nstate: report-only\nwhen:\n  app.kind: web')
    await page.getByText(/denied \(report-only\)/).waitFor()
    await keys.enter(button('Create policy'))
    await confirm('Create policy', 'to see whom it meets')
    await page.getByRole('heading', { name: 'nights' }).waitFor()
    await keys.palette('Enforce policy', /^Enforce/)
    await confirm('Enforce policy', 'seen enough')
    await expect.poll(async () => (await world.admin('GET', '/policies/nights')).body.state).toBe('enforced')
  })

  it('6. sees what can act for a user', async () => {
    await keys.palette('alice', /^alice/)
    await page.getByRole('heading', { name: 'alice', level: 1 }).waitFor()
    await keys.enter(page.getByRole('link', { name: /Agent0.*Todo0/ }))
    await page.getByRole('heading', { name: /Agent0.*Todo0/, level: 1 }).waitFor()
    await keys.press(']', ']')
    await page.waitForURL(/tab=/)
  })

  it('7. presses the kill switch for an app, and lifts it', async () => {
    await go('g r', 'Kill switch')
    // The name finds it; confirming requires typing the id.
    await keys.fill(page.getByRole('combobox', { name: 'App', exact: true }), 'Agent0')
    await keys.press('Enter')
    await keys.enter(button('Press kill switch for Agent0'))
    await keys.fill(dialog().getByLabel('Reason'), 'INC-221')
    await keys.fill(dialog().getByLabel('Type Agent0 to confirm'), 'Agent0')
    await keys.press('Enter')
    const result = page.getByRole('status').filter({ hasText: 'Agent0 (agent0) is blocked' })
    await result.getByText(/ms after you confirmed/).waitFor()
    await dialog().waitFor({ state: 'detached' })
    await keys.enter(result.getByRole('button', { name: 'Lift block' }))
    await confirm('Lift block', 'false alarm')
    await page.getByText('Block of Agent0 (agent0) lifted.').first().waitFor()
  })

  it('8. blocks agents for a user', async () => {
    await go('g u', 'Users')
    await filterByBob(/q=bob/)
    await keys.press('j', 'Enter')
    await page.waitForURL(/users\/usr_bob/)
    await button('Block agents').waitFor()
    await keys.palette('Block agents', /^Block agents/)
    await confirm('Block agents', 'on leave')
    await page.getByText('No app can act for bob now.').first().waitFor()
    const { body } = await world.admin('GET', '/blocks')
    expect(body.items).toContainEqual(
      expect.objectContaining({ kind: 'user', target: 'usr_bob', by: 'usr_ada' }),
    )
  })

  it('9. decides an item of a review', async () => {
    await go('g v', 'My items')
    await keys.press('j', 'a')
    await confirm('Keep connection', 'still needed')
    await page
      .getByText(/ kept\.$/)
      .first()
      .waitFor()
  })

  it('10. verifies the logs, and exports them', async () => {
    await go('g l', 'Audit log')
    await keys.press('v')
    await page.getByText(/events verified just now/).waitFor()
    await keys.palette('Export events', /^Export/)
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      keys.enter(dialog().getByRole('button', { name: 'Export events' })),
    ])
    expect(file.suggestedFilename()).toMatch(/^crosswalk-audit-/)
  })

  it('always had a visible focus, and never used a pointer', async () => {
    expect([...keys.blemishes]).toEqual([])
    expect(await keys.countPointer()).toBe(0)
    // Positive control: both would be noticed.
    await page.getByRole('heading', { level: 1 }).click()
    expect(await keys.countPointer()).toBeGreaterThan(0)
    await page.evaluate(`{
      const sheet = new CSSStyleSheet()
      sheet.replaceSync('* { outline: 0 !important }')
      document.adoptedStyleSheets = [sheet]
    }`)
    await keys.walk()
    expect(keys.blemishes.size).toBeGreaterThan(25)
  })
})

/** An access request to approve, and a review with an open item. */
async function makeWork({ admin }: ConsoleWorld): Promise<void> {
  const pair = { app: 'other', resourceApp: 'notes0' }
  const connection = { id: 'other-notes0', ...pair, clientId: 'other-at-vendor', resources: [NOTES] }
  const made = [
    await admin('POST', '/connections', { body: { ...connection, scopes: [], status: 'active' } }),
    await admin('POST', '/access-requests', {
      body: { user: 'bob', ...pair, scopes: ['notes.read'], reason: 'plans the week' },
    }),
    await admin('POST', '/reviews', { body: { name: 'Autumn', reason: 'every quarter' } }),
  ]
  expect(made.map(({ status }) => status)).toEqual([201, 201, 201])
}
