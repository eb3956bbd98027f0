// Oversight using only the pages: simulating requests, policies with their effect on past decisions, access requests, the kill switch with its
// measured effect, and verifying the logs.
import { readFileSync } from 'node:fs'

import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { crosswalk } from '../../cli/run-crosswalk.ts'
import { TODO } from '../../support/company.ts'
import { findSeriousProblems } from './axe.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'
import { makeHistory } from './history.ts'
import { makeOversight } from './oversight.ts'
import { snap, snapBoth } from './snap.ts'

/** @returns the path of the document that the page Retention saves */
async function saveCheckpoints(world: ConsoleWorld): Promise<string> {
  const { page, goto } = await world.signIn('ada')
  await goto('/settings/retention')
  const [document] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download checkpoints' }).click(),
  ])
  return await document.path()
}

describeWithBrowser('oversight in the console', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  beforeAll(async () => {
    world = await startConsoleWorld()
    await makeHistory(world.server.baseUrl)
    await makeOversight(world.admin)
    ada = await world.signIn('ada')
  })
  afterAll(() => world.stop())

  it('evaluates a hypothetical request, shows what would allow it, and keeps it in the URL', async () => {
    const { page, goto, complaints } = ada
    const WAITS = 'An access request for Agent0 to act for bob at Todo0 is pending.'
    await goto('/simulator')
    await page.getByRole('combobox', { name: 'User', exact: true }).fill('bob')
    await page.getByRole('combobox', { name: 'Requesting app' }).fill('agent0')
    await page.getByLabel('Resource app').selectOption({ label: 'Todo0' })
    await page.getByRole('button', { name: 'Simulate request' }).click()
    await page.getByRole('heading', { name: WAITS }).waitFor()
    await page.getByText('Evaluated again with this change: allowed (').first().waitFor()
    const asked = new URL(page.url()).searchParams
    expect([asked.get('user'), asked.get('app'), asked.get('resource')]).toEqual(['usr_bob', 'agent0', TODO])
    await page.reload()
    await page.getByRole('heading', { name: WAITS }).waitFor()
    await page.getByText('Policy test', { exact: true }).click()
    // A pending request does not count as unsaved input.
    await page.getByText('outcome: deny').waitFor()
    expect(await page.getByText('code: XAA').count()).toBe(0)
    await goto(
      page
        .url()
        .replace(/^.*\/admin/, '')
        .replace('user=usr_bob', 'user=alice'),
    )
    await page.getByText('App authentication (assumed valid).').waitFor()
    await page.getByText('matches and denies').waitFor()
    await page.getByRole('region', { name: 'Predicted token' }).getByText('"sub": "usr_alice"').waitFor()
    await page.getByText('Context').click()
    await page.getByRole('checkbox', { name: 'authentication level' }).click()
    await page.getByRole('button', { name: 'Simulate request' }).click()
    await page.getByRole('region', { name: 'Same result in every case' }).getByText('Allowed').waitFor()
    expect(new URL(page.url()).searchParams.get('unknown')).toBe('acr')
    await page.getByRole('combobox', { name: 'Users' }).click()
    await page.getByRole('option', { name: 'bob' }).click()
    await page.keyboard.press('Escape')
    await page
      .getByRole('status')
      .filter({ hasText: /^0 of \d+ allowed/ })
      .waitFor()
    await snapBoth(page, 'console-simulator')
    await page.getByRole('link', { name: /^bob, agent0-todo0: Pending, XAA1802/ }).click()
    await page.getByRole('heading', { name: WAITS }).waitFor()
    expect(complaints).toEqual([])
  })

  it('creates a policy from text, reports its problems, and first tries it on real decisions', async () => {
    const { page, goto, complaints } = ada
    await goto('/policies/new')
    const source = page.getByRole('textbox', { name: 'YAML' })
    const create = page.getByRole('button', { name: 'Create policy' })
    await source.fill('id: nobody\neffect: deny\nwhen:\n  app.knd: agent')
    await page.getByText('did you mean `app.kind`?').waitFor()
    expect(await create.isDisabled()).toBe(true)
    await source.fill('id: nobody\neffect: deny\nstate: off\nwhen:\n  app.kind: agent')
    await page.getByText('For agents: denied (off)').waitFor()
    await page.getByLabel('State').selectOption('enforced')
    expect(await source.inputValue()).toContain('state: enforced')
    await page.getByRole('button', { name: 'Run replay' }).click()
    await page.getByText('2 of the last 3 decisions would change.').waitFor()
    await page.getByLabel('State').selectOption('report-only')
    await page.getByText('The draft has changed since the last replay.').waitFor()
    await source.fill('id: [')
    expect(await create.isDisabled()).toBe(true)
    // A name that begins like another condition passes through its name while it is typed.
    await source.fill('id: nobody\neffect: deny\nstate: report-only\nwhen:\n  app: agent0')
    await page.getByRole('button', { name: 'Add condition' }).click()
    // The list is wide enough for its explanations.
    const list = page.getByRole('listbox').filter({ hasText: 'app.kind' })
    const widthOf = async (it: Locator) => (await it.boundingBox())?.width ?? 0
    expect(await widthOf(list)).toBeGreaterThanOrEqual(await widthOf(list.getByRole('option').first()))
    const typed = page.getByRole('combobox', { name: 'Condition' }).last()
    await typed.pressSequentially('app')
    await page.getByText('This condition exists already. Add values to it.').waitFor()
    await typed.pressSequentially('.kind')
    expect(await source.inputValue()).toContain('  app: agent0\n  app.kind: ')
    await source.fill('id: nobody\neffect: deny\nstate: report-only\nwhen:\n  app.kind: agent')
    // Submitted before the server has judged the text: the dialog says what is wrong, in words.
    await page.getByText('For agents: denied (report-only)').waitFor()
    const held = Promise.withResolvers<undefined>()
    await page.route('**/policy-check', async (route) => {
      await held.promise
      await route.continue()
    })
    await source.fill('id: nobody\neffect: deny\nstate: report-only\nwhen:\n  app.knd: agent')
    await create.click()
    const asked = page.getByRole('dialog', { name: 'Create policy nobody' })
    await asked.getByText('did you mean `app.kind`?').waitFor()
    expect(await asked.textContent()).not.toContain('/document')
    await asked.getByRole('button', { name: 'Cancel' }).click()
    held.resolve(undefined)
    await page.unrouteAll({ behavior: 'wait' })
    expect(complaints.splice(0)).toEqual([expect.stringContaining('400')])
    await source.fill('id: nobody\neffect: deny\nstate: report-only\nwhen:\n  app.kind: agent')
    await create.click()
    await page.getByLabel('Reason').fill('to see whom it meets')
    await page.getByRole('dialog').getByRole('button', { name: 'Create policy' }).click()
    await page.getByRole('heading', { name: 'nobody' }).waitFor()
    await page.getByText('2 of the last 3 decisions would change.').waitFor()
    expect((await world.admin('GET', '/policies/nobody')).body).toMatchObject({ state: 'report-only' })
  })

  it('does not save a policy with problems, and says why', async () => {
    const { page, goto } = ada
    await goto('/policies/nobody')
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    const source = page.getByRole('textbox', { name: 'YAML' })
    const save = page.getByRole('button', { name: 'Review and save' })
    const rule = 'id: nobody\neffect: deny\nstate: report-only\nwhen:\n  app.kind: agent'
    await source.fill(`${rule}\n  app.knd: agent`)
    await page.getByText('Fix the problems shown above.').waitFor()
    expect(await save.isDisabled()).toBe(true)
    await source.fill('id: [')
    expect(await save.isDisabled()).toBe(true)
    await source.fill(`${rule}\ndescription: for all agents`)
    await page.getByText('Fix the problems shown above.').waitFor({ state: 'detached' })
    expect(await save.isEnabled()).toBe(true)
    await page.getByRole('button', { name: 'Discard' }).click()
  })

  it('enforces a policy with a reason, and undoes it', async () => {
    const { page, goto } = ada
    await goto('/policies/nobody')
    await page.getByRole('button', { name: 'Enforce policy' }).click()
    await page.getByRole('dialog').getByText('2 of the last 3 decisions').waitFor()
    await page.getByLabel('Reason').fill('seen enough')
    await page.getByRole('dialog').getByRole('button', { name: 'Enforce policy' }).click()
    await page.getByText('nobody is now Enforced.').waitFor()
    expect((await world.admin('GET', '/policies/nobody')).body.state).toBe('enforced')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect
      .poll(async () => (await world.admin('GET', '/policies/nobody')).body.state)
      .toBe('report-only')
  })

  it('runs policy tests, and shows failures', async () => {
    const { page, goto } = ada
    await goto('/policy-tests')
    let answer = () => {}
    const asked = new Promise<void>((resolve) => (answer = resolve))
    await page.route('**/api/v1/policy-tests', async (route) => {
      await asked
      await route.continue()
    })
    const notRun = page.getByText('Not run yet')
    await notRun.waitFor()
    await page.getByRole('button', { name: 'Run tests' }).click()
    await page.getByRole('region', { name: 'Results' }).getByRole('status', { name: 'Loading' }).waitFor()
    expect(await notRun.count()).toBe(0)
    answer()
    await page.getByText('All passed').waitFor()
    const suite = page.getByRole('textbox', { name: 'Suite' })
    await suite.fill((await suite.inputValue()).replace('user:alice', 'user:bob'))
    await page.getByRole('button', { name: 'Run tests' }).click()
    await page.getByText('1 failed').waitFor()
  })

  it('lists requests to decide only for roles that decide them', async () => {
    const toDecide = ({ page }: SignedInPage) =>
      page.getByRole('link', { name: /access requests? to decide/ })
    const hedy = await world.signIn('hedy')
    for (const user of [ada, hedy]) {
      await user.goto('/')
      await user.page.locator('.cw-attention').first().waitFor()
    }
    expect([await toDecide(ada).count(), await toDecide(hedy).count()]).toEqual([1, 0])
  })

  it('approves less than requested, and declines by keyboard', async () => {
    const { page, goto } = ada
    await world.admin('POST', '/connections', {
      body: {
        id: 'other-todo0',
        app: 'other',
        resourceApp: 'todo0',
        clientId: 'other-at-vendor',
        resources: [TODO],
        scopes: [],
        assignments: { users: ['usr_carol'] },
        status: 'active',
      },
    })
    const ask = { user: 'alice', app: 'other', resourceApp: 'todo0', reason: 'sorts the week' }
    const asked = await world.admin('POST', '/access-requests', {
      body: { ...ask, scopes: ['todos.read', 'todos.write'] },
    })
    await goto('/inbox')
    const navigation = page.getByRole('navigation', { name: 'Main' })
    const readCount = async () =>
      parseInt((await navigation.getByText(/^\d+ decisions? pending$/).textContent()) ?? '', 10)
    await navigation.getByRole('link', { name: /^Inbox \d+ decisions pending$/ }).waitFor()
    await page.getByText('sorts the week').waitFor()
    const counted = await readCount()
    expect(counted).toBeGreaterThan(1)
    await page.getByText('sorts the week').click()
    await page.getByRole('button', { name: 'Approve fewer scopes' }).click()
    await page.getByRole('checkbox', { name: 'todos.write' }).click()
    await page.getByLabel('Reason').fill('reading is enough')
    await asking(page, 'Approve fewer scopes').click()
    // The app is blocked: warns that it would still be denied.
    await page.getByText(/^Approved, but .* is still denied: /).waitFor()
    expect((await world.admin('GET', `/access-requests/${String(asked.body.id)}`)).body).toMatchObject({
      state: 'approved',
      granted: { scopes: ['todos.read'], until: expect.any(String) },
    })
    await page.getByText('plans the week of the sales team').click()
    await page.getByText('Approval is enough: every other check passes.').waitFor()
    for (const [fact, value] of [
      ['Owner of the app', 'No active owner'],
      ['Users with access now', '2'],
    ] as const)
      await page.locator('.cw-facts > div', { hasText: fact }).getByText(value, { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Ask requester' }).click()
    await page.getByRole('textbox', { name: 'Question' }).fill('Which <team>?')
    await page.getByRole('dialog').getByRole('button', { name: 'Send question' }).click()
    // Until it is gone, keys belong to this dialog.
    await page.getByRole('textbox', { name: 'Question' }).waitFor({ state: 'detached' })
    const comments = page.getByRole('region', { name: 'Questions and answers' })
    await comments.getByText('Which <team>?').waitFor()
    await page.locator('td', { hasText: 'Waiting for an answer: Which <team>?' }).waitFor()
    await snapBoth(page, 'inbox/asked')
    await page.keyboard.press('x')
    const declining = page.getByRole('dialog', { name: 'Decline the request' })
    await declining.getByLabel('Reason').fill('ask sales first')
    // The keys of the drawer behind the dialog do nothing.
    await declining.getByRole('button', { name: 'Cancel' }).press('a')
    expect(await declining.getByLabel('Reason').inputValue()).toBe('ask sales first')
    await asking(page, 'Decline request').click()
    // The drawer also quotes it, until closed.
    await page.locator('td', { hasText: 'plans the week of the sales team' }).waitFor({ state: 'detached' })
    await expect.poll(readCount).toBe(counted - 2)
  })

  it('lists other tasks of the user in the inbox: a review item, an expiring connection', async () => {
    const { page, goto } = ada
    const app = {
      id: 'planner',
      name: 'Planner',
      kind: 'web',
      auth: { method: 'none' },
      owners: ['usr_ada'],
    }
    expect((await world.admin('POST', '/apps', { body: app })).status).toBe(201)
    const soon = new Date(Date.now() + 5 * 86_400_000).toISOString()
    const connection = { id: 'planner-todo0', app: 'planner', resourceApp: 'todo0', expiresAt: soon }
    expect((await world.admin('POST', '/connections', { body: connection })).status).toBe(201)
    // Without a redirect URI, the exchange cannot run in the console.
    await goto('/connections/planner-todo0/prove')
    await page.getByText('Planner has no redirect URI').waitFor()
    expect(await page.locator('#page').innerText()).not.toMatch(/here|Exchange settings/)
    await goto('/inbox')
    const ending = page.getByRole('row').filter({ hasText: 'Planner' })
    await ending.getByText('Expiring connection').waitFor()
    await ending.getByText('Not used in 90 days.').waitFor()
    await snapBoth(page, 'inbox/queue')
    await ending.getByRole('button', { name: 'Extend connection' }).click()
    await page.getByRole('button', { name: 'Extend connection' }).last().waitFor()
    await snapBoth(page, 'inbox/ending')
    await page.keyboard.press('e')
    await page.getByLabel('Reason').fill('the plan goes on')
    await asking(page, 'Extend connection').click()
    await ending.waitFor({ state: 'detached' })
    const until = Date.parse((await world.admin('GET', '/connections/planner-todo0')).body.expiresAt)
    expect(Math.round((until - Date.parse(soon)) / 86_400_000)).toBe(90)
    const item = page.getByRole('row').filter({ hasText: 'Notes0' }).filter({ hasText: 'Review item' })
    await item.getByRole('button', { name: 'Decide item' }).click()
    await page.getByText('Suggested').waitFor()
    await snapBoth(page, 'inbox/review')
    await page.keyboard.press('a')
    await page.getByLabel('Reason').fill('all of it is used')
    await asking(page, 'Keep connection').click()
    await item.waitFor({ state: 'detached' })
    const [review] = (await world.admin('GET', '/reviews')).body.items
    const { items } = (await world.admin('GET', `/reviews/${review.id}/items`)).body
    expect(items).toContainEqual(
      expect.objectContaining({
        connection: 'agent0-notes0',
        decision: expect.objectContaining({ by: 'usr_ada' }),
      }),
    )
  })

  it('shows recommendations to the users concerned, until they mute them', async () => {
    const { page, goto } = ada
    await goto('/')
    await page
      .getByRole('region', { name: 'Needs attention' })
      .getByText(/with a warning/)
      .waitFor()
    await goto('/inbox')
    const recommendation = page.getByRole('row').filter({ hasText: 'The agent Agent0 has no owner.' })
    await recommendation.getByRole('button', { name: 'View recommendation' }).click()
    await page.getByText('An active agent without an active owner').waitFor()
    // Nothing to say, so nothing is said.
    expect(await page.getByText('Feedback so far').count()).toBe(0)
    await page.getByText('Active owners: 0').waitFor()
    await snapBoth(page, 'recommendations/card')
    await page.keyboard.press('m')
    await page.getByLabel('Reason').fill('an owner is being looked for')
    await snapBoth(page, 'recommendations/mute')
    await asking(page, 'Mute recommendation').click()
    await recommendation.waitFor({ state: 'detached' })
    await goto('/recommendations?state=muted')
    await page.getByText('The agent Agent0 has no owner.').click()
    await page.getByText('an owner is being looked for').waitFor()
    await page.getByRole('button', { name: 'Unmute recommendation' }).click()
    await page.getByLabel('Reason').fill('nobody was found')
    await asking(page, 'Unmute recommendation').click()
    await page.getByText('Recommendation unmuted.').waitFor()
    const { body } = await world.admin('GET', '/recommendations?rule=agent-without-owner')
    expect(body.items).toMatchObject([{ muted: null, feedback: { muted: 1, falseAlarms: 0 } }])
    await goto('/recommendations')
    await snapBoth(page, 'recommendations/list')
  })

  it('shows the worst case, presses the kill switch after the name is typed, shows the measured effect, and lifts it', async () => {
    const { page, goto } = ada
    await goto('/kill?kind=app&id=agent0')
    await page.getByText('Affected resource apps (2)').waitFor()
    // Its tokens are JWTs of ten minutes, which an API may verify itself; then the clocks may differ.
    await page.getByText('Access ends within 11 min').waitFor()
    await page.getByText('local: immediately with introspection, else up to 11 min').first().waitFor()
    const ends = page.getByText(/^Revokes \d+ live access tokens? of \d+ users?, issued here\.$/)
    await ends.waitFor()
    await snapBoth(page, 'pages/kill-preview')
    const press = page.getByRole('button', { name: 'Press kill switch for Agent0' })
    // Its whole name is visible, descenders included.
    const label = press.locator('.mantine-Button-label')
    expect(await label.evaluate(({ clientHeight, scrollHeight }) => scrollHeight - clientHeight)).toBe(0)
    await press.click()
    await page.getByRole('dialog').locator(ends).waitFor()
    await page.getByLabel('Reason').fill('INC-221')
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Press kill switch' })
    expect(await confirm.isDisabled()).toBe(true)
    await page.getByLabel('Type Agent0 to confirm').fill('Agent0')
    await confirm.click()
    const result = page.getByRole('status').filter({ hasText: 'Agent0 (agent0) is blocked' })
    await result.getByText(/ms after you confirmed/).waitFor()
    expect((await world.admin('GET', '/blocks')).body.items).toContainEqual(
      expect.objectContaining({ kind: 'app', target: 'agent0', kill: true, reason: 'INC-221' }),
    )
    await page.getByText('· INC-221').waitFor()
    expect(await page.getByRole('button', { name: 'Press kill switch for Agent0' }).count()).toBe(0)
    expect(await result.getByRole('link', { name: /^Timeline of Agent0/ }).getAttribute('href')).toBe(
      '/admin/timeline?app=agent0',
    )
    // Its own state is still active, so its page has to say more.
    const appPage = await page.context().newPage()
    await appPage.goto(`${world.server.baseUrl}/admin/apps/agent0`)
    await appPage.getByText('Blocked by Ada').waitFor()
    await appPage.getByText(/Reason: INC-221/).waitFor()
    await snap(appPage, 'pages/console-apps-blocked')
    // So have the pages of all that it stops.
    await appPage.goto(`${world.server.baseUrl}/admin/connections/agent0-todo0`)
    await appPage.getByText('Agent0 blocked by Ada').waitFor()
    await appPage.getByText('No users, because the connection is not in effect.').waitFor()
    // The lists show it too.
    for (const list of ['connections', 'apps', 'map']) {
      await appPage.goto(`${world.server.baseUrl}/admin/${list}`)
      const row = appPage.getByRole('row').filter({ hasText: 'Agent0' }).first()
      await row.getByText('Blocked', { exact: true }).waitFor()
      if (list === 'connections') await snap(appPage, 'pages/connections-blocked')
    }
    await appPage.close()
    const blocksOf = async (target: string) =>
      (await world.admin('GET', `/blocks?target=${target}`)).body.items
    expect(await blocksOf('agent0')).toMatchObject([{ target: 'agent0' }])
    expect(await blocksOf('todo0')).toEqual([])
    await result.getByRole('button', { name: 'Lift block' }).click()
    await page.getByLabel('Reason').fill('false alarm')
    await page.getByRole('dialog').getByRole('button', { name: 'Lift block' }).click()
    await page.getByText('Block of Agent0 (agent0) lifted.').waitFor()
    expect((await world.admin('GET', '/blocks')).body.items).not.toContainEqual(
      expect.objectContaining({ target: 'agent0', active: true }),
    )
  })

  it('sends no request for an incomplete target', async () => {
    const { page, load, complaints } = ada
    const asked: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/kill/preview')) asked.push(request.postData() ?? '')
    })
    await load('/kill?kind=app')
    const before = page.getByRole('region', { name: 'Before you start' })
    const field = page.getByRole('combobox', { name: 'App', exact: true })
    await field.pressSequentially('agent', { delay: 200 })
    await before.getByText('Choose what to block from the list.').waitFor()
    await field.pressSequentially('0')
    await before.getByText('Affected resource apps (2)').waitFor()
    await page.keyboard.press('Escape')
    expect(asked.map((body) => JSON.parse(body) as unknown)).toEqual([
      { target: { kind: 'app', id: 'agent0' } },
    ])
    expect(complaints).toEqual([])
  })

  it('drills the kill switch with a test app that works again afterwards', async () => {
    const { page, goto } = ada
    const drilled = (state: string) =>
      page.getByRole('listitem').filter({ hasText: 'has been drilled' }).getByRole('img', { name: state })
    // A real kill was pressed and lifted.
    await goto('/set-up')
    await drilled('to do').waitFor()
    await goto('/kill')
    await page.getByRole('combobox', { name: 'Test app' }).fill('agent0')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Start drill' }).click()
    await page.getByLabel('Reason').fill('November')
    await page.getByLabel('Type Agent0 to confirm').fill('Agent0')
    await page.getByRole('dialog').getByRole('button', { name: 'Start drill' }).click()
    await page.getByText('Blocked Agent0 (agent0) and lifted the block. Measured:').waitFor()
    await page.getByText('· Drill: November').waitFor()
    expect((await world.admin('GET', '/blocks')).body.items).not.toContainEqual(
      expect.objectContaining({ target: 'agent0', active: true }),
    )
    await goto('/set-up')
    await drilled('done').waitFor()
  })

  it('offers to lift what a failed drill left blocked, and labels only drills as drills', async () => {
    const { page, goto, complaints } = ada
    await page.route('**/api/v1/kill/*/lift', (route) => route.fulfill({ status: 503, body: 'away' }))
    await goto('/kill')
    await page.getByRole('combobox', { name: 'Test app' }).fill('agent0')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Start drill' }).click()
    await page.getByLabel('Reason').fill('December')
    await page.getByLabel('Type Agent0 to confirm').fill('Agent0')
    await page.getByRole('dialog').getByRole('button', { name: 'Start drill' }).click()
    await page.getByText('Agent0 (agent0) is still blocked because lifting failed.').waitFor()
    await page.unroute('**/api/v1/kill/*/lift')
    const standing = async () => {
      const { items } = (await world.admin('GET', '/blocks')).body as { items: { target: string }[] }
      return items.some(({ target }) => target === 'agent0')
    }
    expect(await standing()).toBe(true)
    await page.getByRole('button', { name: 'Lift block' }).click()
    await page.getByLabel('Reason').fill('it works again')
    await page.getByRole('dialog').getByRole('button', { name: 'Lift block' }).click()
    await page
      .getByText('Agent0 (agent0) is still blocked because lifting failed.')
      .waitFor({ state: 'hidden' })
    // The browser logs the intended failure.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('503')])
    expect(await standing()).toBe(false)
  })

  it('creates a block, and ends it with a reason', async () => {
    const { page, goto } = ada
    await goto('/blocks')
    await page.getByRole('button', { name: 'Lift block: Other (other)' }).click()
    await page.getByLabel('Reason').fill('it is known now')
    await page.getByRole('dialog').getByRole('button', { name: 'Lift block' }).click()
    await page.getByText('Block of Other (other) lifted.').waitFor()
    await page.getByRole('button', { name: 'Create block' }).click()
    await page.getByRole('radio', { name: /^User/ }).click()
    await page.getByRole('combobox', { name: 'User', exact: true }).fill('bob')
    await page.getByLabel('Reason').fill('on leave')
    await page.getByRole('dialog').getByRole('button', { name: 'Create block' }).click()
    await page.getByText(/^Block created\./).waitFor()
    expect((await world.admin('GET', '/blocks')).body.items).toContainEqual(
      expect.objectContaining({ kind: 'user', target: 'usr_bob', active: true }),
    )
  })

  it('shows the diff of a change, verifies the logs, and exports them', async () => {
    const { page, goto, complaints } = ada
    await goto('/audit?type=policy.changed')
    await page.getByText('seen enough').click()
    await page.getByRole('dialog').getByText('Changes', { exact: true }).waitFor()
    const change = page.getByRole('dialog').locator('.cw-changes')
    expect(await change.locator('del').textContent()).toContain('report-only')
    expect(await change.locator('ins').textContent()).toContain('enforced')
    await snapBoth(page, 'pages/audit-event')
    const [proof] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: 'Download proof' }).click(),
    ])
    await page.getByText(/^Proof downloaded\./).waitFor()
    const key = await saveCheckpoints(world)
    const verified = await crosswalk(['audit', 'verify', '--proof', await proof.path(), '--key', key])
    expect(verified).toMatchObject({ exitCode: 0, out: expect.stringContaining('policy.changed  success') })
    await goto('/audit?type=policy.changed')
    await page.getByRole('button', { name: 'Verify logs' }).click()
    await page.getByText('Intact').waitFor()
    await page.getByText(/events verified just now/).waitFor()
    await page.getByRole('button', { name: 'Export events' }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: 'Export events' }).click(),
    ])
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
      'policy.changed',
      'policy.changed',
    ])
    await page.getByRole('button', { name: 'Download evidence' }).click()
    await snapBoth(page, 'pages/audit-evidence')
    const [pack] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: 'Download evidence' }).click(),
    ])
    expect(await crosswalk(['audit', 'verify', '--pack', await pack.path(), '--key', key])).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^✓ 2 events of http:.* packed by usr_ada at /),
    })
    expect(complaints).toEqual([])
  })

  it('finds what a policy cannot do as written, until the suggestion is followed', async () => {
    const { page, goto } = ada
    const draft = (app: string) => `id: typo\neffect: deny\nstate: report-only\nwhen:\n  app: ${app}`
    const finding = page.getByText('there is no app "agnt0" · did you mean `agent0`?')
    await goto('/policies/new')
    const source = page.getByRole('textbox', { name: 'YAML' })
    await source.fill(draft('agnt0'))
    await page.getByText('Cannot work as written').waitFor()
    await finding.waitFor()
    // A finding does not prevent saving.
    await page.getByRole('button', { name: 'Create policy' }).click()
    await page.getByLabel('Reason').fill('blocks an agent')
    await page.getByRole('dialog').getByRole('button', { name: 'Create policy' }).click()
    await page.getByRole('heading', { name: 'typo', level: 1 }).waitFor()
    await finding.waitFor()
    await snap(page, 'pages/console-policies-typo', { whole: true })
    await goto('/policies')
    await finding.waitFor()
    await snap(page, 'pages/console-policies-typos', { whole: true })
    await goto('/policies/typo')
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await finding.waitFor()
    await snap(page, 'pages/console-policies-typo-edit', { whole: true })
    await source.fill(draft('agent0'))
    await finding.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Review and save' }).click()
    await page.getByLabel('Reason').fill('as suggested')
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved.').waitFor()
    await goto('/policies')
    await page.getByText('Cannot work as written').waitFor({ state: 'detached' })
    expect((await world.admin('GET', '/policy-lint')).body.items).toEqual([])
    const { etag } = await world.admin('GET', '/policies/typo')
    await world.admin('DELETE', '/policies/typo', { ifMatch: etag })
  })

  it('saves a test suite, which blocks a breaking policy until a reason is given', async () => {
    const { page, goto, complaints } = ada
    const rule = { id: 'strict', when: { 'app.kind': 'agent' }, effect: 'deny', state: 'report-only' }
    expect((await world.admin('POST', '/policies', { body: rule })).status).toBe(201)
    const stateOf = async () => (await world.admin('GET', '/policies/strict')).body.state
    const dialog = (name: string) => page.getByRole('dialog', { name })
    await goto('/policy-tests')
    await page.getByText('None. Saved suites block changes that break their tests.').waitFor()
    await page.getByRole('button', { name: 'Save suite', exact: true }).click()
    await dialog('Save suite starter').getByLabel('Reason').fill('promised to Todo0')
    await dialog('Save suite starter').getByRole('button', { name: 'Save suite' }).click()
    await page.getByRole('button', { name: 'Open starter' }).waitFor()

    await goto('/policies/strict')
    await page.getByRole('button', { name: 'Enforce policy' }).click()
    await dialog('Change strict to Enforced').getByLabel('Reason').fill('seen enough')
    await dialog('Change strict to Enforced').getByRole('button', { name: 'Enforce policy' }).click()
    await dialog('Policy tests would fail')
      .getByText(/^starter: agent0 reaches todo0/)
      .waitFor()
    await page.getByRole('button', { name: 'Go back' }).click()
    await dialog('Change strict to Enforced')
      .getByText(/^starter: agent0 reaches todo0/)
      .waitFor()
    expect(await stateOf()).toBe('report-only')

    await dialog('Change strict to Enforced').getByRole('button', { name: 'Enforce policy' }).click()
    const why = dialog('Policy tests would fail').getByLabel('Reason for the exception')
    expect(await why.inputValue()).toBe('seen enough')
    await why.fill('INC-7, till noon')
    await page.getByRole('button', { name: 'Save anyway' }).click()
    await page.getByText('strict is now Enforced.').waitFor()
    const { items } = (await world.admin('GET', '/audit-events?type=test.failed_override')).body
    expect(items).toMatchObject([{ reason: 'INC-7, till noon', target: { id: 'strict' } }])
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(stateOf).toBe('report-only')

    await goto('/policy-tests')
    await page.getByRole('button', { name: 'Delete starter' }).click()
    await dialog('Delete suite starter').getByLabel('Reason').fill('shown')
    await page.getByRole('button', { name: 'Delete suite' }).click()
    await page.getByText('None. Saved suites block changes that break their tests.').waitFor()
    // The browser logs these two intended rejections.
    expect(complaints.splice(0)).toEqual(Array.from({ length: 2 }, () => expect.stringContaining('409')))
  })

  it('judges a request by the resources of its connection, not by all of the resource app', async () => {
    const { page, goto } = ada
    const assignments = { groups: ['engineering'] }
    const resources = ['leads', 'deals'].map((id) => ({
      id: `https://crm.test/${id}`,
      scopes: [`${id}.read`],
    }))
    const crm = { id: 'crm', name: 'CRM', issuer: 'https://auth.crm.test', resources, assignments }
    await world.admin('POST', '/resource-apps', { body: crm })
    const connection = { id: 'agent0-crm', app: 'agent0', resourceApp: 'crm', clientId: 'agent0-at-crm' }
    const covers = { resources: ['https://crm.test/deals'], scopes: ['deals.read'], status: 'active' }
    await world.admin('POST', '/connections', {
      body: { ...connection, ...covers, assignments: { users: ['usr_carol'] } },
    })
    const ask = { user: 'alice', app: 'agent0', resourceApp: 'crm', scopes: ['deals.read'] }
    const asked = await world.admin('POST', '/access-requests', {
      body: { ...ask, reason: 'reads the deals' },
    })
    await goto(`/inbox?open=${String(asked.body.id)}`)
    await page.getByText('Approval is enough: every other check passes.').waitFor()
  })

  it('shows in a review who kept everything without time to look at it', async () => {
    const { page, goto } = ada
    const ids = Array.from({ length: 20 }, (_, place) => `helper-${place}`)
    for (const id of ids) {
      await world.admin('POST', '/apps', {
        body: { id, name: id, kind: 'agent', auth: { method: 'none' } },
      })
      const ends = { id, app: id, resourceApp: 'todo0', clientId: id }
      const { status } = await world.admin('POST', '/connections', { body: { ...ends, status: 'draft' } })
      expect(status).toBe(201)
    }
    const body = { name: 'helpers', apps: ids, reason: 'yearly' }
    const { id: review } = (await world.admin('POST', '/reviews', { body })).body
    const reviewer = { name: 'script', role: 'reviewer' }
    const { token } = (await world.admin('POST', '/tokens', { body: reviewer })).body
    for (const id of ids) {
      const kept = { decision: 'keep', reason: 'fine' }
      const { status } = await world.admin('POST', `/reviews/${review}/items/${id}/decide`, {
        token,
        body: kept,
      })
      expect(status).toBe(200)
    }
    await goto(`/reviews/${review}`)
    await page.getByText('Reviewers', { exact: true }).click()
    const row = page.getByRole('row').filter({ hasText: 'Rushed' })
    await row.getByText('s (median)').waitFor()
    expect(await row.getByRole('cell').nth(2).textContent()).toBe('20')
    await snapBoth(page, 'pages/console-reviewers')
    await page.setViewportSize({ width: 390, height: 844 })
    await snapBoth(page, 'pages/console-reviewers-narrow')
    expect(await findSeriousProblems(page)).toEqual([])
  })
})

/** The button that confirms, in the dialog that asks for a reason; the drawer behind it may have one of the same name. */
function asking(page: SignedInPage['page'], label: string) {
  return page
    .getByRole('dialog')
    .filter({ has: page.getByLabel('Reason') })
    .getByRole('button', { name: label, exact: true })
}
