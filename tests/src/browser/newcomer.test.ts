// A first-time user of the console finds out why bob was denied and lets him in. Counts every click.
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../tools/test-browser.ts'
import { buildConsole } from './console/build-console.ts'
import { type DemoPages, openDemoPages } from './demo-pages.ts'

const MAX_CLICKS = 8
const WIDE = { viewport: { width: 1280, height: 900 } }

describeWithBrowser('a newcomer', () => {
  let demo: DemoPages
  beforeAll(async () => {
    buildConsole()
    demo = await openDemoPages()
  })
  afterAll(() => demo.stop())

  it(`finds why bob was denied and lets him in with at most ${MAX_CLICKS} clicks`, async () => {
    const { idp, agent0 } = demo.world.addresses
    const { page: bob } = await demo.open(WIDE)
    const answers = bob.getByRole('log').getByRole('listitem').filter({ hasText: 'Agent0:' })
    const ask = async () => {
      const before = await answers.count()
      await bob.getByLabel('Your message').fill('list my todos')
      await bob.getByRole('button', { name: 'Send' }).click()
      await answers.nth(before).waitFor()
      return answers.nth(before).textContent()
    }
    await demo.signIn(bob, 'bob', agent0)
    expect(await ask()).toContain('Your organisation has not allowed Agent0 to use Todo0')

    let clicks = 0
    const click = async (target: Locator) => {
      clicks += 1
      await target.click()
    }
    const { page } = await demo.open(WIDE)
    page.setDefaultTimeout(30_000)
    await page.goto(`${idp}/admin`)
    await click(page.getByRole('link', { name: 'Sign in' }))
    await page.getByLabel('User name').fill('ada')
    await page.getByLabel('Password').fill(demo.world.secrets.passwords.ada)
    await click(page.getByRole('button', { name: 'Sign in' }))
    await click(page.getByRole('link', { name: /Bob Okafor.* Todo0/ }).first())
    await page.getByText('people.resource_app_assignment').first().waitFor()
    await click(page.getByRole('button', { name: 'Apply change' }).first())
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('Bob plans the sprint')
    await click(dialog.getByRole('button', { name: 'Apply change' }))
    await page.getByText('Applied. It affects the next request.').waitFor()
    expect(await ask()).toContain('You have 2 todos')
    expect(clicks).toBeLessThanOrEqual(MAX_CLICKS)
  })
})
