// What pages are made of, also in a browser: nothing here needs the process that serves them. All that is put in is escaped.
import type { Cell, Table } from '@crosswalk/lab'
import { html } from 'hono/html'

export type Markup = ReturnType<typeof html>

/** A text that is as wide as it is. */
export function renderText(label: string, text: string): Markup {
  return html`<pre class="scroll" tabindex="0" role="region" aria-label="${label}"><code>${text}</code></pre>`
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
