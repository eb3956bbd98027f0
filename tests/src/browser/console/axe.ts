// Runs axe on a page and reports serious and critical violations.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import type { Page } from 'playwright-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/**
 * @param only - rule ids; default: all rules of WCAG 2.2 A and AA and best practices
 * @param within - selector of the part to check; default: the whole page
 * @returns violations as text
 */
export async function findSeriousProblems(
  page: Page,
  only?: readonly string[],
  within?: string,
): Promise<readonly string[]> {
  await page.evaluate(`if (window.axe === undefined) { ${SOURCE} }`)
  const options = only === undefined ? {} : { runOnly: { type: 'rule', values: only } }
  const { violations } = await page.evaluate<{ readonly violations: readonly Violation[] }>(
    `window.axe.run(${within === undefined ? 'document' : JSON.stringify(within)}, ${JSON.stringify({ ...options, resultTypes: ['violations'], preload: false })})`,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => {
      const shown = nodes
        .slice(0, 3)
        .map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`)
      return `${id}, ${nodes.length} times: ${shown.join(' | ')}`
    })
}
