// The page with every fault, leg by leg. For remote servers, it first asks for permission to send faults.
import { ENDINGS, type Fault, type LegName } from '@crosswalk/lab'
import { html } from 'hono/html'

import { listFaultsOf } from '../list-means.ts'
import { type Setup, EVERY_FAULT, listRemoteHosts } from '../run.ts'
import { type Frame, keyField, renderPage } from './page.ts'
import type { Markup } from './parts.ts'
import { describeEnding } from './prediction-part.ts'
import { STEP_WORDS } from './step-words.ts'

const LEGS: readonly LegName[] = ['exchange', 'redemption', 'call']

export function renderBreak(frame: Frame, setup: Setup): Promise<string> {
  return renderPage(frame, {
    title: 'Break it',
    content: html`
      <p><a href="/">Playground</a></p>
      <h1>Break it</h1>
      <p class="quiet">
        Each fault changes one thing. The flow runs without the fault, with it, and without it again, so that
        a refusal proves something. A fault passes only if it is refused for the right reason; otherwise it is
        inconclusive. You can predict the result first.
      </p>
      ${setup.mayBreak ? renderFaults(frame, setup) : renderQuestion(frame, setup)}
    `,
  })
}

function renderQuestion({ formKey }: Frame, setup: Setup): Markup {
  return html`<section>
    <h2>May faults be sent there?</h2>
    <p>
      These servers are not on this machine:
      ${listRemoteHosts(setup).map((host) => html`<code>${host}</code> `)}
    </p>
    <p class="verdict warn">
      Faults look like attacks to the operators of these servers: wrong secrets, forged signatures, replays.
      They may raise an alarm or lock out the app. Every request identifies itself as
      <code>crosswalk-playground</code>.
    </p>
    <form method="post" action="/break/${setup.id}/allow">
      ${keyField(formKey)}
      <label class="choice"
        ><input type="checkbox" name="allowed" value="yes" required /> These servers are mine, or their owner
        agreed</label
      >
      <p><button type="submit">Allow faults</button></p>
    </form>
  </section>`
}

function renderFaults(frame: Frame, setup: Setup): Markup {
  const faults = listFaultsOf(setup)
  return html`<form method="post" action="/runs">
      ${keyField(frame.formKey)} <input type="hidden" name="setup" value="${setup.id}" />
      <p>
        <button type="submit" name="fault" value="${EVERY_FAULT}">Try every fault</button>
        <span class="quiet">${faults.length} faults, one after the other. This takes a moment.</span>
      </p>
    </form>
    ${LEGS.map(
      (leg) =>
        html`<details class="group" ${leg === LEGS[0] ? 'open' : ''}>
          <summary>
            <h2>${STEP_WORDS[leg].title}</h2>
            <span class="quiet">${faults.filter((fault) => fault.leg === leg).length} faults</span>
          </summary>
          <ul>
            ${faults.filter((fault) => fault.leg === leg).map((fault) => renderFault(frame, setup, fault))}
          </ul>
        </details>`,
    )}`
}

function renderFault(
  { formKey }: Frame,
  { id: setup }: Setup,
  { id, leg, changes, gain, codes }: Fault,
): Markup {
  return html`<li class="row">
    <div>
      <strong>${changes}</strong><br /><span class="quiet">If accepted, an attacker gains ${gain}.</span>
      <details class="quiet">
        <summary>Expected result</summary>
        ${describeEnding(leg)}: ${codes.join(' or ')}
      </details>
    </div>
    <form method="post" action="/runs" class="acts">
      ${keyField(formKey)} <input type="hidden" name="setup" value="${setup}" />
      <label class="guess"
        >I expect
        <select name="expected" aria-label="Predicted result: ${changes}">
          <option value="">no prediction</option>
          ${ENDINGS.map((ending) => html`<option value="${ending}">${describeEnding(ending)}</option>`)}
        </select>
      </label>
      <button type="submit" class="second" name="fault" value="${id}" aria-label="Break it: ${changes}">
        Break it
      </button>
    </form>
  </li>`
}
