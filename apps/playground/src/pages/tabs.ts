// The views of a step: what happened, the HTTP messages, the token, the checks, curl commands, and the specification.
import type { Finding, ShownExchange, StepName, StepRecord } from '@crosswalk/lab'
import { html } from 'hono/html'

import { type Markup, renderFacts, renderTable, renderText } from './parts.ts'
import { renderCurl, renderRequestText, renderResponseText } from './render-http.ts'
import { STEP_WORDS } from './step-words.ts'
import type { TabParts } from './tab-parts.ts'
import { renderToken } from './token-tab.ts'

interface Tab {
  readonly name: string
  readonly title: string
  /** Its keyboard shortcut; undefined if none */
  readonly key: string | undefined
  render(parts: TabParts): Markup
}

export const TABS = [
  { name: 'happened', title: 'What happened', key: undefined, render: renderHappened },
  {
    name: 'request',
    title: 'Request',
    key: undefined,
    render: ({ record }) => renderEach(record, renderRequestOf),
  },
  {
    name: 'response',
    title: 'Response',
    key: undefined,
    render: ({ record }) => renderEach(record, renderResponseOf),
  },
  { name: 'token', title: 'Token', key: 'T', render: renderToken },
  { name: 'checks', title: 'Checks', key: 'C', render: ({ record }) => renderChecks(record) },
  { name: 'curl', title: 'Curl', key: 'K', render: renderCurls },
  { name: 'spec', title: 'Spec', key: undefined, render: ({ step }) => renderSpec(step) },
] as const satisfies readonly Tab[]
export type TabName = (typeof TABS)[number]['name']

export function findTab(name: string): TabName | undefined {
  return TABS.find((tab) => tab.name === name)?.name
}

function renderHappened({ record }: TabParts): Markup {
  if (record === undefined) return html`<p>Nothing yet.</p>`
  const { told: sentences, tables = [], decisionId, decision } = record
  return html`${sentences.map((sentence) => html`<p>${sentence}</p>`)}
  ${
    decisionId === undefined
      ? ''
      : renderFacts([
          ['Decision', decisionId],
          ...(decision === undefined ? [] : [['Code', decision.code] as const]),
        ])
  }
  ${tables.map((table) => (table.rows.length === 0 ? '' : renderTable(table)))}`
}

function renderEach(
  record: StepRecord | undefined,
  render: (exchange: ShownExchange, label: string) => Markup,
): Markup {
  const sent = record?.sent ?? []
  if (sent.length === 0) return html`<p class="quiet">Nothing was sent in this step.</p>`
  return html`<p class="quiet">
      Tokens and secrets are masked: they never leave the process. Equal # mean equal values.
    </p>
    ${sent.map((exchange, index) => {
      const { method, url } = exchange.request
      return html`${sent.length === 1 ? '' : html`<h3>${index + 1}. ${method} ${url.replace(/\?.*$/, '')}</h3>`}
      ${render(exchange, `${method} ${url}, number ${index + 1}`)}`
    })}`
}

function renderRequestOf({ request }: ShownExchange, label: string): Markup {
  return renderText(`Request: ${label}`, renderRequestText(request))
}

function renderResponseOf(exchange: ShownExchange, label: string): Markup {
  return renderText(`Response: ${label}`, renderResponseText(exchange))
}

function renderCurls({ record }: TabParts): Markup {
  return html`<p class="quiet">
      Secrets and tokens are shell variables, named after their parameters:
      <code>export SUBJECT_TOKEN=…</code>
    </p>
    ${renderEach(record, ({ request }, label) => renderText(`Command: ${label}`, renderCurl(request)))}`
}

const SIGNS: Readonly<Record<Finding['result'], readonly [sign: string, word: string]>> = {
  pass: ['✓', 'passed'],
  fail: ['✕', 'failed'],
  warn: ['!', 'warning'],
  info: ['i', 'note'],
  skipped: ['–', 'skipped'],
}

function renderChecks(record: StepRecord | undefined): Markup {
  const checks = record?.checks ?? []
  const decided = record?.decision?.checks ?? []
  const subjects = new Set(checks.map(({ subject }) => subject))
  if (checks.length + decided.length === 0) return html`<p class="quiet">Nothing is checked in this step.</p>`
  return html`<ul>
      ${checks.map((check) => renderCheck(check, subjects.size > 1))}
    </ul>
    ${
      decided.length === 0
        ? ''
        : renderTable({
            caption: 'Checks of the server in order, from the decision record',
            head: ['check', 'result', 'expected', 'seen'],
            rows: decided.map(({ id, result, expected, actual }) => [
              id,
              result.replaceAll('_', ' '),
              describe(expected),
              describe(actual),
            ]),
          })
    }`
}

function describe(value: unknown): string {
  return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
}

function renderCheck(
  { id, title, subject, result, saw, what, expected, fix, because }: Finding,
  isOfMany: boolean,
): Markup {
  const [sign, word] = SIGNS[result]
  return html`<li>
    <strong>${sign} ${id}</strong> ${title}
    <span class="quiet">(${isOfMany ? `${word}; ${subject}` : word})</span>${
      saw === undefined ? '' : html`: <code>${saw}</code>`
    }
    ${what === undefined ? '' : html`<br />${what}`}
    ${expected === undefined ? '' : html`<br />Expected: <code>${expected}</code>`}
    ${fix === undefined ? '' : html`<br /><span class="quiet">${fix}</span>`}
    ${because === undefined ? '' : html`<br /><span class="quiet">Because of ${because}</span>`}
  </li>`
}

function renderSpec(step: StepName): Markup {
  return html`<ul>
    ${STEP_WORDS[step].clauses.map(
      ({ where, url, level, says }) =>
        html`<li><a href="${url}">${where}</a> <span class="chip">${level}</span><br />${says}</li>`,
    )}
  </ul>`
}
