// The playground as a function from Request to Response. This file guards access; other files define pages and actions.
import { findFont } from '@crosswalk/design'
import { MAX_TRACE_BYTES } from '@crosswalk/lab'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import { addForms } from './form-routes.ts'
import { addLens } from './lens/lens-routes.ts'
import { createMemory } from './memory.ts'
import { addPages } from './page-routes.ts'
import { renderMessage, SCRIPT_HASH, STYLE_HASH } from './pages/page.ts'
import { NO_PAGE, type Refused } from './run-actions.ts'
import { readForm } from './read-form.ts'
import type { PlaygroundParts, Site } from './site.ts'
import { addTraces, TOO_LARGE } from './trace-routes.ts'

export interface Playground {
  fetch(request: Request): Promise<Response>
}

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src ${STYLE_HASH}; font-src 'self'; script-src ${SCRIPT_HASH}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

const FOREIGN_FORM: Refused = {
  status: 403,
  title: 'The form did not come from this page',
  text: 'Reload the playground, then try again.',
}

export function createPlayground(parts: PlaygroundParts): Playground {
  const memory = createMemory(parts.given)
  const frame = () => ({ formKey: parts.formKey, keys: memory.keys })
  const refuse = async (c: Context, { status, title, text }: Refused) =>
    c.html(await renderMessage(frame(), title, text), status)
  const site: Site = { parts, memory, frame, refuse }

  const app = new Hono()
  // A file, plus the other fields of its form.
  app.use(bodyLimit({ maxSize: MAX_TRACE_BYTES + 64 * 1024, onError: (c) => refuse(c, TOO_LARGE) }))
  app.use(async (c, next) => {
    // Against DNS rebinding: another site can point its own name at this machine.
    if (new URL(c.req.url).host !== new URL(parts.origin).host) return c.text('not here', 421)
    if (c.req.method === 'POST' && !(await isOwnForm(c, parts))) c.res = await refuse(c, FOREIGN_FORM)
    else await next()
    // The token lens has its own, stricter policy.
    for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.header(name, value)
    return undefined
  })
  app.get('/fonts/:name', async (c) => {
    const font = findFont(c.req.path)
    return font === undefined ? refuse(c, NO_PAGE) : c.body(font.body, 200, font.headers)
  })
  addLens(app, site)
  addTraces(app, site)
  addPages(app, site)
  addForms(app, site)
  app.notFound((c) => refuse(c, NO_PAGE))
  app.onError(async (error, c) =>
    c.html(await renderMessage(frame(), 'The flow could not be run', error.message), 502, HEADERS),
  )
  return { fetch: async (request) => app.fetch(request) }
}

async function isOwnForm(c: Context, { formKey, origin }: PlaygroundParts): Promise<boolean> {
  const sender = c.req.header('origin')
  const form = await readForm(c)
  return form.get('form_key') === formKey && (sender === undefined || sender === origin)
}
