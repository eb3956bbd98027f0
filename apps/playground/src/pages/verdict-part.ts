// Verdicts on one fault or on all faults, with what was at stake; also for programs.
import type { ShownTrial } from '@crosswalk/lab'
import { html } from 'hono/html'

import type { ShownRun } from '../shown-run.ts'
import { type Markup, renderFacts, renderTable } from './parts.ts'
import { STEP_WORDS } from './step-words.ts'

const VERDICTS = {
  'refused-as-expected': { tone: 'good', words: '✓ Refused, as expected' },
  taken: { tone: 'bad', words: '✕ Accepted' },
  inconclusive: { tone: 'warn', words: '? Inconclusive' },
} as const

export function renderVerdict({ fault, judgement }: ShownTrial): Markup {
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

export function renderReport({ path, live }: ShownRun, report: readonly ShownTrial[]): Markup {
  const isTaken = report.some(({ judgement }) => judgement.verdict === 'taken')
  const isSilent = report.some(({ judgement }) => judgement.verdict === 'inconclusive')
  return html`<div class="verdict ${isTaken ? 'bad' : isSilent ? 'warn' : 'good'}">
      <p>
        ${(Object.keys(VERDICTS) as (keyof typeof VERDICTS)[])
          .map((verdict) => `${VERDICTS[verdict].words}: ${countOf(report, verdict)}`)
          .join(' · ')}
      </p>
    </div>
    ${
      live === undefined
        ? ''
        : html`<p>
            For programs: <a href="${path}/faults.json">JSON</a>, <a href="${path}/faults.xml">JUnit</a>
          </p>`
    }
    <section>
      ${renderTable({
        caption: 'Every fault',
        head: ['fault', 'changed', 'at', 'verdict', 'because'],
        rows: report.map(({ fault, judgement: { verdict, because } }) => [
          fault.id,
          { words: fault.changes },
          { words: STEP_WORDS[fault.leg].title },
          { words: VERDICTS[verdict].words },
          { words: because },
        ]),
      })}
    </section>`
}

function countOf(report: readonly ShownTrial[], verdict: string): number {
  return report.filter(({ judgement }) => judgement.verdict === verdict).length
}
