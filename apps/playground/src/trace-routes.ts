// Saves runs to files, and opens such files, which look as they did; nothing in a file is ever executed.
import { randomBytes } from 'node:crypto'

import { decodeUtf8 } from '@crosswalk/as-core'
import { describeTooLarge, fromTrace, MAX_TRACE_BYTES, parseTrace, writeTrace } from '@crosswalk/lab'
import type { Hono } from 'hono'

import { listSecrets } from './list-secrets.ts'
import { renderShown } from './pages/shown-page.ts'
import { readForm } from './read-form.ts'
import { type ActionResult, NO_RUN, type Refused } from './run-actions.ts'
import { showRun, showTrace } from './shown-run.ts'
import type { Site } from './site.ts'

const TITLE = 'This file was not opened'
const refuseFile = (text: string): Refused => ({ status: 400, title: TITLE, text: `${capitalise(text)}.` })
const NO_TRACE: Refused = {
  status: 404,
  title: 'This trace is no longer open',
  text: 'Open the file again, from the page of the playground.',
}
export const TOO_LARGE: Refused = {
  status: 413,
  title: TITLE,
  text: `The file is too large: a trace has at most ${MAX_TRACE_BYTES} bytes.`,
}

export function addTraces(app: Hono, { memory, parts, frame, refuse }: Site): void {
  app.get('/runs/:number/trace', async (c) => {
    const run = memory.runs.find(({ number }) => String(number) === c.req.param('number'))
    if (run === undefined) return await refuse(c, NO_RUN)
    const text = writeTrace(showRun(run), {
      nowMs: parts.nowMs(),
      salt: randomBytes(32).toString('base64url'),
      secrets: listSecrets(run),
    })
    return c.body(text, 200, {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="run-${run.number}.xaatrace.json"`,
    })
  })
  app.post('/traces', async (c) => {
    const file = (await readForm(c)).get('trace')
    const done = await openFile(memory, file)
    return 'to' in done ? c.redirect(done.to, 303) : refuse(c, done)
  })
  app.post('/traces/:id/close', (c) => {
    memory.closeTrace(c.req.param('id'))
    return c.redirect('/', 303)
  })
  app.get('/traces/:id/:step?/:tab?', async (c) => {
    const { id, step, tab } = c.req.param()
    const trace = memory.traces.find((it) => it.id === id)
    if (trace === undefined) return refuse(c, NO_TRACE)
    // Times are relative to when it was saved: by now, every claim would have expired.
    const place = { step, tab, nowSeconds: trace.writtenAtMs / 1000 }
    const html = await renderShown(frame(), showTrace(trace), place)
    return html === undefined ? refuse(c, NO_TRACE) : c.html(html)
  })
}

async function openFile(memory: Site['memory'], file: unknown): Promise<ActionResult> {
  if (!(file instanceof File) || file.size === 0) return refuseFile('no file was chosen')
  if (file.size > MAX_TRACE_BYTES) return refuseFile(describeTooLarge(file.size))
  const text = decodeUtf8(new Uint8Array(await file.arrayBuffer()))
  if (text === undefined) return refuseFile('the file is not UTF-8 text')
  const parsed = parseTrace(text)
  if (!parsed.accepted) return refuseFile(parsed.refusal)
  const { id } = memory.openTrace({
    fileName: file.name.slice(0, 100),
    writtenAtMs: Date.parse(parsed.value.written_at),
    story: fromTrace(parsed.value),
  })
  return { to: `/traces/${id}` }
}

function capitalise(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
