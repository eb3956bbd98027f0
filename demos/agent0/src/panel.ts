// The panel beside the conversation: what went over the wire for the last answer.
import type { LegEvent } from '@crosswalk/client'
import type { Markup } from '@crosswalk/demo-kit'
import { html } from 'hono/html'

import type { Chat, Turn } from './chat.ts'
import { describeLeg, isGood } from './legs.ts'

export function renderPanel({ turns }: Chat): Markup {
  const last = turns.at(-1)
  return html`<h2 id="wire">On the wire</h2>
    ${last === undefined ? renderNoLegs() : renderLegs(last)}`
}

function renderNoLegs(): Markup {
  return html`<p class="quiet">
    Ask something, and each request that Agent0 makes for you shows here: what it asked of your company, what
    of the vendor, and what they decided.
  </p>`
}

function renderLegs({ sentence, legs }: Turn): Markup {
  if (legs.length === 0) return html`<p class="quiet">“${sentence}” needed no request.</p>`
  return html`<p class="quiet">${legs.length} request${legs.length === 1 ? '' : 's'} for “${sentence}”</p>
    <ol class="legs">
      ${legs.map(renderLeg)}
    </ol>`
}

function renderLeg(leg: LegEvent): Markup {
  const { status, error, code, decisionId, scope, claims, ms, method, url } = leg
  const { host, pathname } = new URL(url)
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['error', error],
    ['code', code],
    ['scope', scope],
    ['decision', decisionId],
  ]
  return html`<li class="${leg.leg}">
    <p class="line">
      <span class="status ${isGood(leg) ? 'good' : 'bad'}">${status ?? 'no answer'}</span> ${describeLeg(leg)}
    </p>
    <p class="address">
      <code>${method} ${host}${pathname}</code> <span class="quiet">${Math.round(ms)} ms</span>
    </p>
    ${facts.map(([name, value]) =>
      value === undefined
        ? ''
        : html`<p class="fact"><span class="quiet">${name}</span> <code>${value}</code></p>`,
    )}
    ${
      claims === undefined
        ? ''
        : html`<details>
            <summary>Claims of the ${leg.leg === 'exchange' ? 'ID-JAG' : 'access token'}</summary>
            <pre tabindex="0">${JSON.stringify(claims, null, 2)}</pre>
          </details>`
    }
  </li>`
}
