// Texts that others chose, on every page: markup is shown as text and never runs, and the longest word fits every width.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'
import { makeHistory } from './history.ts'
import { makeOversight } from './oversight.ts'
import { fillPath, type Made, PATHS } from './pages.ts'
import { showTheme } from './themes.ts'

const TEXTS = [
  '<img src=x onerror="globalThis.executed = true"><script>globalThis.executed = true</script>',
  `x${'y'.repeat(10_000)}`,
  '\u202eevil\u2066\u200b\u200d',
  '👩‍👩‍👧‍👦'.repeat(200),
  'half \ud83d of a pair',
  'javascript:globalThis.executed=true',
]
/** Members of responses whose text a user or another system chose */
const FREE =
  /^(names?|displayName|username|email|descriptions?|reason|note|title|detail|text|summary|problem|fix|error|lastError|display|saw|sentence|why|actual|expected|userAgent)$/

/** What ran, how much wider than the window the page is, and links that run something */
const FINDINGS = `({
  executed: globalThis.executed ?? false,
  wider: document.documentElement.scrollWidth - innerWidth,
  scripts: [...document.querySelectorAll('a[href], iframe[src], form[action]')]
    .flatMap((one) => ['href', 'src', 'action'].map((name) => one.getAttribute(name) ?? ''))
    .filter((url) => /^\\s*(javascript|data|vbscript):/i.test(url)),
})`

describeWithBrowser('texts that others chose', () => {
  let world: ConsoleWorld
  let signedIn: SignedInPage
  let made: Made
  let replaced = 0
  const crashes: string[] = []

  /** @returns the response with the next of the texts in each of these members */
  function spoil(value: unknown, name = ''): unknown {
    if (typeof value === 'string') return FREE.test(name) ? TEXTS[replaced++ % TEXTS.length] : value
    if (Array.isArray(value)) return value.map((one) => spoil(one, name))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([member, one]) => [member, spoil(one, member)]))
  }

  beforeAll(async () => {
    world = await startConsoleWorld()
    made = { ...(await makeHistory(world.server.baseUrl)), ...(await makeOversight(world.admin)) }
    signedIn = await world.signIn('ada')
    signedIn.page.on('pageerror', ({ message }) => crashes.push(message))
    await signedIn.page.route('**/admin/api/v1/**', async (route) => {
      const response = await route.fetch()
      const isJson = response.ok() && /json/.test(response.headers()['content-type'] ?? '')
      return isJson
        ? route.fulfill({ response, body: JSON.stringify(spoil(await response.json())) })
        : route.fulfill({ response })
    })
  })
  afterAll(async () => {
    await signedIn.page.unrouteAll({ behavior: 'ignoreErrors' })
    await world.stop()
  })

  it.each(PATHS)('%s shows them, and neither runs them nor becomes wider', async (path) => {
    const { page, goto } = signedIn
    for (const [width, theme] of [
      [320, 'light'],
      [1280, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 })
      await goto(fillPath(path, made))
      await page.evaluate(showTheme(theme))
      expect(await page.evaluate(FINDINGS), `${width} pixels`).toEqual({
        executed: false,
        wider: 0,
        scripts: [],
      })
    }
    expect(crashes.splice(0)).toEqual([])
    expect(replaced).toBeGreaterThan(0)
  })
})
