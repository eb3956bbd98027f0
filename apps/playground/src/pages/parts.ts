// Building blocks of pages, which also run in a browser, and so do not depend on the server. All inserted values are
// escaped.
import type { Cell, Table } from '@crosswalk/lab'
import { html } from 'hono/html'

export type Markup = ReturnType<typeof html>

/** A text that scrolls instead of wrapping. */
export function renderText(label: string, text: string): Markup {
  return html`<pre class="scroll" tabindex="0" role="region" aria-label="${label}"><code>${text}</code></pre>`
}

/** With explicit ARIA roles, because narrow screens display rows as blocks. */
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
