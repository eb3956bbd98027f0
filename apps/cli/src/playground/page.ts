// The frame of the pages of the playground, and their look: one sheet, inline, allowed by its hash; no scripts.
import { createHash } from 'node:crypto'

import { html, raw } from 'hono/html'

export type Markup = ReturnType<typeof html>

const STYLE = `
:root { color-scheme: light dark; --ground: #eef1f6; --card: #fff; --text: #172033; --quiet: #56627a; --line: #c3cad8;
  --accent: #2447d6; --accent-text: #fff; --bad: #a3152a; --bad-ground: #fdecee; --good: #0b5d33; --good-ground: #e7f6ed;
  --warn: #6d4a00; --warn-ground: #fdf3da; }
@media (prefers-color-scheme: dark) { :root { --ground: #0e121b; --card: #181e2b; --text: #eaeef7; --quiet: #a3aec4;
  --line: #45506a; --accent: #8ea6ff; --accent-text: #0c1330; --bad: #ffb3bd; --bad-ground: #35161d; --good: #8fe0b4;
  --good-ground: #0f2b1d; --warn: #f0cf83; --warn-ground: #33280c; } }
@media (prefers-contrast: more) { :root { --ground: #fff; --text: #000; --quiet: #24292f; --line: #000; --accent: #0a2a9c;
  --bad: #7d0016; --bad-ground: #fff; --good: #00401f; --good-ground: #fff; --warn: #4a3200; --warn-ground: #fff; } }
@media (prefers-contrast: more) and (prefers-color-scheme: dark) { :root { --ground: #000; --card: #000; --text: #fff;
  --quiet: #e2e6ee; --line: #fff; --accent: #c6d2ff; --accent-text: #000; --bad: #ffc9cf; --bad-ground: #000; --good: #b6f2d0;
  --good-ground: #000; --warn: #ffe3a3; --warn-ground: #000; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; } h2 { font-size: 1.125rem; margin: 0 0 .25rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; } p { margin: 0 0 .75rem; }
a { color: var(--accent); } .quiet { color: var(--quiet); }
section { background: var(--card); border: 1px solid var(--line); border-radius: .625rem; padding: 1rem; margin: 0 0 1rem; }
button { font: inherit; font-weight: 600; min-height: 2.5rem; padding: .25rem 1rem; border-radius: .5rem; cursor: pointer;
  color: var(--accent-text); background: var(--accent); border: 1px solid transparent; }
button.second { color: var(--text); background: transparent; border-color: var(--line); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ul { list-style: none; margin: 0; padding: 0; } li { padding: .5rem 0; border-top: 1px solid var(--line); }
li:first-child { border-top: 0; }
.row { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; }
.row > div { flex: 1 1 16rem; min-width: 0; }
.chip { font-size: .875rem; padding: 0 .5rem; border-radius: 1rem; border: 1px solid currentColor; }
.good { color: var(--good); background: var(--good-ground); } .bad { color: var(--bad); background: var(--bad-ground); }
.warn { color: var(--warn); background: var(--warn-ground); }
.verdict { margin: 0 0 .75rem; padding: .75rem 1rem; border-radius: .5rem; border: 1px solid currentColor; }
.verdict p:last-child { margin: 0; }
dl { display: grid; grid-template-columns: minmax(6rem, 11rem) 1fr; gap: .125rem .75rem; margin: 0 0 .5rem; font-size: .9375rem; }
dt { color: var(--quiet); } dd { margin: 0; min-width: 0; }
code, pre { font: .875rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .9375rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-top: 1px solid var(--line); min-width: 7rem; }
summary { cursor: pointer; font-weight: 600; padding: .375rem 0; }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .375rem; } }
`

const STYLE_ELEMENT = raw(`<style>${STYLE}</style>`)

/** A source expression for `style-src`. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

export async function renderPage(title: string, content: Markup): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – Playground</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html>`
  return page.toString()
}

export function renderMessage(title: string, text: string): Promise<string> {
  return renderPage(
    title,
    html`<h1>${title}</h1>
      <p>${text}</p>
      <p><a href="/">Back to the playground</a></p>`,
  )
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
