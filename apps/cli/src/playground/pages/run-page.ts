// One run as a whole: how it ended, or the verdict of a fault, and what each claim is on either side of the border.
import { html } from 'hono/html'

import type { Run } from '../run.ts'
import { describeValue } from './claim-words.ts'
import { listParties } from './home-page.ts'
import { type Frame, type Markup, renderFacts, renderPage, renderTable } from './page.ts'
import { renderRunFrame } from './run-frame.ts'
import { describeEnd, findRefused } from './run-words.ts'
import { STEP_WORDS } from './step-words.ts'

export function renderRun(frame: Frame, run: Run): Promise<string> {
  const title = `Run ${run.number}: ${run.trial?.fault.changes ?? run.username ?? 'the flow'}`
  return renderPage(frame, {
    title,
    status: `Run ${run.number} ${describeEnd(run)}`,
    content: renderRunFrame(frame, {
      run,
      at: undefined,
      content: html`<h1>${title}</h1>
        ${run.trial === undefined ? renderOutcome(run) : renderVerdict(run.trial)}
        <section>
          <h2>What each token says</h2>
          ${renderClaims(run)}
        </section>
        <section>
          <h2>Who takes part</h2>
          ${renderFacts(listParties(run.crossing))}
        </section>`,
    }),
  })
}

function renderOutcome(run: Run): Markup {
  const refused = findRefused(run)
  if (refused !== undefined)
    return html`<div class="verdict bad">
      <p>✕ The flow ended at: <a href="/runs/${run.number}/${refused}">${STEP_WORDS[refused].title}</a>.</p>
    </div>`
  return describeEnd(run) === 'went through'
    ? html`<div class="verdict good"><p>✓ The flow went through, every leg of it.</p></div>`
    : html`<div class="verdict warn"><p>→ The flow is on its way.</p></div>`
}

const VERDICTS = {
  'refused-as-expected': { tone: 'good', words: '✓ Refused, as it has to be' },
  taken: { tone: 'bad', words: '✕ Taken' },
  inconclusive: { tone: 'warn', words: '? Inconclusive' },
} as const

function renderVerdict({ fault, judgement }: NonNullable<Run['trial']>): Markup {
  const { tone, words } = VERDICTS[judgement.verdict]
  return html`<div class="verdict ${tone}">
      <p><strong>${words}</strong> at: ${STEP_WORDS[fault.leg].title}</p>
      <p>${judgement.because}</p>
    </div>
    ${renderFacts([
      ['Changed', fault.changes],
      ['Expected', [...fault.errors.filter(Boolean), ...fault.codes].join(', ')],
      ['At stake', fault.gain],
    ])}`
}

const CLAIMS = ['iss', 'aud', 'client_id', 'sub', 'scope', 'resource', 'exp', 'jti']

function renderClaims({ steps }: Run): Markup {
  const tokens = [steps['id-token']?.token, steps.exchange?.token, steps.redemption?.token]
  return renderTable({
    caption: 'Claims of the tokens',
    head: ['claim', 'ID token', 'ID-JAG', 'access token'],
    rows: CLAIMS.map((name) => [name, ...tokens.map((token) => describeValue(token, name))]),
  })
}
