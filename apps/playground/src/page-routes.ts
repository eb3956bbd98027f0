// The GET routes of the pages, which have no side effects.
import { renderFaultJunit, toFaultDocument } from '@crosswalk/lab'
import type { Hono } from 'hono'

import type { Memory } from './memory.ts'
import { findSetup } from './own-actions.ts'
import { renderBreak } from './pages/break-page.ts'
import { renderBring } from './pages/bring-page.ts'
import { renderHome } from './pages/home-page.ts'
import { renderShown } from './pages/shown-page.ts'
import { parsePrediction } from './prediction.ts'
import { showRun } from './shown-run.ts'
import { NO_SETUP, NO_RUN } from './run-actions.ts'
import type { Site } from './site.ts'

export function addPages(app: Hono, { memory, parts, frame, refuse }: Site): void {
  app.get('/', async (c) => c.html(await renderHome(frame(), memory)))
  app.get('/bring', async (c) =>
    c.html(await renderBring(frame(), readBring(memory, c.req.query('preset'), parts.redirectUri))),
  )
  app.get('/break/:setup', async (c) => {
    const setup = findSetup(memory, c.req.param('setup'))
    return setup === undefined ? refuse(c, NO_SETUP) : c.html(await renderBreak(frame(), setup))
  })
  app.get('/runs/:number/:file{faults\\.(?:json|xml)}', async (c) => {
    const run = memory.runs.find(({ number }) => String(number) === c.req.param('number'))
    if (run?.report === undefined) return await refuse(c, NO_RUN)
    return c.req.param('file') === 'faults.json'
      ? c.json(toFaultDocument(run.report))
      : c.body(renderFaultJunit(run.report), 200, { 'content-type': 'application/xml; charset=utf-8' })
  })
  app.get('/runs/:number/:step?/:tab?', async (c) => {
    const { number, step, tab } = c.req.param()
    const run = memory.runs.find((it) => String(it.number) === number)
    const expected = parsePrediction(c.req.query('expected'))
    const place = { step, tab, nowSeconds: parts.nowMs() / 1000, expected }
    const html = run && (await renderShown(frame(), showRun(run), place))
    return html === undefined ? refuse(c, NO_RUN) : c.html(html)
  })
}

function readBring({ draft }: Memory, preset: string | undefined, redirectUri: string) {
  const { presetId, values, problems = [] } = draft ?? {}
  return { presetId: preset ?? presetId, values, problems, redirectUri }
}
