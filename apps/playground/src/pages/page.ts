// The frame of all playground pages: one inline stylesheet and one script, each allowed by its hash.
import { createHash } from 'node:crypto'

import { html, raw } from 'hono/html'

import type { Markup } from './parts.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'

export const STYLE_ELEMENT = raw(`<style>${STYLE}</style>`)
const SCRIPT_ELEMENT = raw(`<script type="module">${SCRIPT}</script>`)

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
/** Source expressions for `style-src` and `script-src`. */
export const STYLE_HASH = hash(STYLE)
export const SCRIPT_HASH = hash(SCRIPT)

/** Playground state that every page needs. */
export interface Frame {
  /** Sent with every form */
  readonly formKey: string
  /** Whether single-key shortcuts are enabled */
  readonly keys: boolean
}

export interface PageParts {
  readonly title: string
  /** The last action, for users of screen readers */
  readonly status?: string
  readonly content: Markup
}

export async function renderPage(frame: Frame, { title, status, content }: PageParts): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en" data-keys="${frame.keys ? 'on' : 'off'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – Playground</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        ${status === undefined ? '' : html`<p role="status" class="quiet status">${status}</p>`}
        <main>${content}</main>
        <footer class="quiet">${renderKeys(frame)}</footer>
        ${SCRIPT_ELEMENT}
      </body>
    </html>`
  return page.toString()
}

function renderKeys({ formKey, keys }: Frame): Markup {
  return html`<form method="post" action="/keys" class="row">
    <div>
      ${
        keys
          ? html`Keys: <kbd>N</kbd> next, <kbd>B</kbd> back, <kbd>Enter</kbd> run all, <kbd>R</kbd> run again,
              <kbd>0</kbd>–<kbd>8</kbd> step, <kbd>9</kbd> break it, <kbd>T</kbd> token, <kbd>C</kbd> checks,
              <kbd>K</kbd> curl.`
          : 'Keyboard shortcuts are off.'
      }
    </div>
    ${keyField(formKey)}
    <button type="submit" class="second" name="keys" value="${keys ? 'off' : 'on'}">
      Turn shortcuts ${keys ? 'off' : 'on'}
    </button>
  </form>`
}

export function keyField(formKey: string): Markup {
  return html`<input type="hidden" name="form_key" value="${formKey}" />`
}

export function renderMessage(frame: Frame, title: string, text: string): Promise<string> {
  return renderPage(frame, {
    title,
    content: html`<h1>${title}</h1>
      <p>${text}</p>
      <p><a href="/">Back to the playground</a></p>`,
  })
}
