// A real browser for tests. Only where `npm test` found one; elsewhere such tests are skipped, and fail in CI.
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
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

/**
 * Of several such switches Chromium takes the last: what Playwright turns off, and the pages behind the address bar, which
 * each window draws although no one types an address, for a third of what the window costs.
 */
const FEATURES_OFF = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
]

/** `describe`, skipped where there is no browser. */
export const describeWithBrowser = describe.skipIf(executablePath === undefined)

/** What a test opens in the browser. Close it, or hold it with `await using`: that closes its windows. */
export interface TestBrowser extends AsyncDisposable {
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>
  /** In a context of its own */
  newPage(options?: BrowserContextOptions): Promise<Page>
  close(): Promise<void>
}

/** All tests of a process share one Chromium, which ends with the process. @throws when there is no browser */
export async function openTestBrowser(): Promise<TestBrowser> {
  const browser = await launchOnce()
  const contexts: BrowserContext[] = []
  const newContext = async (options?: BrowserContextOptions) => {
    const context = await browser.newContext(options)
    contexts.push(context)
    return context
  }
  const close = async () => void (await Promise.all(contexts.map((context) => context.close())))
  return {
    newContext,
    newPage: async (options) => (await newContext(options)).newPage(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

let running: Promise<Browser> | undefined

async function launchOnce(): Promise<Browser> {
  const former = await running
  // One that crashed fails the tests of one file, not those of the files after it.
  return former?.isConnected() === true ? former : (running = launch())
}

function launch(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(`${BROWSER_VARIABLE} names no browser`)
  const args = [...FLAGS, `--disable-features=${FEATURES_OFF.join(',')}`]
  return chromium.launch({ executablePath, args })
}
