// Approval rules in a browser: create and change one; and the inbox, which shows who is asked and by when.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { findSeriousProblems } from './axe.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'
import { snapBoth } from './snap.ts'

const NARROW = { width: 390, height: 844 }

describeWithBrowser('approval rules in the console', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  let grace: SignedInPage

  beforeAll(async () => {
    world = await startConsoleWorld()
    ada = await world.signIn('ada')
    grace = await world.signIn('grace')
  })
  afterAll(() => world.stop())

  it('are created, and changed in a drawer', async () => {
    const { page, goto } = ada
    await goto('/settings/approval-rules')
    await page.getByText('Any user with the right role decides access requests.').waitFor()
    await page.keyboard.press('n')
    const dialog = page.getByRole('dialog', { name: 'Create approval rule' })
    await dialog.getByLabel('ID').fill('reading')
    await dialog.getByLabel('Reason').fill('reviewed in March')
    await snapBoth(page, 'pages/console-approval-rule-new')
    await dialog.getByRole('button', { name: 'Create approval rule' }).click()
    const sentence = 'Approve requests with risk 1 or lower for up to 30 days automatically.'
    await page.getByText(sentence).waitFor()
    await page.keyboard.press('e')
    const drawer = page.getByRole('dialog', { name: 'Edit reading' })
    await drawer.getByLabel('Longest access (days)').fill('')
    await drawer.getByText('Set the highest risk and the longest access.').waitFor()
    await drawer.getByLabel('Longest access (days)').fill('7')
    await drawer.getByLabel('Kind of app').selectOption('Agent')
    await snapBoth(page, 'pages/console-approval-rule-edit')
    await drawer.getByRole('button', { name: 'Review and save' }).click()
    const review = page.getByRole('dialog', { name: 'Changes' })
    await review.getByLabel('Reason').fill('shorter')
    await review.getByRole('button', { name: 'Save' }).click()
    await page
      .getByText('Approve requests of agents with risk 1 or lower for up to 7 days automatically.')
      .waitFor()
    const { body } = await world.admin('GET', '/approval-rules/reading')
    expect(body).toMatchObject({ when: { kind: 'agent', maxRisk: 1, maxDays: 7 }, updatedBy: 'usr_ada' })
    await snapBoth(page, 'pages/console-approval-rule')
  })

  it('ask users, who must have a role that decides', async () => {
    const { page, goto } = ada
    await goto('/settings/approval-rules')
    await page.keyboard.press('n')
    const dialog = page.getByRole('dialog', { name: 'Create approval rule' })
    await dialog.getByLabel('ID').fill('writes')
    await dialog.getByLabel('Ask certain users').click()
    await dialog.getByText('Choose who decides.').waitFor()
    const choose = async (label: string, name: string) => {
      await dialog.getByRole('combobox', { name: label }).fill(name)
      await page.getByRole('option', { name }).click()
    }
    await choose('Who decides', 'Hedy')
    await dialog.getByLabel('Highest risk').selectOption('Any')
    await dialog.getByLabel('Longest access (days)').fill('')
    await dialog.getByRole('combobox', { name: 'Resource apps' }).fill('Todo0')
    await page.getByRole('option', { name: 'Todo0' }).click()
    await dialog.getByLabel('Reason').fill('needs a look')
    await dialog.getByRole('button', { name: 'Create approval rule' }).click()
    await dialog.getByText(/usr_hedy has no role that may decide/).waitFor()
    await dialog.getByRole('combobox', { name: 'Who decides' }).press('Backspace')
    await choose('Who decides', 'Grace')
    await dialog.getByLabel('Escalate after (hours)').fill('24')
    await choose('Escalate to', 'Ada')
    await dialog.getByRole('button', { name: 'Create approval rule' }).click()
    await page.getByText('Ask Grace to decide requests at Todo0; after 24 hours, ask Ada too.').waitFor()
    await goto('/settings/approval-rules')
    await page.getByRole('row').nth(2).waitFor()
    await snapBoth(page, 'pages/console-approval-rules')
    await page.setViewportSize(NARROW)
    await snapBoth(page, 'pages/console-approval-rules-narrow')
    expect(await findSeriousProblems(page)).toEqual([])
  })

  it('show in the inbox what the user is asked by name first, who decides, and by when', async () => {
    const ask = async (resourceApp: string, scope: string) => {
      const access = { user: 'bob', app: 'agent0', resourceApp, scopes: [scope], days: 14 }
      const { status } = await world.admin('POST', '/access-requests', {
        body: { ...access, reason: 'sprint' },
      })
      expect(status).toBe(201)
    }
    await ask('notes0', 'notes.read')
    await ask('todo0', 'todos.write')
    const { page, goto } = grace
    await goto('/inbox')
    const rows = page.getByRole('row').filter({ hasText: 'Access request' })
    // Once the names are loaded
    await rows.filter({ hasText: 'Grace' }).waitFor()
    await rows.filter({ hasText: 'Notes0' }).waitFor()
    expect(await rows.nth(0).innerText()).toMatch(/Todo0[^]*Grace/)
    expect(await rows.nth(1).innerText()).toMatch(/Notes0/)
    await snapBoth(page, 'pages/console-inbox-asked')
    await rows.nth(0).getByRole('button', { name: 'Review request' }).click()
    const drawer = page.getByRole('dialog', { name: 'Access request' })
    await drawer.getByText('Escalates').waitFor()
    await drawer.getByText('14 days').waitFor()
    await drawer.getByRole('button', { name: 'Delegate request' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delegate request' })
    await dialog.getByLabel('Colleague').fill('Ada')
    await page.getByRole('option', { name: 'Ada' }).click()
    await snapBoth(page, 'pages/console-request-delegate')
    await dialog.getByRole('button', { name: 'Delegate request' }).click()
    await page.getByText('Request delegated.').waitFor()
    await ada.page.setViewportSize({ width: 1280, height: 900 })
    await ada.goto('/inbox')
    const asked = ada.page.getByRole('row').filter({ hasText: 'Access request' })
    await asked.filter({ hasText: 'Ada, Grace' }).waitFor()
    expect(await asked.nth(0).innerText()).toMatch(/Todo0[^]*Ada, Grace/)
    await asked.nth(0).getByRole('button', { name: 'Review request' }).click()
    await ada.page.getByText('to Ada by Grace').waitFor()
    await snapBoth(ada.page, 'pages/console-request-delegated')
    await ada.page.setViewportSize(NARROW)
    await snapBoth(ada.page, 'pages/console-request-delegated-narrow')
    expect(await findSeriousProblems(ada.page)).toEqual([])
  })
})
