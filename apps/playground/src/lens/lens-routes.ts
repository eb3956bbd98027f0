// Serves the token lens and its modules. Accepts no input: tokens never reach this process.
import { fileURLToPath } from 'node:url'

import type { Hono } from 'hono'

import { NO_PAGE } from '../run-actions.ts'
import type { Site } from '../site.ts'
import { lensPolicy, renderLens } from './lens-page.ts'
import { collectPageModules, type PageModules } from './page-modules.ts'

const FOLDER = '/lens/modules/'
const ENTRY = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? 'read-token.ts' : 'read-token.js', import.meta.url),
)

export function addLens(app: Hono, { refuse }: Site): void {
  let collected: PageModules | undefined
  const modules = () => (collected ??= collectPageModules(ENTRY, FOLDER))

  app.get('/lens', async (c) => {
    const { entry } = modules()
    const html = await renderLens(entry)
    return c.html(html, 200, { 'content-security-policy': lensPolicy(entry) })
  })
  app.get(`${FOLDER}:name`, async (c) => {
    const text = modules().find(c.req.path)
    return text === undefined
      ? await refuse(c, NO_PAGE)
      : c.body(text, 200, { 'content-type': 'text/javascript; charset=utf-8' })
  })
}
