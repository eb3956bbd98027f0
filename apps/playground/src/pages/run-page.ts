// The overview of one run: its result, or the verdict on a fault, and each claim on either side of the border.
import type { Ending } from '@crosswalk/lab'
import { html } from 'hono/html'

import type { ShownRun } from '../shown-run.ts'
import { type Frame, renderPage } from './page.ts'
import { describeMoment } from './token-view.ts'
import { type Markup, renderFacts, renderTable } from './parts.ts'
import { renderRunFrame } from './run-frame.ts'
import { renderReport, renderVerdict } from './verdict-part.ts'
import { findPrediction, renderPrediction } from './prediction-part.ts'
import { describeEnd, findRefused, nameRun } from './run-words.ts'
import { STEP_WORDS } from './step-words.ts'

export interface RunPlace {
  readonly nowSeconds: number
  /** The prediction of the current user for the fault */
  readonly expected?: Ending | undefined
}

export function renderRun(frame: Frame, run: ShownRun, { nowSeconds, expected }: RunPlace): Promise<string> {
  const title = nameRun(run)
  const prediction = findPrediction(run, expected)
  return renderPage(frame, {
    title,
    status: `Run ${run.number} ${describeEnd(run)}${prediction === undefined ? '' : `. ${prediction.words}`}`,
    content: renderRunFrame(frame, {
      run,
      at: undefined,
      content: html`<h1>${title}</h1>
        ${renderEnd(run)} ${prediction === undefined ? '' : renderPrediction(prediction)}
        ${run.report === undefined ? renderClaims(run, nowSeconds) : ''}
        <section>
          <h2>Who takes part</h2>
          ${renderFacts(run.parties)}
        </section>`,
    }),
  })
}

function renderEnd(run: ShownRun): Markup {
  if (run.report !== undefined) return renderReport(run, run.report)
  return run.trial === undefined ? renderOutcome(run) : renderVerdict(run.trial)
}

function renderOutcome(run: ShownRun): Markup {
  const refused = findRefused(run)
  if (refused !== undefined)
    return html`<div class="verdict bad">
      <p>✕ The flow ended at: <a href="${run.path}/${refused}">${STEP_WORDS[refused].title}</a>.</p>
    </div>`
  return describeEnd(run) === 'completed'
    ? html`<div class="verdict good"><p>✓ Every leg of the flow succeeded.</p></div>`
    : html`<div class="verdict warn"><p>→ The flow is in progress.</p></div>`
}

const CLAIMS = ['iss', 'aud', 'client_id', 'sub', 'scope', 'resource', 'exp', 'jti']

function renderClaims({ steps }: ShownRun, nowSeconds: number): Markup {
  const tokens = [steps['id-token']?.token, steps.exchange?.token, steps.redemption?.token]
  const table = renderTable({
    caption: 'Claims of the tokens',
    head: ['claim', 'ID token', 'ID-JAG', 'access token'],
    rows: CLAIMS.map((name) => [name, ...tokens.map((token) => describeMoment(token, name, nowSeconds))]),
  })
  return html`<section>
    <h2>Claims of each token</h2>
    ${table}
  </section>`
}
