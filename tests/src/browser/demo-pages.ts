// The demo world and a browser for its pages. Contexts record browser errors and every token that the browser sees.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { findFreeBase, startWorld, type World, type WorldSettings } from '@crosswalk/demo-world'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'

import { openTestBrowser } from '../../../tools/test-browser.ts'
import { JWT } from '../support/jwt-pattern.ts'

export interface DemoPages {
  readonly world: World
  open(options?: BrowserContextOptions): Promise<OpenPage>
  /** Signs in through the app's welcome page and the IdP's form */
  signIn(page: Page, username: 'alice' | 'bob' | 'carol', app: string): Promise<void>
  stop(): Promise<void>
}

export interface OpenPage {
  readonly context: BrowserContext
  readonly page: Page
  readonly complaints: readonly string[]
  /** Where the browser saw a token; must stay empty */
  readonly seen: readonly string[]
}

const NARROW = { width: 320, height: 720 }

export async function openDemoPages(settings: WorldSettings = {}): Promise<DemoPages> {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-demo-test-'))
  const world = await startWorld(await findFreeBase(), folder, { environment: {}, ...settings })
  const browser = await openTestBrowser()
  return {
    world,
    open: async (options = {}) => {
      const context = await browser.newContext({ viewport: NARROW, ...options })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => {
        // Said whenever a page is used before it has loaded in full.
        if (!message.text().startsWith('Autofocus processing was blocked')) complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      return { context, page, complaints, seen: watchForTokens(page) }
    },
    signIn: async (page, username, app) => {
      await page.goto(app)
      await page.getByRole('link', { name: 'Sign in with acme' }).click()
      await page.getByLabel('User name').fill(username)
      await page.getByLabel('Password').fill(world.secrets.passwords[username])
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.waitForURL(`${app}/`)
    },
    stop: async () => {
      await browser.close()
      await world.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function findOverflow(page: Page): Promise<unknown> {
  return await page.evaluate('document.documentElement.scrollWidth - innerWidth')
}

/** @returns a list that grows whenever a URL, form or response in the browser contains a token */
function watchForTokens(page: Page): string[] {
  const seen: string[] = []
  page.on('request', (request) => {
    if (JWT.test(`${request.url()} ${request.postData() ?? ''}`)) seen.push(`request ${request.url()}`)
  })
  page.on('response', (response) => {
    if (JWT.test(JSON.stringify(response.headers()))) seen.push(`headers of ${response.url()}`)
    // Ignore requests by scripts.
    if (response.request().resourceType() === 'fetch')
      void response.text().then(
        (text) => (JWT.test(text) ? seen.push(`answer of ${response.url()}`) : 0),
        () => 0,
      )
  })
  page.on('domcontentloaded', (loaded) => {
    // The test may already have left the page; the next one will be checked.
    const html = loaded.content().catch(() => '')
    void html.then((text) => (JWT.test(text) ? seen.push(`page ${loaded.url()}`) : 0))
  })
  return seen
}
