// Screenshots for the documentation and for visual review, taken by tests on their way, if a folder is set.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import type { Page } from 'playwright-core'

import { showTheme } from './themes.ts'

const FOLDER = process.env['CROSSWALK_SCREENSHOTS']

/** Whether screenshots are wanted; steps that only they need are skipped otherwise. */
export const TAKES_PICTURES = FOLDER !== undefined

/** Does nothing unless `CROSSWALK_SCREENSHOTS` names a folder. @param name - without extension; may include a subfolder */
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

/** Takes it in light as `name`, and in dark as `name-dark`. */
export async function snapBoth(page: Page, name: string): Promise<void> {
  if (!TAKES_PICTURES) return
  await snap(page, name)
  await page.evaluate(showTheme('dark'))
  await snap(page, `${name}-dark`)
  await page.evaluate(showTheme('light'))
}
