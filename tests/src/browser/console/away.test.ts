// What each page says when nothing answers, and when the role may not see what it is about: never that there is nothing.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWithBrowser } from '../../../../tools/test-browser.ts'
import { type ConsoleWorld, type SignedInPage, startConsoleWorld } from './console-world.ts'
import { makeHistory } from './history.ts'
import { makeOversight } from './oversight.ts'
import { listAddresses } from './pages.ts'

type Page = SignedInPage['page']
type Route = Parameters<Parameters<Page['route']>[1]>[0]

const API = '**/admin/api/v1/**'
/** Each page has a stream open, and browsers have six connections to one server. */
const AT_ONCE = 4
/** Only a page that stays silent takes this long; a slow machine needs far more than a fast one. */
const SILENT_AFTER_MS = 30_000
/** Show nothing from the server before something is asked there. */
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

  /** @returns pages that do not say so, or that say that there is nothing */
  async function findSilent(
    answer: (route: Route) => Promise<void>,
    said: RegExp,
  ): Promise<readonly string[]> {
    await ada.context.route(API, answer)
    const open = [...addresses]
    const silent: string[] = []
    const work = async (page: Page) => {
      for (let address = open.shift(); address !== undefined; address = open.shift()) {
        // Without loading the console again, which takes longer than all else.
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

  it('say that the server cannot be reached', async () => {
    expect(await findSilent((route) => route.abort(), /cannot be reached/)).toEqual([])
  }, 300_000)

  it('say that the role may not see it', async () => {
    const forbidden = { type: 'urn:crosswalk:problem:forbidden', title: 'Forbidden', status: 403 }
    const answer = (route: Route) =>
      route.fulfill({ status: 403, contentType: 'application/problem+json', json: forbidden })
    expect(await findSilent(answer, /Your role does not show this/)).toEqual([])
  }, 300_000)
})

/** What stands there from the page before is marked, so that it is not taken for this one's. */
function goTo(path: string): string {
  return `
    for (const state of document.querySelectorAll('[role=alert], .cw-state')) state.dataset.former = ''
    history.pushState({}, '', '${path}')
    dispatchEvent(new PopStateEvent('popstate'))`
}
