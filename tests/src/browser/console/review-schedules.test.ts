// Review schedules in a browser: create one, see its review, and change it; and a review that suspends when it is due.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { findSeriousProblems } from './axe.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'
import { snapBoth } from './snap.ts'

const NARROW = { width: 390, height: 844 }
const WIDE = { width: 1280, height: 900 }

describeWithBrowser('review schedules in the console', () => {
  let world: ConsoleWorld
  let ada: SignedInPage

  beforeAll(async () => {
    world = await startConsoleWorld()
    ada = await world.signIn('ada')
  })
  afterAll(() => world.stop())

  it('are created, and open their reviews', async () => {
    const { page, goto } = ada
    await goto('/review-schedules')
    await page.getByText('Administrators start access reviews by hand.').waitFor()
    await page.keyboard.press('n')
    const dialog = page.getByRole('dialog', { name: 'Create review schedule' })
    const create = dialog.getByRole('button', { name: 'Create review schedule' })
    await dialog.getByText('Enter an ID.').waitFor()
    expect(await create.isDisabled()).toBe(true)
    await dialog.getByLabel(/^ID/).fill('agents')
    await dialog.getByLabel(/^Name/).fill('Agents, every quarter')
    await dialog.getByText('Choose when the first review starts.').waitFor()
    expect(await create.isDisabled()).toBe(true)
    await dialog.getByLabel('First review').fill('2026-01-05T08:00')
    await dialog.getByLabel('Time to decide (days)').fill('90')
    await dialog.getByText('Repeat every 7 to 1,098 days, and give less time to decide.').waitFor()
    await dialog.getByLabel('Time to decide (days)').fill('30')
    await dialog.getByLabel('Closes; undecided connections are suspended').click()
    await dialog.getByLabel('Kind of app').selectOption('Agent')
    await dialog.getByLabel('Reason').fill('agreed with audit')
    await snapBoth(page, 'pages/console-review-schedule-new')
    await page.setViewportSize(NARROW)
    await snapBoth(page, 'pages/console-review-schedule-new-narrow')
    await page.setViewportSize(WIDE)
    expect(await create.isDisabled()).toBe(false)
    await create.click()
    await page
      .getByText(
        'Review connections of agents every 90 days; after 30 days the review closes, and undecided connections are suspended.',
      )
      .waitFor()
    // The first time has passed, so the server opens one within seconds.
    await page.getByRole('link', { name: 'Agents, every quarter' }).waitFor()
    await snapBoth(page, 'pages/console-review-schedule')
    await page.getByRole('link', { name: 'Agents, every quarter' }).click()
    await page.getByText(/^Started .* by Crosswalk\./).waitFor()
    await page.getByText('Then it closes, and undecided connections are suspended.').waitFor()
    await page.getByRole('link', { name: 'agents' }).waitFor()
    await snapBoth(page, 'pages/console-review-scheduled')
    expect(await findSeriousProblems(page)).toEqual([])
    // The log of this server has just begun, so no connection is unused yet.
    await page.route(/\/v1\/reviews\/rev_\w+$/, async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...(await response.json()), unusedForDays: 45 } })
    })
    await page.reload()
    await page.getByText('Only connections unused for 45 days.').waitFor()
    await page.getByText('Then it closes, and undecided connections are suspended if still unused.').waitFor()
    await page.unrouteAll({ behavior: 'wait' })
  })

  it('are changed in a drawer', async () => {
    const { page, goto } = ada
    await goto('/review-schedules/agents')
    await page.keyboard.press('e')
    const drawer = page.getByRole('dialog', { name: 'Edit Agents, every quarter' })
    await drawer.getByLabel('Repeat every (days)').fill('365')
    await drawer.getByLabel('Kind of app').selectOption('Any')
    await drawer.getByLabel('Unused for (days)').fill('45')
    await snapBoth(page, 'pages/console-review-schedule-edit')
    await drawer.getByRole('button', { name: 'Review and save' }).click()
    const review = page.getByRole('dialog', { name: 'Changes' })
    await review.getByLabel('Reason').fill('once a year is enough')
    await review.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/Review connections unused for 45 days every 365 days.* if still unused\./).waitFor()
    const { body } = await world.admin('GET', '/review-schedules/agents')
    expect(body).toMatchObject({ everyDays: 365, unusedForDays: 45, updatedBy: 'usr_ada' })
    expect(body).not.toHaveProperty('kind')
    await goto('/review-schedules')
    await page.getByRole('row').nth(1).waitFor()
    await snapBoth(page, 'pages/console-review-schedules')
    await page.setViewportSize(NARROW)
    await snapBoth(page, 'pages/console-review-schedules-narrow')
    expect(await findSeriousProblems(page)).toEqual([])
    await page.setViewportSize(WIDE)
  })

  it('a single review can cover some connections, and close when it is due', async () => {
    const { page, goto } = ada
    await goto('/reviews')
    await page.keyboard.press('n')
    const dialog = page.getByRole('dialog', { name: 'Start access review' })
    await dialog.getByLabel('Name').fill('Notes')
    const apps = dialog.getByRole('combobox', { name: 'Resource apps' })
    await apps.fill('Todo0')
    await page.getByRole('option', { name: 'Todo0' }).click()
    // A choice can be undone.
    await apps.press('Backspace')
    await apps.fill('Notes0')
    await page.getByRole('option', { name: 'Notes0' }).click()
    await dialog.getByLabel('Due date').fill('2035-01-01')
    await dialog.getByLabel('Closes; undecided connections stay as they are').click()
    await dialog.getByLabel('Reason').fill('only these')
    await snapBoth(page, 'pages/console-review-new')
    await page.setViewportSize(NARROW)
    await snapBoth(page, 'pages/console-review-new-narrow')
    await page.setViewportSize(WIDE)
    await dialog.getByRole('button', { name: 'Start access review' }).click()
    await page.getByText('Then it closes, and undecided connections stay as they are.').waitFor()
    const { body } = await world.admin('GET', '/reviews?state=open')
    const review = body.items.find(({ name }: { name: string }) => name === 'Notes')
    expect(review).toMatchObject({ whenDue: 'close', counts: { undecided: review.counts.items } })
    const items = await world.admin('GET', `/reviews/${review.id}/items`)
    expect(new Set(items.body.items.map(({ resourceApp }: { resourceApp: string }) => resourceApp))).toEqual(
      new Set(['notes0']),
    )
  })
})
