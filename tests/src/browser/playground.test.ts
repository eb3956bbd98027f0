// The playground in a real browser: a run, a fault, at every width and in both themes, without JavaScript.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser, launchBrowser } from '../../../tools/test-browser.ts'
import { startPlayground, type TestPlayground } from '../support/playground.ts'
import { findSeriousProblems } from './console/axe.ts'
import { snap } from './console/snap.ts'
import { findOverflow } from './demo-pages.ts'

describeWithBrowser('the playground in a browser', () => {
  let playground: TestPlayground
  let browser: Browser
  beforeAll(async () => {
    playground = await startPlayground()
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await playground.stop()
  })

  it('runs the flow and breaks it, by keyboard', async () => {
    const page = await browser.newPage()
    page.setDefaultTimeout(12_000)
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    await page.goto(playground.origin)
    await page.getByRole('button', { name: 'Run the flow' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('The flow went through').waitFor()
    await page.getByText('Token, decoded').first().click()
    await look(page, 'run')
    await page.getByRole('link', { name: 'Playground' }).click()
    await look(page, 'home')
    await page.getByRole('button', { name: 'Break it: audience is an issuer that nobody registered' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Refused, as it has to be').waitFor()
    await page.getByText('recorded as XAA1301').waitFor()
    await look(page, 'broken')
    expect(complaints).toEqual([])
  })

  async function look(page: Page, name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [320, 1000]) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 900 })
        expect(await findOverflow(page), `${name} at ${width}`).toBe(0)
        await snap(page, `pages/playground-${name}-${width}-${colorScheme}`, { whole: true })
        if (width !== 320) continue
        expect(await findSeriousProblems(page)).toEqual([])
        await page.emulateMedia({ contrast: 'more' })
        expect(await page.evaluate('matchMedia("(prefers-contrast: more)").matches')).toBe(true)
        expect(await findSeriousProblems(page, ['color-contrast-enhanced', 'color-contrast'])).toEqual([])
        await page.emulateMedia({ contrast: 'no-preference' })
      }
  }
})
