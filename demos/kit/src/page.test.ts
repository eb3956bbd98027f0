// The content security policy of a page: only the script with the hash in the policy runs.
import { createHash } from 'node:crypto'

import { Hono } from 'hono'
import { html } from 'hono/html'
import { describe, expect, it } from 'vitest'

import { createPageRenderer, type PageFrame } from './page.ts'

async function load(frame: Partial<PageFrame>) {
  const render = createPageRenderer({ appName: 'Test', mark: '<svg></svg>', ...frame })
  const app = new Hono().get('/', (c) =>
    render(c, { title: 'T', content: html`<p>${'<script>x</script>'}</p>` }),
  )
  const response = await app.request('/')
  return { text: await response.text(), policy: response.headers.get('content-security-policy') ?? '' }
}
const hash = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

describe('a page', () => {
  it('runs no script if the app has none', async () => {
    const { text, policy } = await load({})
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/script-src|connect-src|unsafe/)
    expect(text).not.toContain('<script>')
  })

  it('runs the script of the app, byte for byte, which may connect only to the app', async () => {
    const { text, policy } = await load({ script: 'void 0;\n' })
    const script = /<script>(.*?)<\/script>/s.exec(text)?.[1]
    expect(script).toBe('void 0;\n')
    expect(policy).toContain(`script-src ${hash(script)}; connect-src 'self'; form-action 'self'`)
    expect(policy).not.toContain('unsafe')
  })
})
