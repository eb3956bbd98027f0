// Pictures for the documentation, taken by the tests that go the same way: only where a folder is named for them.
import { join } from 'node:path'

import type { Page } from 'playwright-core'

const FOLDER = process.env['CROSSWALK_SCREENSHOTS']

/** Does nothing unless `CROSSWALK_SCREENSHOTS` names a folder. */
export async function snap(page: Page, name: string): Promise<void> {
  if (FOLDER === undefined) return
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' })
}
