// What every page without JavaScript must do: fit narrow and wide windows, in both themes, without serious problems for
// assistive technology.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { findSeriousProblems } from './console/axe.ts'
import { snap } from './console/snap.ts'
import { findOverflow } from './demo-pages.ts'

/** @param highContrast - false if another page with the same style sheet is checked */
export async function expectReadable(
  page: Page,
  name: string,
  { highContrast = true }: { readonly highContrast?: boolean } = {},
): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [320, 1000]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      expect(await findOverflow(page), `${name} at ${width}`).toBe(0)
      await snap(page, `pages/${name}-${width}-${colorScheme}`, { whole: true })
      if (width !== 320) continue
      expect(await findSeriousProblems(page)).toEqual([])
      if (!highContrast) continue
      await page.emulateMedia({ contrast: 'more' })
      expect(await page.evaluate('matchMedia("(prefers-contrast: more)").matches')).toBe(true)
      expect(await findSeriousProblems(page, ['color-contrast-enhanced', 'color-contrast'])).toEqual([])
      await page.emulateMedia({ contrast: 'no-preference' })
    }
}
