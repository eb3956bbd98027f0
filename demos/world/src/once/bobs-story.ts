// bob's story: Agent0 may not reach Todo0 for him; he requests access, ada approves it in the console, and then it
// works: for him, for reading, and until a date. No definition of the company changes.
import { expectThat, type Report } from './report.ts'
import { expectAllLegs, playAsk, playSignIn } from './stories.ts'
import { createVisitor, type StageParts, type Turn, type Visitor } from './visitor.ts'

type Stage = StageParts & { readonly report: Report }

export async function playBob(stage: Stage): Promise<void> {
  const { report, world } = stage
  const visitor = createVisitor('bob', stage)
  if (!(await playSignIn('bob', 'Bob Okafor', visitor, stage))) return
  let decisionId = ''
  await playAsk({
    ...{ sentence: 'list my todos', visitor, ...stage },
    check: async (turn) => {
      decisionId = await mustBeDenied(turn, stage)
    },
  })
  const asked = await report.leg('bob requests access, on the page that Agent0 links to', () =>
    requestAccess(visitor, `${world.addresses.idp}/me/blocked?decision=${decisionId}`),
  )
  if (!asked || !(await report.leg('ada approves it in the console', () => approve(stage)))) return
  await playAsk({
    ...{ sentence: 'list my todos', visitor, ...stage },
    check: ({ answer, legs }) => {
      expectThat(answer.kind === 'listed', `expected a list, got: ${answer.text}`)
      expectAllLegs(legs)
    },
  })
  await playAsk({
    ...{ sentence: 'add buy milk for bob', visitor, ...stage },
    check: ({ answer }) => expectThat(answer.kind === 'refused', `expected a denial, got: ${answer.text}`),
  })
}

async function mustBeDenied({ answer, legs }: Turn, { decisions }: Stage): Promise<string> {
  expectThat(answer.kind === 'refused', `expected a refusal, got: ${answer.text}`)
  const exchange = legs.find(({ leg }) => leg === 'exchange')
  expectThat(exchange?.error === 'access_denied', `expected access_denied, got: ${JSON.stringify(exchange)}`)
  const decisionId = exchange.decisionId ?? ''
  const code = await decisions.findCode(decisionId)
  expectThat(code === 'XAA1502' || code === 'XAA1503', `expected XAA1502 or XAA1503, got ${code}`)
  expectThat(!legs.some(({ leg }) => leg === 'redemption'), 'an ID-JAG was redeemed after the refusal')
  return decisionId
}

async function requestAccess(visitor: Visitor, url: string): Promise<string> {
  const page = await visitor.open(url)
  const sent = await visitor.submit(page, { scope: 'todos.read', reason: 'I plan the sprint' })
  expectThat(sent.status === 200 && sent.html.includes('Pending'), `ended on ${sent.url}`)
  return `${new URL(sent.url).pathname} shows it: todos.read, "I plan the sprint"`
}

const DAY_MS = 24 * 60 * 60 * 1000
/** The header that console pages send, and no other site can. */
const FROM_CONSOLE = { 'crosswalk-console': '1' }

async function approve({ world }: Stage): Promise<string> {
  const { idp } = world.addresses
  const ada = createVisitor('ada', { world })
  await ada.signIn(`${idp}/admin/sign-in`)
  const api = `${idp}/admin/api/v1/access-requests`
  const waiting = await ada.readJson(`${api}?state=open&mine=true`, FROM_CONSOLE)
  const [request] = (waiting.body as { readonly items: readonly { readonly id: string }[] }).items
  expectThat(request !== undefined, 'no request is open for her')
  const until = new Date(Date.now() + 30 * DAY_MS).toISOString()
  const body = { until, reason: 'Bob plans the sprint' }
  const answer = await ada.postJson(`${api}/${request.id}/approve`, body, FROM_CONSOLE)
  const { check, granted } = answer.body as {
    readonly check?: { readonly outcome: string }
    readonly granted?: { readonly connection: string; readonly scopes: readonly string[] }
  }
  expectThat(
    answer.status === 200 && check?.outcome === 'allow',
    `${answer.status} ${JSON.stringify(answer.body)}`,
  )
  return `${answer.status}  ${granted?.scopes.join(' ')} over ${granted?.connection}, for bob only, until ${until.slice(0, 10)}`
}
