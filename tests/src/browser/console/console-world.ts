// A server with the console for browser tests: one company, users for each role, and what happened there so far.
import type { Browser, BrowserContext, Page } from 'playwright-core'

import { launchBrowser } from '../../../../tools/test-browser.ts'
import { type Admin, adminOf } from '../../admin/admin.ts'
import { company, PASSWORD } from '../../support/company.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'
import { buildConsole } from './build-console.ts'

/** Users beside those of the company, by the role each has in the console; so has the group `<role> on call`. */
const STAFF = {
  ada: 'owner',
  grace: 'administrator',
  aude: 'auditor',
  hedy: 'helpdesk',
  sec: 'security-responder',
} as const
export type Staff = keyof typeof STAFF

/** Longer than anything here takes on a busy machine. */
const TIMEOUT_MS = 20_000

export interface ConsoleWorld {
  readonly server: TestServer
  readonly admin: Admin
  readonly browser: Browser
  /** A fresh browser context, signed in; `complaints` are messages of the browser's console, failed loads included */
  signIn(who: Staff, options?: PageOptions): Promise<SignedInPage>
  stop(): Promise<void>
}

export interface PageOptions {
  readonly width?: number
  readonly height?: number
  readonly theme?: 'light' | 'dark' | 'contrast'
}

export interface SignedInPage {
  readonly context: BrowserContext
  readonly page: Page
  readonly complaints: string[]
  /** @param path - below `/admin` */
  goto(path: string): Promise<void>
}

export interface WorldOptions {
  /** Added to the `idp` of the configuration */
  readonly idp?: Readonly<Record<string, unknown>>
  /** Added to the lists of the `idp` */
  readonly more?: Readonly<Record<string, readonly unknown[]>>
  /** Added to the authorization server of the vendor */
  readonly authorizationServer?: Readonly<Record<string, unknown>>
  /** Added to the configuration itself */
  readonly file?: Readonly<Record<string, unknown>>
  readonly clock?: { nowMs(): number }
}

export async function startConsoleWorld({
  idp = {},
  more = {},
  authorizationServer = {},
  file = {},
  clock,
}: WorldOptions = {}): Promise<ConsoleWorld> {
  buildConsole()
  const server = await startTestServer({
    file: (baseUrl) =>
      withStaff({ ...withMore(company(baseUrl, { idp, authorizationServer }), more), ...file }),
    ...(clock === undefined ? {} : { clock }),
  })
  const browser = await launchBrowser()
  return {
    server,
    admin: adminOf(server.baseUrl),
    browser,
    signIn: (who, options) => signIn({ server, browser, who, options: options ?? {} }),
    async stop() {
      await browser.close()
      await server.stop()
    },
  }
}

function withMore(
  file: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, readonly unknown[]>>,
): Record<string, unknown> {
  const idp = file['idp'] as Readonly<Record<string, readonly unknown[]>>
  const added = Object.entries(more).map(([list, items]) => [list, [...(idp[list] ?? []), ...items]])
  return { ...file, idp: { ...idp, ...Object.fromEntries(added) } }
}

function withStaff(file: Record<string, unknown>): Record<string, unknown> {
  const idp = file['idp'] as { readonly users: readonly unknown[] }
  const staff = Object.keys(STAFF).map((name) => ({
    id: `usr_${name}`,
    username: name,
    name: `${name[0]?.toUpperCase()}${name.slice(1)}`,
    password: PASSWORD,
    groups: ['it'],
  }))
  const roles = Object.fromEntries(
    Object.entries(STAFF).map(([name, role]) => [
      role,
      { users: [`usr_${name}`], groups: [`${role} on call`] },
    ]),
  )
  const admin = { ...(file['admin'] as object), roles }
  return { ...file, admin, idp: { ...idp, users: [...idp.users, ...staff] } }
}

interface SignIn {
  readonly server: TestServer
  readonly browser: Browser
  readonly who: Staff
  readonly options: PageOptions
}

async function signIn({ server, browser, who, options }: SignIn): Promise<SignedInPage> {
  const { width = 1280, height = 900, theme = 'light' } = options
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' })
  await context.addInitScript(`localStorage.setItem('crosswalk.theme', '${theme}')`)
  const page = await context.newPage()
  page.setDefaultTimeout(TIMEOUT_MS)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`${server.baseUrl}/admin/`)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('User name').fill(who)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('#page').waitFor()
  return {
    context,
    page,
    complaints,
    async goto(path) {
      await page.goto(`${server.baseUrl}/admin${path}`)
      await untilSettled(page)
    },
  }
}

/** Waits until nothing of the page is loading any more. */
export async function untilSettled(page: Page): Promise<void> {
  await page.locator('main h1, main h2').first().waitFor()
  await page
    .locator('[role=status][aria-label=Loading]:not([data-example] *)')
    .first()
    .waitFor({ state: 'hidden' })
}
