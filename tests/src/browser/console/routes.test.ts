// Every page, as a user who may see all of them: readable in each theme, accessible, fitting 320 pixels, and without browser errors.
import { TOKEN_TYPE } from '@crosswalk/protocol'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { TODO } from '../../support/company.ts'
import { exchange, signInFor } from '../../support/flow.ts'
import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { findSeriousProblems } from './axe.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'
import { makeHistory } from './history.ts'
import { makeOversight } from './oversight.ts'
import { fillPath, type Made, PATHS } from './pages.ts'
import { snap, TAKES_PICTURES } from './snap.ts'
import { showTheme } from './themes.ts'

describeWithBrowser('every page of the console', () => {
  let world: ConsoleWorld
  let signedIn: SignedInPage
  let made: Made
  beforeAll(async () => {
    world = await startConsoleWorld()
    await makeLongNames(world)
    const history = await makeHistory(world.server.baseUrl)
    made = { ...history, ...(await makeOversight(world.admin)) }
    signedIn = await world.signIn('ada')
  })
  afterAll(() => world.stop())

  it.each([
    { what: 'scripts and styles', ending: /\.(js|css)$/, from: 100, to: 300 },
    { what: 'typefaces', ending: /\.woff2$/, from: 20, to: 60 },
  ])('loads at most $to kB of $what for the first page', async ({ ending, from, to }) => {
    const files = await signedIn.page.evaluate<readonly (readonly [string, number])[]>(
      `performance.getEntriesByType('resource').map(({ name, encodedBodySize }) => [name, encodedBodySize])`,
    )
    const counted = files.filter(([name]) => name.includes('/admin/assets/') && ending.test(name))
    const kilobytes = counted.reduce((sum, [, bytes]) => sum + bytes, 0) / 1000
    expect(kilobytes).toBeGreaterThan(from)
    expect(kilobytes).toBeLessThanOrEqual(to)
  })

  it('is readable before sign-in, in every theme', async () => {
    const page = await world.browser.newPage()
    await page.goto(`${world.server.baseUrl}/admin`)
    await page.getByRole('link', { name: 'Sign in' }).waitFor()
    const findings: string[] = []
    for (const theme of ['light', 'dark', 'contrast'] as const) {
      await page.evaluate(showTheme(theme))
      findings.push(...(await findSeriousProblems(page)).map((problem) => `${theme} ${problem}`))
      // axe does not decide on text in exactly the background colour.
      if (await page.evaluate<boolean>(LABEL_IS_LOST)) findings.push(`${theme} the button's label is lost`)
    }
    await page.close()
    expect(findings).toEqual([])
  })

  it('opens the navigation on a narrow screen, and returns the focus', async () => {
    const { page, goto } = signedIn
    await page.setViewportSize({ width: 320, height: 720 })
    await goto('/')
    const open = page.getByRole('button', { name: 'Open navigation' })
    await open.click()
    await page.getByRole('dialog').getByRole('link', { name: 'Connections' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect
      .poll(() => open.evaluate((button) => button === button.ownerDocument.activeElement))
      .toBe(true)
    await page.setViewportSize({ width: 1280, height: 900 })
  })

  it('shows one focus ring around the field of the palette', async () => {
    const { page, goto } = signedIn
    await goto('/')
    await page.keyboard.press('Control+k')
    const field = page.getByRole('dialog').getByRole('combobox')
    await field.and(page.locator(':focus')).waitFor()
    expect(await page.evaluate(styleOf('.cw-palette-field', 'outlineStyle'))).toBe('solid')
    expect(await page.evaluate(styleOf('.cw-palette-field input', 'outlineStyle'))).toBe('none')
    await page.keyboard.press('Escape')
  })

  it('shows the tabs of an area in one row, with the open one in view', async () => {
    const { page, goto } = signedIn
    await page.setViewportSize({ width: 390, height: 720 })
    for (const [address, open] of [
      ['/settings/readiness', 'Readiness'],
      ['/settings/invitation', 'Accept invitation'],
    ] as const) {
      await goto(address)
      const rows = page.getByRole('navigation', { name: 'Pages of Settings' }).getByRole('list')
      for (const row of await rows.all()) {
        const tops = await row
          .getByRole('link')
          .evaluateAll((links) => links.map((link) => link.getBoundingClientRect().top))
        expect(new Set(tops).size).toBe(1)
      }
      const box = await rows.getByRole('link', { name: open }).boundingBox()
      expect(box?.x).toBeGreaterThanOrEqual(0)
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390)
    }
    await page.setViewportSize({ width: 1280, height: 900 })
  })

  it('opens the keyboard help by its key, except while typing', async () => {
    const { page, goto } = signedIn
    await goto('/users')
    await page.keyboard.press('?')
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await help.getByText('Create user').waitFor()
    await help.getByText('Search and commands').waitFor()
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'detached' })
    await page.getByLabel('Search', { exact: true }).press('?')
    expect(await page.getByLabel('Search', { exact: true }).inputValue()).toBe('?')
    expect(await help.count()).toBe(0)
  })

  it('shows charts, switches and the current page in forced colours', async () => {
    const { page, goto } = signedIn
    await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' })
    await goto('/')
    await expect.poll(() => page.evaluate(COLORS_OF_CHART)).toEqual({ drawn: true, own: 0 })
    await goto('/map')
    await page.locator('.cw-graph-edge').first().waitFor({ state: 'attached' })
    expect(await page.evaluate(styleOf('.cw-graph-edge', 'stroke'))).toBe('rgb(255, 255, 255)')
    const [current, other] = await Promise.all(
      ['[aria-current=page]', ':not([aria-current])'].map((which) =>
        page.evaluate(styleOf(`.cw-nav-link${which}`, 'backgroundColor')),
      ),
    )
    expect(current).not.toBe(other)
    await goto('/users/new')
    expect(await page.evaluate(styleOf('.mantine-Switch-track', 'borderTopWidth'))).toBe('1px')
    const [track, thumb] = await Promise.all(
      ['track', 'thumb'].map((part) => page.evaluate(styleOf(`.mantine-Switch-${part}`, 'backgroundColor'))),
    )
    expect(track).not.toBe(thumb)
    await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' })
  })

  it('keeps the other columns in view next to a name without spaces', async () => {
    const { page, goto } = signedIn
    for (const address of ['/apps', '/users', '/map', '/connections/agent0-todo0']) {
      await goto(address)
      await page
        .getByRole('link', { name: /^Wolfeschlegelsteinhausen/ })
        .first()
        .waitFor()
      const hidden = await page.evaluate<number>(
        "Math.max(...[...document.querySelectorAll('.cw-table-frame, .cw-table-scroll')].map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))",
      )
      expect(hidden, address).toBeLessThan(50)
    }
  })

  it('has pages', () => expect(PATHS.length).toBeGreaterThan(40))

  it('shows the whole diagram, and short identifiers in one line, on a small laptop', async () => {
    const { page, goto } = signedIn
    await page.setViewportSize({ width: 1100, height: 800 })
    await goto('/map')
    const diagram = page.locator('.cw-graph')
    expect(await diagram.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
    await goto('/settings/registrations')
    const id = page.getByText('agent0-at-vendor', { exact: true }).first()
    expect(await id.evaluate((token) => token.getClientRects().length)).toBe(1)
    await page.setViewportSize({ width: 1280, height: 900 })
  })

  it('shows the documents of a long address on a phone', async () => {
    const { page, goto, complaints } = signedIn
    await page.setViewportSize({ width: 320, height: 720 })
    await goto('/connections/new?app=other')
    await page.getByLabel(/^Wolfeschlegelsteinhausen/).check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('/.well-known/openid-configuration').first().waitFor()
    expect(await comesToFit(page)).toBe(true)
    await goto('/')
    await page.setViewportSize({ width: 1280, height: 900 })
    expect(complaints.splice(0)).toEqual([])
  })

  it.each(PATHS)('%s has no serious axe violations, fits 320 pixels, and logs no errors', async (path) => {
    const { page, goto, complaints } = signedIn
    const address = fillPath(path, made)
    const findings: string[] = []
    await page.setViewportSize({ width: 1280, height: 900 })
    await goto(address)
    for (const theme of ['light', 'dark', 'contrast'] as const) {
      await page.evaluate(showTheme(theme))
      // Other themes differ only in colour, and the frame is the same on every page.
      const problems = await (theme === 'light'
        ? findSeriousProblems(page)
        : findSeriousProblems(page, ['color-contrast'], path === PATHS[0] ? undefined : 'main'))
      findings.push(...problems.map((problem) => `${theme} ${problem}`))
    }
    await page.evaluate(showTheme('light'))
    await page.setViewportSize({ width: 320, height: 720 })
    if (!(await comesToFit(page))) findings.push('is wider than 320 pixels')
    findings.push(...(await page.evaluate<readonly string[]>(CUT_BUTTONS)))
    if (TAKES_PICTURES) await snapPage(page, address)
    expect(findings).toEqual([])
    expect(complaints.splice(0)).toEqual([])
  })
})

/** Names without a space, as long as they may be, and a denial whose remedy has a long URN. */
async function makeLongNames({ admin, server: { baseUrl } }: ConsoleWorld): Promise<void> {
  const name = 'Wolfeschlegelsteinhausen'.repeat(8)
  const user = await admin('POST', '/users', {
    body: { username: 'long', name, groups: ['engineering'] },
  })
  const app = await admin('POST', '/apps', {
    body: { id: 'long-app', name, kind: 'agent', auth: { method: 'none' }, owners: [user.body.id] },
  })
  const connection = await admin('POST', '/connections', {
    body: { app: 'long-app', resourceApp: 'todo0', clientId: 'long', scopes: [] },
  })
  const resourceApp = await admin('POST', '/resource-apps', {
    body: { name, issuer: `https://long.test/${name}` },
  })
  expect([user, app, connection, resourceApp].map(({ status }) => status)).toEqual([201, 201, 201, 201])
  const { idToken } = await signInFor(baseUrl, 'alice')
  await exchange(baseUrl, idToken, { resource: TODO, requested_token_type: TOKEN_TYPE.accessToken })
}

/** @returns an expression for the page */
function styleOf(selector: string, name: string): string {
  return `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${name}`
}

/** In forced colours the user's text is white on black, so any other colour is one of our own. */
const COLORS_OF_CHART = `(() => {
  const bars = [...document.querySelectorAll('.cw-chart-bar > span')].filter((bar) => bar.clientHeight > 0)
  const colors = bars.flatMap((bar) => getComputedStyle(bar).background.match(/rgb\\([^)]*\\)/g) ?? [])
  const own = colors.filter((color) => color !== 'rgb(255, 255, 255)' && color !== 'rgb(0, 0, 0)')
  return { drawn: colors.length > 0, own: own.length }
})()`

const LABEL_IS_LOST = `(() => {
  const { color, backgroundColor } = getComputedStyle(document.querySelector('main a'))
  return color === backgroundColor
})()`

/** Labels that touch the edge of their button. */
const CUT_BUTTONS = `[...document.querySelectorAll('main .mantine-Button-label')].flatMap((label) => {
  const words = document.createRange()
  words.selectNodeContents(label)
  const [right, edge] = [words, label.closest('.mantine-Button-root')].map((it) => it.getBoundingClientRect().right)
  return edge > 0 && right + 4 > edge ? ['cuts off ' + label.textContent] : []
})`

/** A full-length screenshot for visual review. */
async function snapPage(page: Page, address: string): Promise<void> {
  const name =
    address
      .replace(/(dec|rev)_\w+/, '$1')
      .replaceAll(/[^a-z0-9]+/gi, '-')
      .replaceAll(/^-|-$/g, '') || 'overview'
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate(showTheme(theme))
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      await snap(page, `pages/console-${name}-${width}-${theme}`, { whole: true })
    }
  }
  await page.evaluate(showTheme('light'))
}

/** Content may be wider for a moment while rendering. */
function comesToFit(page: Page): Promise<boolean> {
  return page
    .waitForFunction('document.documentElement.scrollWidth === innerWidth', undefined, { timeout: 10_000 })
    .then(
      () => true,
      () => false,
    )
}
