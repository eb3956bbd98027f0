// bob's story in a real browser, in the demo world: Agent0 is denied, bob requests access, ada approves it in the console, and his next "list
// my todos" works, without any change to the company's configuration file.
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../tools/test-browser.ts'
import { findSeriousProblems } from './console/axe.ts'
import { buildConsole } from './console/build-console.ts'
import { type DemoPages, findOverflow, openDemoPages } from './demo-pages.ts'

const SHOTS = join(tmpdir(), 'crosswalk-bobs-story')
const WIDE = { width: 1280, height: 900 }

describeWithBrowser("bob's story", () => {
  let demo: DemoPages
  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true })
    buildConsole()
    demo = await openDemoPages()
  })
  afterAll(() => demo.stop())

  /** @returns Agent0's reply */
  async function ask(page: Page, sentence: string): Promise<string> {
    const answers = page.getByRole('log').getByRole('listitem').filter({ hasText: 'Agent0:' })
    const before = await answers.count()
    await page.getByLabel('Your message').fill(sentence)
    await page.getByRole('button', { name: 'Send' }).click()
    await answers.nth(before).waitFor()
    return (await answers.nth(before).textContent()) ?? ''
  }

  /** In both themes, and at phone width */
  async function look(page: Page, name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 })
        await page.screenshot({ path: join(SHOTS, `${name}-${width}-${colorScheme}.png`), fullPage: true })
        expect(await findOverflow(page)).toBe(0)
      }
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await page.setViewportSize(WIDE)
  }

  it('leads from the denial through request and approval to his own list', async () => {
    const { idp, agent0 } = demo.world.addresses
    const { page, complaints, context } = await demo.open({ viewport: WIDE })
    await demo.signIn(page, 'bob', agent0)
    expect(await ask(page, 'list my todos')).toContain(
      'Your organisation has not allowed Agent0 to use Todo0',
    )
    await page.getByRole('link', { name: 'Request access' }).click()
    await page.getByRole('heading', { name: 'Agent0 could not act for you' }).waitFor()
    // The request shows the meaning of the scope.
    await page.getByRole('checkbox', { name: 'Read your todos' }).waitFor()
    await page.getByLabel('What you need it for').fill('I plan the sprint')
    await look(page, 'request')
    await page.getByRole('button', { name: 'Request access' }).click()
    await page.getByText('Pending').first().waitFor()

    const { page: console, context: office } = await demo.open({ viewport: WIDE })
    await console.goto(`${idp}/admin/`)
    await console.getByRole('link', { name: 'Sign in' }).click()
    await console.getByLabel('User name').fill('ada')
    await console.getByLabel('Password').fill(demo.world.secrets.passwords.ada)
    await console.getByRole('button', { name: 'Sign in' }).click()
    await console.locator('#page').waitFor()
    await console.goto(`${idp}/admin/inbox`)
    await console.getByRole('button', { name: 'Review request' }).click()
    await console.getByText('Agent0 would act for Bob Okafor at Todo0').waitFor()
    await console.getByRole('button', { name: 'Approve request', exact: true }).click()
    const dialog = console.getByRole('dialog', { name: 'Approve the request' })
    await dialog.getByText('No other user is affected').waitFor()
    expect(await dialog.getByLabel('Expires').inputValue()).toMatch(/^\d{4}-/)
    await dialog.getByLabel('Reason').fill('Bob plans the sprint')
    await look(console, 'approve')
    await dialog.getByRole('button', { name: 'Approve request', exact: true }).click()
    await console.getByText('Approved. Bob Okafor has access now.').waitFor()

    await page.goto(agent0)
    expect(await ask(page, 'list my todos')).toContain('You have 2 todos')
    expect(await ask(page, 'add buy milk')).toContain('Your organisation has not allowed Agent0 to change')
    await look(page, 'agent0')
    expect(complaints).toEqual([])
    await page.goto(`${idp}/me`)
    await page.getByText('Read your todos').first().waitFor()
    await look(page, 'me')
    await context.close()

    await console.goto(`${idp}/admin/connections/agent0-todo0`)
    const grants = console
      .locator('section')
      .filter({ has: console.getByRole('heading', { name: 'Access grants' }) })
    // Names load a moment later.
    await console
      .getByRole('row', { name: /Denied Bob Okafor Agent0/ })
      .first()
      .waitFor()
    await grants.getByRole('row', { name: /^Bob Okafor todos\.read .* Ada Novak/ }).waitFor()
    await look(console, 'connection')
    expect(await findSeriousProblems(console)).toEqual([])
    await grants.getByRole('button', { name: 'Revoke access' }).click()
    const revoking = console.getByRole('dialog', { name: 'Revoke access' })
    await revoking.getByLabel('Reason').fill('The sprint is planned')
    await revoking.getByRole('button', { name: 'Revoke access' }).click()
    await console.getByText('Access revoked').waitFor()
    await grants.getByText('No access grants.').waitFor()
    await office.close()
  })
})
