// The frame of the pages of the playground: one sheet and one script, inline, each allowed by its hash.
import { createHash } from 'node:crypto'

import { html, raw } from 'hono/html'

import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'

export type Markup = ReturnType<typeof html>

const STYLE_ELEMENT = raw(`<style>${STYLE}</style>`)
const SCRIPT_ELEMENT = raw(`<script type="module">${SCRIPT}</script>`)

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
/** Source expressions for `style-src` and `script-src`. */
export const STYLE_HASH = hash(STYLE)
export const SCRIPT_HASH = hash(SCRIPT)

/** What every page needs of the playground. */
export interface Frame {
  /** Goes with every form */
  readonly formKey: string
  /** Whether single keys do something */
  readonly keys: boolean
}

export interface PageParts {
  readonly title: string
  /** What was done last, for people who hear the page */
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
          ? html`Keys: <kbd>N</kbd> next, <kbd>B</kbd> back, <kbd>Enter</kbd> run all, <kbd>R</kbd> run anew,
              <kbd>0</kbd>–<kbd>8</kbd> step, <kbd>9</kbd> break it, <kbd>T</kbd> token, <kbd>C</kbd> checks,
              <kbd>K</kbd> curl.`
          : 'Single keys do nothing.'
      }
    </div>
    ${keyField(formKey)}
    <button type="submit" class="second" name="keys" value="${keys ? 'off' : 'on'}">
      Switch keys ${keys ? 'off' : 'on'}
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

/** A text that is as wide as it is. */
export function renderText(label: string, text: string): Markup {
  return html`<pre class="scroll" tabindex="0" role="region" aria-label="${label}"><code>${text}</code></pre>`
}

/** What stands in a cell: an identifier or a value, unless it says that it is words. */
export type Cell = string | { readonly words: string }

export interface Table {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** With roles written out, since narrow screens show rows as blocks. */
export function renderTable({ caption, head, rows }: Table): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table role="table">
      <caption>
        ${caption}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${head.map((name) => html`<th scope="col" role="columnheader">${name}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(
          ([first = '', ...others]) =>
            html`<tr role="row">
              <th scope="row" role="rowheader">${renderCell(first)}</th>
              ${others.map(
                (cell, index) =>
                  html`<td role="cell" data-head="${head[index + 1] ?? ''}">${renderCell(cell)}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function renderCell(cell: Cell): Markup {
  return typeof cell === 'string' ? html`<code>${cell}</code>` : html`${cell.words}`
}

export function renderFacts(facts: readonly (readonly [name: string, value: unknown])[]): Markup {
  return html`<dl>
    ${facts.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd><code>${typeof value === 'string' ? value : JSON.stringify(value)}</code></dd>`,
    )}
  </dl>`
}
