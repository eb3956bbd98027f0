// What a new administrator does first, with nothing but the pages: an app, a product, the connection between them, and its
// proof, with the clock running.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { REDIRECT_URI } from '../../support/company.ts'
import { exchange, signInFor } from '../../support/flow.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'

const CALENDAR = 'http://127.0.0.1:7705/mcp'
const FIVE_MINUTES_MS = 300_000

describeWithBrowser('both ends by the pages', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  beforeAll(async () => {
    world = await startConsoleWorld()
    ada = await world.signIn('ada')
  })
  afterAll(() => world.stop())

  it('registers both ends, connects and proves them with the pages alone, in under five minutes', async () => {
    const { page, goto, complaints } = ada
    const beganMs = performance.now()
    const submit = async (name: string, reason: string) => {
      await page.getByRole('button', { name }).click()
      await page.getByLabel('Reason').fill(reason)
      await page.getByRole('dialog').getByRole('button', { name }).click()
    }
    await goto('/resource-apps')
    await page.getByRole('button', { name: 'Register a resource app' }).click()
    await page.getByLabel('Id', { exact: true }).fill('calendar')
    await page.getByRole('textbox', { name: 'Name' }).fill('Calendar')
    await page.getByRole('textbox', { name: 'Audience' }).fill(`${world.server.baseUrl}/as/vendor`)
    await page.getByRole('button', { name: 'Add a resource' }).click()
    await page.getByLabel('Resource identifier').fill(CALENDAR)
    await page.getByRole('combobox', { name: 'Scopes' }).fill('events.read')
    await page.keyboard.press('Enter')
    await page.getByRole('switch', { name: 'Everybody' }).check()
    await submit('Register a resource app', 'the sales team asked')
    await page.getByRole('heading', { name: 'Calendar' }).waitFor()
    await page.getByRole('link', { name: 'Agents' }).click()
    await page.getByRole('button', { name: 'Register an app' }).click()
    await page.getByLabel('Client ID').fill('planner')
    await page.getByRole('textbox', { name: 'Name' }).fill('Planner')
    await page.getByRole('combobox', { name: 'Owners' }).fill('ali')
    await page.getByRole('option', { name: 'alice' }).click()
    await page.getByRole('combobox', { name: 'Redirect URIs' }).fill(REDIRECT_URI)
    await page.keyboard.press('Enter')
    await page.getByRole('switch', { name: 'Everybody' }).check()
    await submit('Register an app', 'plans the week')
    const planner = {
      id: 'planner',
      secret: await page.getByRole('region', { name: 'Client secret' }).innerText(),
    }
    await page.getByLabel('I have stored it; hide it').check()
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByRole('radio', { name: /Calendar/ }).check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Client ID at the resource').fill('planner-at-vendor')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('checkbox', { name: CALENDAR }).check()
    await page.getByRole('checkbox', { name: 'events.read' }).check()
    await page.getByRole('combobox', { name: 'Groups' }).fill('engineering')
    await page.getByRole('option', { name: 'engineering' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Create as active' }).click()
    await page.getByText('Waiting for the first exchange.').waitFor()
    const { idToken } = await signInFor(world.server.baseUrl, 'alice', planner)
    await exchange(world.server.baseUrl, idToken, { resource: CALENDAR, scope: 'events.read' }, planner)
    await page.getByText('Proved: an exchange over it was allowed.').waitFor()
    expect(performance.now() - beganMs).toBeLessThan(FIVE_MINUTES_MS)
    expect(complaints).toEqual([])
  })
})
