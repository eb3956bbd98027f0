// A real browser for tests. Only where `npm test` found one; elsewhere such tests are skipped, and fail in CI.
import { chromium, type Browser } from 'playwright-core'
import { describe } from 'vitest'

import { BROWSER_VARIABLE } from './test/browser-variable.ts'

const executablePath = process.env[BROWSER_VARIABLE]

/** Nothing that reaches for the network, and what a container without a GPU or user namespaces needs. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** `describe`, skipped where there is no browser. */
export const describeWithBrowser = describe.skipIf(executablePath === undefined)

/** Close it, or hold it with `await using`. @throws when there is no browser */
export async function launchBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(`${BROWSER_VARIABLE} names no browser`)
  return chromium.launch({ executablePath, args: FLAGS })
}
