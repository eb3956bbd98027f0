// The page of the token lens: decodes a pasted token in the browser, with a policy that lets nothing out.
import { createHash } from 'node:crypto'

import { html, raw } from 'hono/html'

import { STYLE_HASH, STYLE_ELEMENT } from '../pages/page.ts'

/** The page can fetch, send, load and submit nothing; scripts come only from this server. */
export function lensPolicy(entry: string): string {
  return [
    `default-src 'none'`,
    `style-src ${STYLE_HASH}`,
    `font-src 'self'`,
    `script-src 'self' 'sha256-${createHash('sha256').update(renderScript(entry)).digest('base64')}'`,
    `connect-src 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
  ].join('; ')
}

/** Shows the token pasted last, even if an earlier one is decoded later. */
function renderScript(entry: string): string {
  return `import { readToken } from '${entry}'
const [input, status, seen] = ['token', 'status', 'seen'].map((id) => document.getElementById(id))
let turn = 0
const show = async () => {
  const own = ++turn
  const { status: text, markup } = await readToken(input.value, Date.now() / 1000)
  if (own !== turn) return
  status.textContent = text
  seen.innerHTML = markup
  seen.hidden = markup === ''
}
input.addEventListener('input', show)
document.getElementById('clear').addEventListener('click', () => { input.value = ''; input.focus(); show() })
show()
`
}

const CONTENT = html`<main>
  <p><a href="/">Playground</a></p>
  <h1>Token lens</h1>
  <p class="quiet" id="token-hint">
    This page decodes the token as you paste it. Nothing is sent, not even to the process that serves the
    page. The signature is not verified, because that needs the keys of the issuer: use
    <code>npx crosswalk token inspect --jwks jwks.json</code>.
  </p>
  <noscript>
    <p class="verdict warn">
      This page needs JavaScript to decode tokens. <code>npx crosswalk token inspect</code> does the same in a
      terminal.
    </p>
  </noscript>
  <section>
    <div class="field">
      <label for="token">Token</label>
      <textarea
        id="token"
        rows="6"
        autocomplete="off"
        spellcheck="false"
        autocapitalize="off"
        aria-describedby="token-hint"
      ></textarea>
    </div>
    <div class="acts">
      <button type="button" id="clear" class="second">Clear</button>
      <p id="status" role="status" class="quiet"></p>
    </div>
  </section>
  <section id="seen" hidden></section>
</main>`

export async function renderLens(entry: string): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Token lens – Playground</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        ${CONTENT} ${raw(`<script type="module">${renderScript(entry)}</script>`)}
      </body>
    </html>`
  return page.toString()
}
