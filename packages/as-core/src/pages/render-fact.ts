import { html } from 'hono/html'

import type { Markup } from './layout.ts'

/** An entry in a list of facts (`dl`). */
export function renderFact(term: string, value: Markup | string): Markup {
  return html`<div>
    <dt>${term}</dt>
    <dd>${value}</dd>
  </div>`
}
