// Each page while the server is unreachable, and for a role without permission: never "nothing here".
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'
import { makeHistory } from './history.ts'
import { makeOversight } from './oversight.ts'
import { listAddresses } from './pages.ts'

type Page = SignedInPage['page']
type Route = Parameters<Parameters<Page['route']>[1]>[0]

const API = '**/admin/api/v1/**'
/** Each page keeps a stream open, and browsers allow six connections per server. */
const AT_ONCE = 4
/** Only a page without a message takes this long; a slow machine needs far longer than a fast one. */
const SILENT_AFTER_MS = 30_000
/** Pages that show no server data until the user submits something. */
const OF_THEMSELVES: ReadonlySet<string> = new Set([
  '/settings/appearance',
  '/settings/invitation',
  '/design',
  '/apps/new',
  '/resource-apps/new',
  '/policies/new',
  '/users/new',
  '/policy-tests',
  '/simulator',
  '/timeline',
])

describeWithBrowser('pages without an answer', () => {
  let world: ConsoleWorld
  let ada: SignedInPage
  let pages: readonly Page[] = []
  let addresses: readonly string[] = []
  beforeAll(async () => {
    world = await startConsoleWorld()
    const history = await makeHistory(world.server.baseUrl)
    const all = listAddresses({ ...history, ...(await makeOversight(world.admin)) })
    addresses = all.filter((address) => !OF_THEMSELVES.has(address))
    expect(addresses.length).toBeGreaterThan(25)
    ada = await world.signIn('ada')
    pages = await Promise.all(Array.from({ length: AT_ONCE }, openPage))
  })
  afterAll(() => world.stop())

  async function openPage(): Promise<Page> {
    const page = await ada.context.newPage()
    await page.goto(`${world.server.baseUrl}/admin/settings/appearance`)
    return page
  }

  /** @returns pages that lack the message, or claim that there is nothing */
  async function findSilent(
    answer: (route: Route) => Promise<void>,
    said: RegExp,
  ): Promise<readonly string[]> {
    await ada.context.route(API, answer)
    const open = [...addresses]
    const silent: string[] = []
    const work = async (page: Page) => {
      for (let address = open.shift(); address !== undefined; address = open.shift()) {
        // Without reloading the console, which would take longest.
        await page.evaluate(goTo(`/admin${address}`))
        const main = page.locator('main')
        const told = main.locator('[role=alert]:not([data-former])').filter({ hasText: said }).first()
        await told.waitFor({ timeout: SILENT_AFTER_MS }).catch(() => silent.push(`${address} says nothing`))
        for (const heading of await main
          .locator('.cw-state:not([role=alert], [data-former]) h2')
          .allTextContents())
          silent.push(`${address} says: ${heading}`)
      }
    }
    await Promise.all(pages.map(work))
    await ada.context.unroute(API)
    return silent.sort()
  }

  it('say that the server is unreachable', async () => {
    expect(await findSilent((route) => route.abort(), /cannot be reached/)).toEqual([])
  })

  it('say that the role may not see it', async () => {
    const forbidden = { type: 'urn:crosswalk:problem:forbidden', title: 'Forbidden', status: 403 }
    const answer = (route: Route) =>
      route.fulfill({ status: 403, contentType: 'application/problem+json', json: forbidden })
    expect(await findSilent(answer, /Your role does not show this/)).toEqual([])
  })
})

/** Tags the contents of the previous page, so that it is not mistaken for this one's. */
function goTo(path: string): string {
  return `
    for (const state of document.querySelectorAll('[role=alert], .cw-state')) state.dataset.former = ''
    history.pushState({}, '', '${path}')
    dispatchEvent(new PopStateEvent('popstate'))`
}
