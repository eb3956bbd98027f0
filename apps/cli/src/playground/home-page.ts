// The home of the playground: who takes part, a run of the flow, and every fault that can be made on purpose.
import { html } from 'hono/html'

import type { Fault } from '../flow/fault.ts'
import { FAULTS } from '../flow/faults.ts'
import { type Markup, renderFacts, renderPage } from './page.ts'
import type { PlaygroundParts, PlaygroundRun } from './playground-parts.ts'

export const LEG_NAMES = {
  exchange: 'ID token to ID-JAG',
  redemption: 'ID-JAG to access token',
  call: 'Call of the API',
} as const

export function renderHome(
  { parties, formKey, mayBreak }: PlaygroundParts,
  runs: readonly PlaygroundRun[],
): Promise<string> {
  const { idp, as, resource, scope, call, person } = parties
  const facts: (readonly [string, string])[] = [
    ['Person', person ?? 'of the ID token'],
    ['Identity provider', idp.issuer],
    ['App, at the IdP', idp.clientId],
    ['Authorization server', as.issuer],
    ['App, there', as.clientId],
    ['Resource', resource ?? 'none named'],
    ['Scopes', scope ?? 'all that are given'],
    ['Called', call ?? 'nothing'],
  ]
  return renderPage(
    'The crossing, leg by leg',
    html`
      <h1>The crossing, leg by leg</h1>
      <p class="quiet">
        Real requests with real tokens. The tokens stay in the process that serves this page; what they say is
        shown.
      </p>
      <section>
        <h2>Who takes part</h2>
        ${renderFacts(facts)}
        <form method="post" action="/runs">
          <input type="hidden" name="form_key" value="${formKey}" />
          <button type="submit">Run the flow</button>
        </form>
      </section>
      ${runs.length === 0 ? '' : renderRuns(runs)} ${renderFaults(formKey, mayBreak)}
    `,
  )
}

function renderFaults(formKey: string, mayBreak: boolean): Markup {
  return html`<section>
    <h2>Break it</h2>
    <p class="quiet">
      One thing is changed on purpose. First the flow runs without the fault, then with it, then without it
      again: only so a refusal shows anything.
    </p>
    ${
      mayBreak
        ? ''
        : html`<p class="verdict warn">
            These servers are not on this machine. Start with <code>--i-own-this</code> if you may send faults
            there.
          </p>`
    }
    ${(Object.keys(LEG_NAMES) as (keyof typeof LEG_NAMES)[]).map(
      (leg) =>
        html`<h3>${LEG_NAMES[leg]}</h3>
          <ul>
            ${FAULTS.filter((fault) => fault.leg === leg).map((fault) =>
              renderFault(fault, formKey, mayBreak),
            )}
          </ul>`,
    )}
  </section>`
}

function renderFault({ id, changes, gain, codes }: Fault, formKey: string, mayBreak: boolean): Markup {
  return html`<li class="row">
    <div>
      <strong>${changes}</strong><br /><span class="quiet"
        >Where it is taken, an attacker gains ${gain}. Expected: ${codes.join(' or ')}</span
      >
    </div>
    ${
      mayBreak
        ? html`<form method="post" action="/runs">
            <input type="hidden" name="form_key" value="${formKey}" />
            <button type="submit" class="second" name="fault" value="${id}" aria-label="Break it: ${changes}">
              Break it
            </button>
          </form>`
        : ''
    }
  </li>`
}

function renderRuns(runs: readonly PlaygroundRun[]): Markup {
  return html`<section>
    <h2>Runs so far</h2>
    <ul>
      ${runs.map(
        ({ number, trial, legs }) =>
          html`<li>
            <a href="/runs/${number}">Run ${number}</a>:
            ${trial === undefined ? 'the flow' : trial.fault.changes}
            <span class="quiet"
              >(${trial === undefined ? describeEnd(legs) : trial.judgement.verdict.replaceAll('-', ' ')})</span
            >
          </li>`,
      )}
    </ul>
  </section>`
}

function describeEnd(legs: PlaygroundRun['legs']): string {
  const refused = legs.find(({ outcome }) => outcome === 'refused')
  return refused === undefined ? 'went through' : `refused at: ${LEG_NAMES[refused.leg]}`
}
