// The suggestions of a denied decision, used through their buttons: applied, or first tried in the simulator.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { NOTES, TODO } from '../../support/company.ts'
import { exchange, signInFor } from '../../support/flow.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'
import { snapBoth } from './snap.ts'

describeWithBrowser('suggestions of a denied decision', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  beforeAll(async () => {
    world = await startConsoleWorld()
    ada = await world.signIn('ada')
  })
  afterAll(() => world.stop())

  const ask = async (idToken: string, scope = 'todos.read') => {
    const { status, headers } = await exchange(world.server.baseUrl, idToken, { resource: TODO, scope })
    return { status, decision: headers.get('crosswalk-decision') ?? '' }
  }

  it('offers no apply button to a role without permission', async () => {
    const { idToken } = await signInFor(world.server.baseUrl, 'bob')
    const denied = await ask(idToken)
    const aude = await world.signIn('aude')
    await aude.goto(`/decisions/${denied.decision}`)
    const apply = aude.page.getByRole('button', { name: /^Apply/ }).first()
    await apply.waitFor()
    expect(await apply.isDisabled()).toBe(true)
    expect(await apply.getAttribute('title')).toMatch(/\S/)
  })

  it('applies one, and the next request is allowed', async () => {
    const { page, goto, complaints } = ada
    const { idToken } = await signInFor(world.server.baseUrl, 'bob')
    const denied = await ask(idToken)
    expect(denied.status).toBe(400)
    await goto(`/decisions/${denied.decision}`)
    const { body: record } = await world.admin('GET', `/decisions/${denied.decision}`)
    const recorded = page.getByText(record.remedies[0].text)
    const suggested = page.getByText('Evaluated again with this change: allowed (todos.read)')
    const apply = page.getByRole('button', { name: /^Apply/ })
    await suggested.first().waitFor()
    // The general advice of the code says less than the changes that were evaluated.
    expect(await recorded.count()).toBe(0)
    await apply.first().click()
    const dialog = page.getByRole('dialog', { name: 'Apply the suggested change' })
    const confirm = dialog.getByRole('button', { name: /^Apply/ })
    await dialog.getByLabel('Reason').fill('Bob plans the sprint')
    await confirm.click()
    await page
      .getByText(/^Applied\./)
      .first()
      .waitFor()
    // Nothing is left to fix, so neither the recorded nor the applied fix is offered any longer.
    await page.getByText('No change is needed.').waitFor()
    for (const fix of [recorded, suggested, apply]) expect(await fix.count()).toBe(0)
    // The button that opened the dialog is gone, so the focus cannot return to it.
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('page')
    expect((await ask(idToken)).status).toBe(200)
    // An access grant for one user, with an expiry and the reason; no definition changed.
    const { body } = await world.admin('GET', '/access-grants')
    expect(body.items).toMatchObject([
      { user: 'usr_bob', connection: 'agent0-todo0', by: 'usr_ada', reason: 'Bob plans the sprint' },
    ])
    expect(Date.parse(body.items[0].until)).toBeGreaterThan(Date.now())
    expect((await ask(idToken, 'todos.write')).status).toBe(400)
    expect(complaints).toEqual([])
  })

  it('tries one in the simulator, where only the simulated result changes', async () => {
    const { page, goto, complaints } = ada
    const { idToken } = await signInFor(world.server.baseUrl, 'alice')
    const denied = await ask(idToken, 'todos.burn')
    expect(denied.status).toBe(400)
    await goto(`/decisions/${denied.decision}`)
    await page.getByRole('tab', { name: 'Token' }).click()
    await page.getByText('todos.burn by catalogue of todo0').waitFor()
    await snapBoth(page, 'denied-scope')
    await page.getByRole('link', { name: 'Try in simulator' }).first().click()
    await page.waitForURL(/\/simulator\?/)
    const asked = new URL(page.url()).searchParams
    expect([asked.get('user'), asked.get('app')]).toEqual(['usr_alice', 'agent0'])
    expect(asked.get('scope') ?? '').not.toContain('todos.burn')
    await page
      .getByRole('heading', { name: /may act for alice/i })
      .first()
      .waitFor()
    expect((await ask(idToken, 'todos.burn')).status).toBe(400)
    expect(complaints).toEqual([])
  })

  it('counts a request that waits for approval in the chart', async () => {
    const { page, goto, complaints } = ada
    const body = {
      user: 'bob',
      app: 'agent0',
      resourceApp: 'notes0',
      scopes: ['notes.read'],
      reason: 'sales',
    }
    expect((await world.admin('POST', '/access-requests', { body })).status).toBe(201)
    const { idToken } = await signInFor(world.server.baseUrl, 'bob')
    await exchange(world.server.baseUrl, idToken, { resource: NOTES, scope: 'notes.read' })
    await goto('/decisions')
    await page.getByText('Show as table').click()
    const outcomes = page.locator('.cw-chart-table thead th')
    await expect.poll(() => outcomes.allInnerTexts()).toEqual(['From', 'Allowed', 'Denied', 'Pending'])
    await goto('/')
    const reasons = page.locator('section').filter({ hasText: 'Not allowed, last 24 hours' })
    await reasons.getByText('XAA1802').waitFor()
    expect(complaints).toEqual([])
  })
})
