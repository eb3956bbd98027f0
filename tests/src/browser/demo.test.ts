// The demo world in a real browser: what a person sees, and that no token comes near it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { findFreeBase, startWorld, type World } from '@crosswalk/demo-world'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser, launchBrowser } from '../../../tools/test-browser.ts'

/** Begins each JWT: `{"` in base64url. */
const JWT = /eyJ[A-Za-z0-9_-]{8}/

describeWithBrowser('the demo world in a browser', () => {
  let folder = ''
  let world: World
  let browser: Browser
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crosswalk-demo-test-'))
    world = await startWorld(await findFreeBase(), folder)
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await world.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(options: { readonly javaScriptEnabled?: boolean } = {}) {
    const context = await browser.newContext({ ...options, viewport: { width: 320, height: 720 } })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    const seen = watchForTokens(page)
    return { context, page, complaints, seen }
  }

  async function signIn(page: Page, username: 'alice' | 'bob', app: string) {
    await page.goto(app)
    await page.getByRole('link', { name: 'Sign in with acme' }).click()
    await page.getByLabel('User name').fill(username)
    await page.getByLabel('Password').fill(world.secrets.passwords[username])
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${app}/`)
  }

  async function ask(page: Page, sentence: string) {
    await page.getByLabel('Your message').fill(sentence)
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText(`for “${sentence}”`).waitFor()
    return page.getByRole('log').getByRole('listitem').filter({ hasText: 'Agent0:' }).last()
  }

  it('lets alice chat without JavaScript, and shows her no token', async () => {
    const { context, page, seen } = await open({ javaScriptEnabled: false })
    await signIn(page, 'alice', world.addresses.agent0)
    const list = await ask(page, 'list my todos')
    expect(await list.textContent()).toContain('You have 2 todos, 2 of them open:')
    const wire = page.getByRole('complementary')
    expect(await wire.textContent()).toMatch(/ID token → ID-JAG.*ID-JAG → access token.*POST \/mcp/s)
    expect(await wire.textContent()).toMatch(/decision dec_/)
    await ask(page, 'add buy milk')
    await page.goto(world.addresses.todo0)
    await page.getByRole('link', { name: 'Sign in with acme' }).click()
    await page.getByText('buy milk').waitFor()
    await page.getByRole('button', { name: 'Finish buy milk' }).click()
    await page.getByText('2 open, 1 done').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: /sign out/i }).click()
    await page.waitForURL(`${world.addresses.todo0}/`)
    const cookies = await context.cookies()
    expect(JSON.stringify(cookies)).not.toMatch(JWT)
    for (const cookie of cookies) expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
    expect(seen).toEqual([])
    await context.close()
  })

  it('tells alice and bob in plain words what their organisation does not allow', async () => {
    const { context, page, complaints } = await open()
    await signIn(page, 'alice', world.addresses.agent0)
    const scope = await ask(page, 'add note hello')
    expect(await scope.textContent()).toContain(
      'Your organisation has not allowed Agent0 to write notes in Notes0 for you.',
    )
    expect(await scope.textContent()).toMatch(/Decision dec_/)
    await context.clearCookies()
    await signIn(page, 'bob', world.addresses.agent0)
    const access = await ask(page, 'list my todos')
    expect(await access.textContent()).toContain(
      'Your organisation has not allowed Agent0 to use Todo0 for you.',
    )
    expect(await access.textContent()).not.toContain('XAA15')
    expect(complaints).toEqual([])
    await context.close()
  })

  it('fits 320 pixels', async () => {
    const { context, page } = await open()
    await signIn(page, 'alice', world.addresses.agent0)
    await ask(page, 'what are my notes')
    await page.locator('summary').first().click()
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
    expect(overflow).toBe(0)
    await context.close()
  })
})

/** @returns a list that grows when a URL, form or answer that the browser sees holds a token */
function watchForTokens(page: Page): string[] {
  const seen: string[] = []
  page.on('request', (request) => {
    if (JWT.test(`${request.url()} ${request.postData() ?? ''}`)) seen.push(`request ${request.url()}`)
  })
  page.on('response', (response) => {
    if (JWT.test(JSON.stringify(response.headers()))) seen.push(`headers of ${response.url()}`)
  })
  page.on('domcontentloaded', (loaded) => {
    // The next step may have left the page already; then it is the next page's turn.
    const html = loaded.content().catch(() => '')
    void html.then((text) => (JWT.test(text) ? seen.push(`page ${loaded.url()}`) : 0))
  })
  return seen
}
