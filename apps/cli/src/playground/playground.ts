// The playground as a function from Request to Response: a home page, a run of the flow, a run with one fault. It decides who
// may ask, one run at a time, and how long runs are kept; what the pages look like is beside it.
import { Hono } from 'hono'

import type { Fault } from '../flow/fault.ts'
import { findFault } from '../flow/faults.ts'
import { decodeToken } from '../token/decode-token.ts'
import { renderHome } from './home-page.ts'
import { renderMessage, STYLE_HASH } from './page.ts'
import type { PlaygroundParts, PlaygroundRun } from './playground-parts.ts'
import { renderRun } from './run-page.ts'

export interface Playground {
  fetch(request: Request): Promise<Response>
}

const MOST_RUNS_KEPT = 30

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src ${STYLE_HASH}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

export function createPlayground(parts: PlaygroundParts): Playground {
  const runs: PlaygroundRun[] = []
  let count = 0
  let last: Promise<unknown> = Promise.resolve()
  const app = new Hono()
  app.use(async (c, next) => {
    // Another site may lead its own name to this machine.
    if (new URL(c.req.url).host !== new URL(parts.origin).host) return c.text('not here', 421)
    await next()
    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value)
    return undefined
  })
  app.get('/', async (c) => c.html(await renderHome(parts, runs)))
  app.get('/runs/:number', async (c) => {
    const run = runs.find(({ number }) => String(number) === c.req.param('number'))
    return run === undefined
      ? c.html(await renderMessage('This run is not kept any more', 'Run the flow again.'), 404)
      : c.html(await renderRun(parts, run))
  })
  app.post('/runs', async (c) => {
    const form = new URLSearchParams(await c.req.text())
    const origin = c.req.header('origin')
    if (form.get('form_key') !== parts.formKey || (origin !== undefined && origin !== parts.origin))
      return c.html(await renderMessage('This form is not of this page', 'Open the playground anew.'), 403)
    const fault = form.has('fault') ? findFault(form.get('fault') ?? '') : undefined
    if (form.has('fault') && (fault === undefined || !parts.mayBreak))
      return c.html(await renderMessage('This fault is not sent', 'Start with --i-own-this to send it.'), 403)
    count += 1
    const number = count
    const turn = last.then(() => startRun(parts, number, fault))
    last = turn.catch(() => undefined)
    runs.unshift(await turn)
    runs.splice(MOST_RUNS_KEPT)
    return c.redirect(`/runs/${number}`, 303)
  })
  app.onError(async (error, c) =>
    c.html(await renderMessage('The flow could not be run', error.message), 502, HEADERS),
  )
  return { fetch: async (request) => app.fetch(request) }
}

async function startRun(
  parts: PlaygroundParts,
  number: number,
  fault: Fault | undefined,
): Promise<PlaygroundRun> {
  const idToken = await parts.idToken()
  const base = { number, atMs: parts.nowMs(), idToken: decodeToken(idToken) }
  if (fault === undefined) return { ...base, legs: (await parts.run(idToken)).legs }
  const { judgement, legs } = await parts.tryFault(idToken, fault)
  return { ...base, legs, trial: { fault, judgement } }
}
