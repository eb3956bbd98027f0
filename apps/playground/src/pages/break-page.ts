// Every fault that can be made on purpose, leg by leg; and before anything is sent to other machines, the question whether it may.
import { ENDINGS, type Fault, FAULTS, type LegName } from '@crosswalk/lab'
import { html } from 'hono/html'

import { type Crossing, EVERY_FAULT, listForeignHosts } from '../run.ts'
import { type Frame, keyField, renderPage } from './page.ts'
import type { Markup } from './parts.ts'
import { describeEnding } from './prediction-part.ts'
import { STEP_WORDS } from './step-words.ts'

const LEGS: readonly LegName[] = ['exchange', 'redemption', 'call']

export function renderBreak(frame: Frame, crossing: Crossing): Promise<string> {
  return renderPage(frame, {
    title: 'Break it',
    content: html`
      <p><a href="/">Playground</a></p>
      <h1>Break it</h1>
      <p class="quiet">
        One thing is changed on purpose. First the flow runs without the fault, then with it, then without it
        again: only so a refusal shows anything. It passes only if it is refused for the right reason; if that
        cannot be seen, it is inconclusive. You may say first what you expect, and are told whether it came
        true; nobody keeps count.
      </p>
      ${crossing.mayBreak ? renderFaults(frame, crossing) : renderQuestion(frame, crossing)}
    `,
  })
}

function renderQuestion({ formKey }: Frame, crossing: Crossing): Markup {
  return html`<section>
    <h2>May faults be sent there?</h2>
    <p>
      These are not on this machine: ${listForeignHosts(crossing).map((host) => html`<code>${host}</code> `)}
    </p>
    <p class="verdict warn">
      Faults look like attacks to whoever runs these servers: wrong secrets, forged signatures, replays. They
      may raise an alarm there, or have the app locked out. Every request names itself as
      <code>crosswalk-playground</code>.
    </p>
    <form method="post" action="/break/${crossing.id}/allow">
      ${keyField(formKey)}
      <label class="choice"
        ><input type="checkbox" name="allowed" value="yes" required /> These servers are mine, or their owner
        agreed to it</label
      >
      <p><button type="submit">Allow faults</button></p>
    </form>
  </section>`
}

function renderFaults(frame: Frame, crossing: Crossing): Markup {
  return html`<form method="post" action="/runs">
      ${keyField(frame.formKey)} <input type="hidden" name="crossing" value="${crossing.id}" />
      <p>
        <button type="submit" name="fault" value="${EVERY_FAULT}">Try every fault</button>
        <span class="quiet">${FAULTS.length} of them, one after the other; this takes a moment.</span>
      </p>
    </form>
    ${LEGS.map(
      (leg) =>
        html`<section>
          <h2>${STEP_WORDS[leg].title}</h2>
          <ul>
            ${FAULTS.filter((fault) => fault.leg === leg).map((fault) => renderFault(frame, crossing, fault))}
          </ul>
        </section>`,
    )}`
}

function renderFault(
  { formKey }: Frame,
  { id: crossing }: Crossing,
  { id, leg, changes, gain, codes }: Fault,
): Markup {
  return html`<li class="row">
    <div>
      <strong>${changes}</strong><br /><span class="quiet"
        >Where it is taken, an attacker gains ${gain}.</span
      >
      <details class="quiet">
        <summary>What has to happen</summary>
        ${describeEnding(leg)}: ${codes.join(' or ')}
      </details>
    </div>
    <form method="post" action="/runs" class="acts">
      ${keyField(formKey)} <input type="hidden" name="crossing" value="${crossing}" />
      <label class="guess"
        >I expect
        <select name="expected" aria-label="I expect, of: ${changes}">
          <option value="">no guess</option>
          ${ENDINGS.map((ending) => html`<option value="${ending}">${describeEnding(ending)}</option>`)}
        </select>
      </label>
      <button type="submit" class="second" name="fault" value="${id}" aria-label="Break it: ${changes}">
        Break it
      </button>
    </form>
  </li>`
}
