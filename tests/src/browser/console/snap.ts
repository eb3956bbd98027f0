// Pictures for the documentation, and of every page to be looked at, taken by the tests that go the same way: only where
// a folder is named for them.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import type { Page } from 'playwright-core'

import { showTheme } from './themes.ts'

const FOLDER = process.env['CROSSWALK_SCREENSHOTS']

/** Whether anyone wants pictures; what only they need is left out otherwise. */
export const TAKES_PICTURES = FOLDER !== undefined

/** Does nothing unless `CROSSWALK_SCREENSHOTS` names a folder. @param name - without its ending; may name a folder below */
export async function snap(page: Page, name: string, { whole = false } = {}): Promise<void> {
  if (FOLDER === undefined) return
  const path = join(FOLDER, `${name}.png`)
  mkdirSync(dirname(path), { recursive: true })
  await page.evaluate(showMessages('none'))
  await page.screenshot({ path, animations: 'disabled', fullPage: whole })
  await page.evaluate(showMessages(''))
}

/** Toasts would cover the page. Hidden by a script, since the CSP allows no style sheet. */
function showMessages(display: string): string {
  return `for (const box of document.querySelectorAll('.mantine-Notifications-root')) box.style.display = '${display}'`
}

/** The same in light, under `name`, and in dark, under `name-dark`. */
export async function snapBoth(page: Page, name: string): Promise<void> {
  if (!TAKES_PICTURES) return
  await snap(page, name)
  await page.evaluate(showTheme('dark'))
  await snap(page, `${name}-dark`)
  await page.evaluate(showTheme('light'))
}
