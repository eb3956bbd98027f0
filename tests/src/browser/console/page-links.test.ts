// Links between pages: from a connection to its tests, the simulator and the kill switch; from a decision to its objects, to a test, and to a
// link to share. Also the commands that pages print.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { ADMIN_TOKEN } from '../../admin/admin.ts'
import { findInPage } from '../../cli/find-commands.ts'
import { findFaults } from '../../cli/find-faults.ts'
import { crosswalk } from '../../cli/run-crosswalk.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld, TIMEOUT_MS } from './console-world.ts'
import { makeHistory, type MadeHistory } from './history.ts'
import { snap, snapBoth } from './snap.ts'

const PATIENCE = { timeout: TIMEOUT_MS }

describeWithBrowser('links between pages of the console', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  let history: MadeHistory
  beforeAll(async () => {
    world = await startConsoleWorld()
    history = await makeHistory(world.server.baseUrl)
    ada = await world.signIn('ada')
    await ada.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  })
  afterAll(() => world.stop())

  it('lead from a connection to the simulator and the kill switch, with the form filled in', async () => {
    const { page, goto } = ada
    await goto('/connections/agent0-todo0')
    await page.keyboard.press('s')
    await page.getByRole('heading', { name: 'Simulator' }).waitFor()
    await expect
      .poll(() => page.getByRole('combobox', { name: 'Requesting app' }).inputValue(), PATIENCE)
      .toBe('Agent0')
    await page.getByRole('combobox', { name: 'User', exact: true }).fill('alice')
    await page.getByRole('option', { name: /alice/ }).first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Simulate request' }).click()
    await page.getByText('Agent0 may act for alice at Todo0.').waitFor()
    await goto('/connections/agent0-todo0')
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Kill connection' }).click()
    await page.getByRole('button', { name: 'Press kill switch for Agent0 → Todo0' }).waitFor()
    expect(await page.getByRole('radio', { name: /^Connection/ }).isChecked()).toBe(true)
  })

  it('show the policy tests of a connection, and whether they pass', async () => {
    const { page, goto, complaints } = ada
    await goto('/connections/agent0-todo0?tab=tests')
    await page.getByText('No tests for this connection').waitFor()
    const test = (name: string, at: string) => ({
      name,
      who: 'user:bob',
      app: 'agent0',
      at,
      expect: { outcome: 'deny' },
    })
    const suite = {
      id: 'sales',
      tests: [test('sales reach no todos', 'todo0'), test('sales reach no notes', 'notes0')],
    }
    expect((await world.admin('POST', '/policy-suites', { body: suite })).status).toBe(201)
    await page.getByText('sales reach no todos').waitFor()
    await page.getByText('All passed').waitFor()
    expect(await page.getByText('sales reach no notes').count()).toBe(0)
    await snap(page, 'pages/console-connection-tests')
    expect(complaints).toEqual([])
  })

  it('lead from a decision to its objects, and create a test and a link from it', async () => {
    const { page, goto, complaints } = ada
    await goto(`/decisions/${history.denied}`)
    // The button says so for a moment only.
    const said = page.getByRole('button', { name: 'Copied' }).waitFor()
    await page.getByRole('button', { name: 'Copy link' }).click()
    await said
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(copied).toBe(`${world.server.baseUrl}/admin/decisions/${history.denied}`)
    await page.getByRole('tab', { name: 'As a test' }).click()
    const test = await page.getByRole('region', { name: 'Policy test' }).innerText()
    expect(test).toContain('user:usr_bob')
    expect(test).toContain('XAA1502')
    await snap(page, 'pages/console-decision-test')
    await page.getByRole('tab', { name: 'Request' }).click()
    for (const [name, path] of [
      ['Agent0', '/apps/agent0'],
      ['Todo0', '/resource-apps/todo0'],
      ['Agent0 → Todo0', '/connections/agent0-todo0'],
    ] as const) {
      const link = page.getByRole('tabpanel').getByRole('link', { name, exact: true })
      expect(await link.getAttribute('href')).toBe(`/admin${path}`)
    }
    expect(complaints).toEqual([])
  })

  it('lead from a decision to a block of its user, app or connection, for roles that may create one', async () => {
    const { page, goto } = ada
    await goto(`/decisions/${history.denied}`)
    await page.getByRole('button', { name: 'Create block' }).click()
    await page.getByRole('menuitem', { name: 'Block app Agent0' }).waitFor()
    await page.getByRole('menuitem', { name: 'Block connection Agent0 → Todo0' }).waitFor()
    await snapBoth(page, 'pages/console-decision-block')
    await page.getByRole('menuitem', { name: 'Block user bob' }).click()
    const dialog = page.getByRole('dialog', { name: 'Create block' })
    expect(await dialog.getByRole('radio', { name: /^User/ }).isChecked()).toBe(true)
    await expect
      .poll(() => dialog.getByRole('combobox', { name: 'User', exact: true }).inputValue(), PATIENCE)
      .toBe('bob')
    await dialog.getByLabel('Reason').fill('INC-7')
    await dialog.getByRole('button', { name: 'Create block' }).click()
    await page.getByText(/^Block created\./).waitFor()
    const { items } = (await world.admin('GET', '/blocks?target=usr_bob')).body
    expect(items).toMatchObject([{ kind: 'user', active: true, reason: 'INC-7' }])
    await world.admin('DELETE', `/blocks/${items[0].id}`, { headers: { 'crosswalk-reason': 'over' } })
    const aude = await world.signIn('aude')
    await aude.goto(`/decisions/${history.denied}`)
    await aude.page.getByRole('button', { name: 'Copy link' }).waitFor()
    expect(await aude.page.getByRole('button', { name: 'Create block' }).count()).toBe(0)
    await aude.context.close()
  })

  it.each([
    ['users/usr_alice', 'id: usr_alice'],
    ['apps/agent0', 'id: agent0'],
    ['resource-apps/todo0', 'id: todo0'],
    ['connections/agent0-todo0', 'id: agent0-todo0'],
  ])('print a command for %s that can be pasted', async (path, prints) => {
    const { page, goto } = ada
    await goto(`/${path}`)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'View as' }).click()
    await page.getByRole('tab', { name: 'Command line' }).click()
    const line = await page.getByRole('region', { name: 'Command line' }).innerText()
    await page.keyboard.press('Escape')
    const { words } = read(line)
    expect(await crosswalk(words, { env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN } })).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining(prints),
      err: '',
    })
  })

  it('print the command that runs the flow of a connection', async () => {
    const { page, goto } = ada
    await goto('/connections/agent0-todo0/prove')
    const command = read(await page.locator('pre[aria-label="Command line"]').innerText())
    expect(command.words).toEqual(expect.arrayContaining(['flow', 'run', '--client-id', 'agent0']))
    // It waits for a user to sign in, so it is only parsed.
    expect(await findFaults([command])).toEqual([])
  })

  function read(line: string) {
    const [command] = findInPage(`\`\`\`sh\n${line}\n\`\`\`\n`)
    if (command?.byNpx !== true) throw new Error(`no command: ${line}`)
    return command
  }

  it('redirect every earlier menu URL to a page', async () => {
    const { page, goto, load, complaints } = ada
    for (const [former, heading] of FORMER) {
      await goto(`${former}?q=bob`)
      await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
      if (former in MOVED) expect(page.url()).toBe(`${world.server.baseUrl}/admin${MOVED[former]}?q=bob`)
    }
    // An unknown URL gives a not-found page.
    await load('/nowhere')
    await page.getByText('Page not found').waitFor()
    expect(complaints).toEqual([])
  })
})

/** The menu when it had 34 entries, and the heading of each page. */
const FORMER: readonly (readonly [string, string])[] = [
  ['/', 'Overview'],
  ['/inbox', 'Inbox'],
  ['/recommendations', 'Recommendations'],
  ['/set-up', 'Setup checklist'],
  ['/connections', 'Connections'],
  ['/apps', 'Requesting apps'],
  ['/agents', 'Agents'],
  ['/resource-apps', 'Resource apps'],
  ['/users', 'Users'],
  ['/groups', 'Groups'],
  ['/policies', 'Policies'],
  ['/policies/report-only', 'Report-only'],
  ['/policy-tests', 'Policy tests'],
  ['/simulator', 'Simulator'],
  ['/decisions', 'Decisions'],
  ['/timeline', 'Timeline'],
  ['/graph', 'Map'],
  ['/audit', 'Audit log'],
  ['/kill', 'Kill switch'],
  ['/blocks', 'Blocks'],
  ['/live-access', 'Live access'],
  ['/reviews/mine', 'My items'],
  ['/reviews', 'Access reviews'],
  ['/keys', 'Signing keys'],
  ['/authorization-servers', 'Authorization servers'],
  ['/trusted-issuers', 'Trusted issuers'],
  ['/registrations', 'Client registrations'],
  ['/readiness', 'Readiness'],
  ['/streams', 'Audit streams'],
  ['/event-streams', 'Security event streams'],
  ['/tokens', 'API tokens'],
  ['/settings/appearance', 'Appearance'],
  ['/settings/roles', 'Roles'],
  ['/settings/retention', 'Retention'],
  ['/activity', 'Decisions'],
  ['/respond', 'Kill switch'],
  ['/settings', 'Signing keys'],
]

/** Filters in the URL are kept. */
const MOVED: Readonly<Record<string, string>> = {
  '/hints': '/recommendations',
  '/graph': '/map',
  '/kill': '/kill-switch',
  '/keys': '/settings/keys',
  '/authorization-servers': '/settings/servers',
  '/trusted-issuers': '/settings/issuers',
  '/registrations': '/settings/registrations',
  '/readiness': '/settings/readiness',
  '/streams': '/settings/audit-streams',
  '/event-streams': '/settings/event-streams',
  '/tokens': '/settings/tokens',
}
