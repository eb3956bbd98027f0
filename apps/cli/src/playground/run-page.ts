// One run: the verdict of a fault, what each claim is on either side of the border, and every leg with request, answer,
// token and checks.
import { DECISION_CODES } from '@crosswalk/protocol'
import { html } from 'hono/html'

import type { Finding } from '../doctor/finding.ts'
import type { Leg, LegName } from '../flow/flow-run.ts'
import type { DecodedToken } from '../token/decode-token.ts'
import { LEG_NAMES } from './home-page.ts'
import { type Markup, renderFacts, renderPage } from './page.ts'
import type { PlaygroundParts, PlaygroundRun } from './playground-parts.ts'

const TEACHES: Readonly<Record<LegName, string>> = {
  exchange:
    'The app shows its ID token to the identity provider. Policy lives here: the IdP decides for the company, and signs a short grant for one other server.',
  redemption:
    'The app shows the grant to the authorization server of the resource, under another client id. That server checks the issuer, finds the user, and gives an access token of its own.',
  call: 'The app calls the API with the access token. The API trusts its own authorization server alone: an ID token or an ID-JAG is worth nothing here.',
}

export function renderRun({ parties, formKey }: PlaygroundParts, run: PlaygroundRun): Promise<string> {
  const title = `Run ${run.number}: ${run.trial === undefined ? 'the flow' : run.trial.fault.changes}`
  const all: readonly LegName[] =
    parties.call === undefined ? ['exchange', 'redemption'] : ['exchange', 'redemption', 'call']
  return renderPage(
    title,
    html`
      <p><a href="/">Playground</a></p>
      <h1>${title}</h1>
      ${run.trial === undefined ? renderOutcome(run.legs) : renderVerdict(run.trial)}
      <form method="post" action="/runs">
        <input type="hidden" name="form_key" value="${formKey}" />
        <p>
          <button
            type="submit"
            class="second"
            ${run.trial === undefined ? '' : html`name="fault" value="${run.trial.fault.id}"`}
          >
            Run it again
          </button>
        </p>
      </form>
      ${renderClaims(run)}
      ${all.map((name, index) => {
        const leg = run.legs.find((it) => it.leg === name)
        return leg === undefined ? renderMissing(name, index + 1) : renderLeg(leg, index + 1)
      })}
    `,
  )
}

function renderOutcome(legs: readonly Leg[]): Markup {
  const refused = legs.find(({ outcome }) => outcome === 'refused')
  return refused === undefined
    ? html`<div class="verdict good"><p>✓ The flow went through, every leg of it.</p></div>`
    : html`<div class="verdict bad"><p>✕ The flow ended at: ${LEG_NAMES[refused.leg]}.</p></div>`
}

const VERDICTS = {
  'refused-as-expected': { tone: 'good', words: '✓ Refused, as it has to be' },
  taken: { tone: 'bad', words: '✕ Taken' },
  inconclusive: { tone: 'warn', words: '? Inconclusive' },
} as const

function renderVerdict({ fault, judgement }: NonNullable<PlaygroundRun['trial']>): Markup {
  const { tone, words } = VERDICTS[judgement.verdict]
  return html`<div class="verdict ${tone}">
      <p><strong>${words}</strong> at: ${LEG_NAMES[fault.leg]}</p>
      <p>${judgement.because}</p>
    </div>
    ${renderFacts([
      ['Changed', fault.changes],
      ['Expected', [...fault.errors.filter(Boolean), ...fault.codes].join(', ')],
      ['At stake', fault.gain],
    ])}`
}

const CLAIMS = ['iss', 'aud', 'client_id', 'sub', 'scope', 'resource', 'exp', 'jti']

function renderClaims({ idToken, legs }: PlaygroundRun): Markup {
  const tokenOf = (name: LegName) => legs.find(({ leg }) => leg === name)?.token
  const columns = [
    ['ID token', idToken],
    ['ID-JAG', tokenOf('exchange')],
    ['access token', tokenOf('redemption')],
  ] as const
  const value = (token: DecodedToken | undefined, name: string) => {
    const claim = token?.claims?.[name]
    return claim === undefined ? '–' : typeof claim === 'string' ? claim : JSON.stringify(claim)
  }
  return html`<section>
    <h2>What each token says</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Claims of the tokens">
      <table>
        <thead>
          <tr>
            <th scope="col">claim</th>
            ${columns.map(([name]) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${CLAIMS.map(
            (name) =>
              html`<tr>
                <th scope="row"><code>${name}</code></th>
                ${columns.map(([, token]) => html`<td><code>${value(token, name)}</code></td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

function renderMissing(name: LegName, number: number): Markup {
  return html`<section>
    <h2>${number}. ${LEG_NAMES[name]}</h2>
    <p class="quiet">Not reached.</p>
  </section>`
}

function renderLeg(leg: Leg, number: number): Markup {
  const { outcome, request, response, ms, decisionId, token, checks } = leg
  const isDone = outcome === 'done'
  return html`<section>
    <div class="row">
      <div><h2>${number}. ${LEG_NAMES[leg.leg]}</h2></div>
      <span class="chip ${isDone ? 'good' : 'bad'}"
        >${isDone ? '✓ done' : '✕ refused'} · ${response.status ?? 'no answer'} · ${ms} ms</span
      >
    </div>
    <p class="quiet">${TEACHES[leg.leg]}</p>
    ${renderRefusal(leg)} ${decisionId === undefined ? '' : renderFacts([['Decision', decisionId]])}
    ${checks.length === 0 ? '' : renderChecks(checks)}
    ${renderFold('Request', [
      ['', `${request.method} ${request.url}`],
      ...Object.entries(request.headers),
      ...Object.entries(request.params),
    ])}
    ${renderFold('Answer', [
      ...Object.entries(response.headers),
      ...(typeof response.body === 'string' ? [['', response.body] as const] : Object.entries(response.body)),
    ])}
    ${
      token === undefined
        ? ''
        : renderFold('Token, decoded', [
            ...Object.entries(token.header),
            ...Object.entries(token.claims ?? {}),
          ])
    }
  </section>`
}

function renderRefusal({ refusal }: Leg): Markup | '' {
  if (refusal === undefined) return ''
  const known = (DECISION_CODES as Readonly<Record<string, { meaning: string; remedy: string }>>)[
    refusal.code
  ]
  return html`<div class="verdict bad">
    <p>
      From the answer alone this reads as <strong>${refusal.code}</strong> (${refusal.confidence})${
        known === undefined ? '' : `: ${known.meaning}`
      }
    </p>
    ${refusal.hint === undefined ? '' : html`<p>${refusal.hint}</p>`}
    ${known === undefined ? '' : html`<p>${known.remedy}</p>`}
  </div>`
}

const SIGNS: Readonly<Record<Finding['result'], string>> = {
  pass: '✓',
  fail: '✕',
  warn: '!',
  info: 'i',
  skipped: '–',
}

function renderChecks(checks: readonly Finding[]): Markup {
  const failed = checks.filter(({ result }) => result === 'fail' || result === 'warn').length
  return html`<details ${failed === 0 ? '' : html`open`}>
    <summary>Checks: ${checks.length}, ${failed === 0 ? 'nothing wrong' : `${failed} to look at`}</summary>
    <ul>
      ${checks.map(
        ({ id, title, result, saw, what, fix }) =>
          html`<li>
            <strong>${SIGNS[result]} ${id}</strong>
            ${title}${saw === undefined ? '' : html`: <code>${saw}</code>`}
            ${what === undefined ? '' : html`<br />${what}`}
            ${fix === undefined ? '' : html`<br /><span class="quiet">${fix}</span>`}
          </li>`,
      )}
    </ul>
  </details>`
}

function renderFold(title: string, facts: readonly (readonly [string, unknown])[]): Markup {
  return html`<details>
    <summary>${title}</summary>
    ${renderFacts(facts)}
  </details>`
}
