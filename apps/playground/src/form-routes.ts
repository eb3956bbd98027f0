// The form handlers and the sign-in callback, which run one at a time.
import type { Context, Hono } from 'hono'

import { bringOwn, findSetup } from './own-actions.ts'
import { parsePrediction } from './prediction.ts'
import { createRunActions, type ActionResult, NO_SETUP, NO_RUN } from './run-actions.ts'
import type { Site } from './site.ts'

export const CALLBACK_PATH = '/callback'

export function addForms(app: Hono, { memory, parts, refuse }: Site): void {
  const runs = createRunActions(parts, memory)
  const answer = async (c: Context, act: () => Promise<ActionResult> | ActionResult) => {
    const done = await memory.inTurn(async () => act())
    return 'to' in done ? c.redirect(done.to, 303) : refuse(c, done)
  }
  /** Already read and verified by the guard. */
  const formOf = async (c: Context) => new URLSearchParams(await c.req.text())

  app.post('/runs', async (c) => {
    const form = await formOf(c)
    return answer(c, () => {
      const setup = findSetup(memory, form.get('setup'))
      if (setup === undefined) return NO_SETUP
      if (form.has('fault'))
        return runs.breakIt(setup, form.get('fault') ?? '', parsePrediction(form.get('expected')))
      return runs.begin(setup, {
        username: form.get('username') ?? undefined,
        target: form.get('target') ?? undefined,
        whole: form.get('way') === 'whole',
      })
    })
  })
  app.post('/runs/:number/:act{steps|id-token}', async (c) => {
    const form = await formOf(c)
    const { number, act } = c.req.param()
    return answer(c, () => {
      const run = memory.runs.find((it) => String(it.number) === number)
      if (run === undefined) return NO_RUN
      return act === 'steps'
        ? runs.advance(run, form.get('step') ?? '')
        : runs.pasteIdToken(run, form.get('id_token') ?? '')
    })
  })
  app.get(CALLBACK_PATH, (c) => answer(c, () => runs.takeCallback(new URL(c.req.url))))

  app.post('/bring', async (c) => {
    const form = await formOf(c)
    return answer(c, () => {
      const setup = bringOwn(memory, form, parts.redirectUri)
      return setup === undefined ? { to: '/bring' } : runs.begin(setup, { whole: false })
    })
  })
  app.post('/bring/forget', (c) =>
    answer(c, () => {
      memory.forgetOwn()
      return { to: '/' }
    }),
  )
  app.post('/break/:setup/allow', async (c) => {
    const form = await formOf(c)
    return answer(c, () => {
      const setup = findSetup(memory, c.req.param('setup'))
      if (setup === undefined) return NO_SETUP
      if (form.get('allowed') === 'yes') memory.saveSetup({ ...setup, mayBreak: true })
      return { to: `/break/${setup.id}` }
    })
  })
  app.post('/keys', async (c) => {
    const form = await formOf(c)
    return answer(c, () => {
      memory.keys = form.get('keys') === 'on'
      return { to: findPathBefore(c, parts.origin) }
    })
  })
}

/** @returns the page that sent the form */
function findPathBefore(c: Context, origin: string): string {
  const before = c.req.header('referer') ?? ''
  if (!URL.canParse(before) || new URL(before).origin !== origin) return '/'
  // Two slashes would name another host.
  return new URL(before).pathname.replace(/^\/+/, '/')
}
