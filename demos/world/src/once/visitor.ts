// One user of a story: signs in with a browser, talks to Agent0, and opens Todo0.
import type { ADMINISTRATOR, Username } from '../secrets.ts'
import type { World } from '../start-world.ts'
import { type Browser, createBrowser, type Page } from './browser.ts'
import type { Decisions } from '../decisions.ts'
import { expectThat } from './report.ts'

export interface StageParts {
  readonly world: World
  readonly decisions: Decisions
}

/** The parts of Agent0's response that the stories check. */
export interface Turn {
  readonly answer: {
    readonly kind: string
    readonly text: string
    readonly items?: readonly { readonly text: string; readonly done?: boolean }[]
    readonly code?: string
    readonly decisionId?: string
  }
  readonly legs: readonly TurnLeg[]
}

export interface TurnLeg {
  readonly leg: string
  readonly method: string
  readonly url: string
  readonly status?: number
  readonly error?: string
  readonly code?: string
  readonly scope?: string
  readonly decisionId?: string
}

export interface Visitor {
  /** Signs in through the app, with the IdP's form unless already signed in there; @returns the final page */
  signIn(appUrl: string): Promise<Page>
  ask(sentence: string): Promise<Turn>
  open(url: string): Promise<Page>
  submit: Browser['submit']
  postJson: Browser['postJson']
  readJson: Browser['readJson']
}

export function createVisitor(
  username: Username | typeof ADMINISTRATOR,
  { world }: Pick<StageParts, 'world'>,
): Visitor {
  const browser = createBrowser()
  const { addresses, secrets } = world
  return {
    signIn: async (appUrl) => {
      const page = await browser.open(appUrl.endsWith('/sign-in') ? appUrl : `${appUrl}/signin`)
      if (!page.html.includes('name="password"')) return page
      return await browser.submit(page, { username, password: secrets.passwords[username] })
    },
    ask: async (sentence) => {
      const { status, body } = await browser.postJson(`${addresses.agent0}/api/chat`, { sentence })
      expectThat(status === 200, `Agent0 responded with ${status} ${JSON.stringify(body)}`)
      return body as Turn
    },
    open: (url) => browser.open(url),
    submit: (page, fields) => browser.submit(page, fields),
    postJson: (url, body, more) => browser.postJson(url, body, more),
    readJson: (url, headers) => browser.readJson(url, headers),
  }
}

/** One line per request, then one for the answer. */
export async function describeTurn({ answer, legs }: Turn, decisions: Decisions): Promise<readonly string[]> {
  const items = (answer.items ?? []).map(({ text, done }) => (done === true ? `${text} (done)` : text))
  const reply = `Agent0: ${[answer.text, items.join('; ')].filter((text) => text !== '').join(' ')}`
  return [...(await Promise.all(legs.map((leg) => describeLeg(leg, decisions)))), reply]
}

async function describeLeg(leg: TurnLeg, decisions: Decisions): Promise<string> {
  const { host, pathname } = new URL(leg.url)
  const code = leg.decisionId === undefined ? undefined : await decisions.findCode(leg.decisionId)
  const facts = [
    leg.error,
    code ?? leg.code,
    leg.scope === undefined ? undefined : `scope ${leg.scope}`,
    leg.decisionId,
  ]
  const status = leg.status ?? 'no response'
  return [leg.leg.padEnd(10), status, `${leg.method} ${host}${pathname}`, ...facts]
    .filter((fact) => fact !== undefined)
    .join('  ')
}
