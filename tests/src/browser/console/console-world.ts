// A server with the console for browser tests: one company, a user per role, and some history.
import type { BrowserContext, Page } from 'playwright-core'

import { openTestBrowser, type TestBrowser } from '../../../../tools/test-browser.ts'
import { type Admin, adminOf } from '../../admin/admin.ts'
import { company, PASSWORD } from '../../support/company.ts'
import { fillForm } from '../../support/form-walker.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'
import { buildConsole } from './build-console.ts'

/** Additional users by their role in the console. The group `<role> on call` has it too. */
const STAFF = {
  ada: 'owner',
  grace: 'administrator',
  aude: 'auditor',
  hedy: 'helpdesk',
  sec: 'security-responder',
} as const
export type Staff = keyof typeof STAFF

/** Longer than anything takes on a busy machine. */
export const TIMEOUT_MS = 20_000

export interface ConsoleWorld {
  readonly server: TestServer
  readonly admin: Admin
  readonly browser: TestBrowser
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
  /** Navigates within the console, as by a link, which is five times faster than a reload. @param path - below `/admin` */
  goto(path: string): Promise<void>
  /** Opens a bookmark: reloads the console and all data. @param path - below `/admin` */
  load(path: string): Promise<void>
}

export interface WorldOptions {
  /** Added to the `idp` of the configuration */
  readonly idp?: Readonly<Record<string, unknown>>
  /** Appended to the lists of the `idp` */
  readonly more?: Readonly<Record<string, readonly unknown[]>>
  /** Added to the authorization server of the vendor */
  readonly authorizationServer?: Readonly<Record<string, unknown>>
  /** Added to the top level of the configuration */
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
  const browser = await openTestBrowser()
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
  readonly browser: TestBrowser
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
  await signInByForm(context, server.baseUrl, who)
  await page.goto(`${server.baseUrl}/admin/`)
  await page.locator('#page').waitFor()
  return {
    context,
    page,
    complaints,
    goto: (path) => goWithin(page, path),
    async load(path) {
      await page.goto(`${server.baseUrl}/admin${path}`)
      await untilSettled(page)
    },
  }
}

/** Submits the sign-in form without rendering its page; other tests cover that. */
async function signInByForm({ request }: BrowserContext, baseUrl: string, username: string): Promise<void> {
  const form = await request.get(`${baseUrl}/admin/sign-in`)
  const { url, body } = fillForm(await form.text(), form.url(), { username, password: PASSWORD })
  await request.post(url, { form: Object.fromEntries(body) })
}

/** @param path - below `/admin`. By way of an address without a page, so that nothing of the page before stays: no dialog, no message. */
export async function goWithin(page: Page, path: string): Promise<void> {
  const between = page.getByRole('heading', { name: 'Page not found' })
  await page.evaluate(`
    for (const message of document.querySelectorAll('.mantine-Notification-closeButton')) message.click()
    ${showAddress('/admin/between-two-pages')}`)
  await between.waitFor()
  await page.locator('.mantine-Notification-root').first().waitFor({ state: 'detached' })
  await page.evaluate(showAddress(`/admin${path}`))
  await between.waitFor({ state: 'detached' })
  await untilSettled(page)
}

/** With the position in the history that the router counts: without it, going back cannot be undone. */
function showAddress(address: string): string {
  return `
    history.pushState(
      { __TSR_key: crypto.randomUUID(), __TSR_index: history.state.__TSR_index + 1 }, '', ${JSON.stringify(address)})
    dispatchEvent(new PopStateEvent('popstate'))`
}

/** Waits until the page has finished loading. */
export async function untilSettled(page: Page): Promise<void> {
  await page.locator('main h1, main h2').first().waitFor()
  await page
    .locator('[role=status][aria-label=Loading]:not([data-example] *)')
    .first()
    .waitFor({ state: 'hidden' })
}
