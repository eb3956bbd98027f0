// The stories of the users of the demo world, leg by leg, with the expected result of each leg.
import type { Username } from '../secrets.ts'
import { expectThat, type Report } from './report.ts'
import { createVisitor, describeTurn, type StageParts, type Turn, type Visitor } from './visitor.ts'

const NOTE_OF_NOTES0 = 'Notes0 has no page of its own'

/** alice and carol: everything works, except a write that the connection does not allow. */
export async function playEngineer(
  username: 'alice' | 'carol',
  fullName: string,
  stage: StageParts & { readonly report: Report },
): Promise<void> {
  const { report, world } = stage
  const visitor = createVisitor(username, stage)
  if (!(await playSignIn(username, fullName, visitor, stage))) return
  const ask = (sentence: string, check: (turn: Turn) => void) =>
    playAsk({ sentence, check, visitor, ...stage })
  const title = `buy milk for ${username}`

  await ask('list my todos', ({ answer, legs }) => {
    expectThat(answer.kind === 'listed', `expected a list, got: ${answer.text}`)
    expectAllLegs(legs)
  })
  await ask(`add ${title}`, ({ answer }) => {
    expectThat(answer.kind === 'said' && answer.text.includes(title), `not added: ${answer.text}`)
  })
  await ask(`finish ${title}`, ({ answer }) => {
    expectThat(answer.text === `I finished "${title}".`, `not finished: ${answer.text}`)
  })
  await ask('list my todos', ({ answer }) => {
    const found = (answer.items ?? []).filter(({ text }) => text.startsWith('buy milk'))
    expectThat(
      found.length === 1 && found[0]?.text === title && found[0].done === true,
      `expected only "${title}", done, got: ${JSON.stringify(answer.items)}`,
    )
  })
  await ask('what are my notes', ({ answer, legs }) => {
    const items = answer.items ?? []
    expectThat(
      items.some(({ text }) => text.startsWith(NOTE_OF_NOTES0)),
      `no notes: ${answer.text}`,
    )
    expectAllLegs(legs)
  })
  await ask('add note hello', ({ answer, legs }) => {
    expectThat(answer.kind === 'refused', `expected a refusal, got: ${answer.text}`)
    const refused = legs.find(({ error }) => error !== undefined)
    expectThat(
      refused?.error === 'invalid_scope' || refused?.error === 'insufficient_scope',
      `expected a refusal for scope, got: ${JSON.stringify(refused)}`,
    )
  })
  if (world.topology === 'gateway') {
    await report.leg('the gateway has no page', async () => {
      const page = await visitor.open(`${world.addresses.todo0}/`)
      expectThat(page.status === 200 && !page.html.includes('<form'), `it has a page: ${page.html}`)
      return page.html.trim()
    })
    return
  }
  await report.leg(`${username} opens Todo0's own page and finds the same list`, async () => {
    const page = await visitor.signIn(world.addresses.todo0)
    expectThat(page.html.includes(title), `"${title}" is not on ${page.url} (${page.status})`)
    return `${page.url} shows "${title}"`
  })
}

/** dave: deactivated. */
export async function playDave({
  report,
  ...stage
}: StageParts & { readonly report: Report }): Promise<void> {
  const visitor = createVisitor('dave', stage)
  const { agent0, idp } = stage.world.addresses
  await report.leg('dave cannot sign in', async () => {
    const page = await visitor.signIn(agent0)
    expectThat(
      page.url.startsWith(idp) && page.html.includes('could not sign you in'),
      `ended on ${page.url}`,
    )
    const home = await visitor.open(`${agent0}/`)
    expectThat(home.html.includes('href="/signin"'), 'Agent0 lets him in anyway')
    return `${page.status}  ${new URL(page.url).host} keeps him on its sign-in page`
  })
}

export async function playSignIn(
  username: Username,
  fullName: string,
  visitor: Visitor,
  { report, world }: StageParts & { readonly report: Report },
): Promise<boolean> {
  const { agent0, idp } = world.addresses
  return await report.leg(`${username} signs in to Agent0 at the company's IdP`, async () => {
    const page = await visitor.signIn(agent0)
    expectThat(page.url === `${agent0}/`, `ended on ${page.url} (${page.status})`)
    expectThat(page.html.includes(fullName), `Agent0 does not greet ${fullName}`)
    return `${page.status}  ${new URL(idp).host} → ${new URL(agent0).host}, as ${fullName}`
  })
}

interface Asking extends StageParts {
  readonly report: Report
  readonly visitor: Visitor
  readonly sentence: string
  check(turn: Turn): void | Promise<void>
}

export async function playAsk({ report, visitor, sentence, check, decisions }: Asking): Promise<void> {
  await report.leg(`"${sentence}"`, async () => {
    const turn = await visitor.ask(sentence)
    await check(turn)
    return await describeTurn(turn, decisions)
  })
}

/** Requires that both exchanges and the call were made, and succeeded. */
export function expectAllLegs(legs: Turn['legs']): void {
  for (const wanted of ['exchange', 'redemption', 'resource']) {
    const found = legs.filter(({ leg }) => leg === wanted)
    const good = found.length > 0 && found.some(({ status }) => status === 200)
    expectThat(good, `no successful ${wanted} among the legs: ${JSON.stringify(found)}`)
  }
}
