// A real browser for tests, if `npm test` found one; otherwise such tests are skipped, or fail in CI.
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

/** Disables network access of the browser itself, and works in a container without a GPU or user namespaces. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  // A page of a test is closed before optimized code would pay off: a tenth of the CPU of a test.
  '--js-flags=--no-opt --no-maglev',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Chromium uses only the last of several such switches: these are Playwright's, and the pages behind the address
 * bar, which each window renders although no test types an address, at a third of the cost of the window.
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

export const hasTestBrowser = executablePath !== undefined

/** `describe`, skipped without a browser. */
export const describeWithBrowser = describe.skipIf(!hasTestBrowser)

/** The contexts that a test opens in the browser. Close it, or hold it with `await using`, which closes them. */
export interface TestBrowser extends AsyncDisposable {
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>
  /** Opens a page in its own context */
  newPage(options?: BrowserContextOptions): Promise<Page>
  close(): Promise<void>
}

/** All tests of a process share one Chromium, which ends with the process. @throws if there is no browser */
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
  // After a crash, only the tests of one file fail, not those of later files.
  return former?.isConnected() === true ? former : (running = launch())
}

function launch(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(`${BROWSER_VARIABLE} names no browser`)
  const args = [...FLAGS, `--disable-features=${FEATURES_OFF.join(',')}`]
  return chromium.launch({ executablePath, args })
}
