// The panel beside the conversation: the state of the sign-in, the requests for the last answer, the decisions about
// them, and the report of a broken flow.
import type { LegEvent } from '@crosswalk/client'
import type { DecisionView, Markup } from '@crosswalk/demo-kit'
import { html } from 'hono/html'

import type { BreakReport } from './break-it/break-flow.ts'
import type { Chat, Turn } from './chat.ts'
import { describeClaims, renderTime } from './claims.ts'
import { describeLeg, isSuccess } from './legs.ts'

export function renderPanel(chat: Chat): Markup {
  const last = chat.turns.at(-1)
  return html`<h2 id="wire">On the wire</h2>
    ${renderRenewal(chat)} ${last?.report === undefined ? '' : renderReport(last.report)}
    ${last === undefined ? renderNoLegs() : renderLegs(last)}`
}

function renderRenewal({ signedIn, turns }: Chat): Markup {
  const { claims, renewals, renewable } = signedIn.vault.describe()
  const { exp } = claims
  const renewed =
    renewals === 0 ? 'not renewed yet' : `renewed ${renewals === 1 ? 'once' : `${renewals} times`}`
  return html`<details class="renewal">
    <summary>Your sign-in and its lifetime</summary>
    <p class="fact">
      <span class="quiet">ID token</span> until
      ${typeof exp === 'number' ? renderTime(exp) : 'an unknown time'}, ${renewed}
    </p>
    <p class="fact">
      <span class="quiet">then</span>
      ${renewable ? 'Agent0 renews it with its refresh token' : 'you sign in again: there is no refresh token'}
    </p>
    ${findAccessTokens(turns).map(
      ({ aud, scope, exp: end }) =>
        html`<p class="fact">
          <span class="quiet">access token</span> <code>${aud}</code> for <code>${scope}</code>, until
          ${renderTime(end)}
        </p>`,
    )}
    ${renderClaims('ID token', claims)}
  </details>`
}

interface AccessTokenLine {
  readonly aud: string
  readonly scope: string
  readonly exp: number
}

/** The unexpired access tokens of this conversation, by their claims; only the SDK keeps the tokens. */
function findAccessTokens(turns: readonly Turn[]): readonly AccessTokenLine[] {
  const byUse = new Map<string, AccessTokenLine>()
  for (const { leg, claims } of turns
    .filter(({ report }) => report === undefined)
    .flatMap(({ legs }) => legs)) {
    const { aud, scope, exp } = claims ?? {}
    if (leg === 'redemption' && typeof exp === 'number' && exp > Date.now() / 1000)
      byUse.set(`${String(aud)} ${String(scope)}`, { aud: String(aud), scope: String(scope), exp })
  }
  return [...byUse.values()]
}

const VERDICT: Readonly<Record<BreakReport['verdict'], string>> = {
  refused: 'refused',
  accepted: 'NOT refused',
  inconclusive: 'inconclusive',
  unavailable: 'not available',
}

function renderReport({ fault, verdict, text, steps, refusal }: BreakReport): Markup {
  const mood = { refused: 'good', accepted: 'bad', inconclusive: 'dull', unavailable: 'dull' }[verdict]
  return html`<section class="report" aria-label="Result of breaking the flow">
    <p class="line"><span class="status ${mood}">${VERDICT[verdict]}</span> ${fault.title}</p>
    <p>${fault.changed} ${text}</p>
    ${
      refusal === undefined
        ? ''
        : html`<p class="fact"><span class="quiet">refused by</span> ${refusal.by}</p>
            ${renderFacts([
              ['error', refusal.error],
              ['code', refusal.code],
              ['decision', refusal.decisionId],
            ])}
            <p class="fact"><span class="quiet">why</span> ${refusal.text}</p>
            ${refusal.remedies
              .filter((remedy) => !refusal.text.includes(remedy))
              .map((remedy) => html`<p class="fact"><span class="quiet">fix</span> ${remedy}</p>`)}`
    }
    <p class="fact"><span class="quiet">an attacker would gain</span> ${fault.gain}</p>
    ${steps.some(({ leg }) => leg === undefined) ? renderSteps(steps) : ''}
  </section>`
}

/** Shows the order of events if the administrator acted between the requests. */
function renderSteps(steps: BreakReport['steps']): Markup {
  return html`<ol class="steps">
    ${steps.map(({ what, leg }) => html`<li>${what}${leg === undefined ? '' : `: ${leg.status ?? 'no response'}`}</li>`)}
  </ol>`
}

function renderNoLegs(): Markup {
  return html`<p class="quiet">
    Each request that Agent0 makes for you appears here: to your company and to the vendor, with what they
    decided.
  </p>`
}

function renderLegs({ sentence, legs, decisions }: Turn): Markup {
  if (legs.length === 0) return html`<p class="quiet">“${sentence}” needed no request.</p>`
  // The actual call; earlier requests to the API only open the connection.
  const call = legs.findLast(({ leg }) => leg === 'resource')
  return html`<p class="quiet">${legs.length} request${legs.length === 1 ? '' : 's'} for “${sentence}”</p>
    <ol class="legs">
      ${legs.map((leg) =>
        leg.leg === 'discovery' || (leg.leg === 'resource' && leg !== call && isSuccess(leg))
          ? renderMinorLeg(leg)
          : renderLeg(leg, decisions?.[leg.decisionId ?? '']),
      )}
    </ol>`
}

/** A request on the way to the actual one, in one line. */
function renderMinorLeg(leg: LegEvent): Markup {
  return html`<li class="minor">
    <span class="status ${isSuccess(leg) ? 'good' : 'bad'}">${leg.status ?? 'no response'}</span>
    ${describeLeg(leg)} <span class="quiet">${Math.round(leg.ms)} ms</span>
  </li>`
}

function renderLeg(leg: LegEvent, decision: DecisionView | undefined): Markup {
  const { status, error, code, decisionId, scope, claims, ms, method, url } = leg
  const { host, pathname } = new URL(url)
  return html`<li class="key ${leg.leg}">
    <p class="line">
      <span class="status ${isSuccess(leg) ? 'good' : 'bad'}">${status ?? 'no response'}</span>
      ${describeLeg(leg)}
    </p>
    <p class="address">
      <code>${method} ${host}${pathname}</code> <span class="quiet">${Math.round(ms)} ms</span>
    </p>
    ${renderFacts([
      ['error', error],
      ['code', decision === undefined ? code : decision.code],
      ['scope', scope],
      ['decision', decisionId],
    ])}
    ${decision === undefined ? '' : renderDecision(decision)}
    ${claims === undefined ? '' : renderClaims(leg.leg === 'exchange' ? 'ID-JAG' : 'access token', claims)}
  </li>`
}

function renderFacts(facts: readonly (readonly [string, string | undefined])[]): Markup {
  return html`${facts.map(([name, value]) =>
    value === undefined
      ? ''
      : html`<p class="fact"><span class="quiet">${name}</span> <code>${value}</code></p>`,
  )}`
}

const MARK = { pass: '✓', fail: '✕', unknown: '?', skipped: '–', not_applicable: '–' } as const
const SPOKEN = {
  pass: 'passed',
  fail: 'failed',
  unknown: 'unknown',
  skipped: 'not reached',
  not_applicable: 'does not apply',
} as const

function renderDecision({ text, remedies, checks, outcome }: DecisionView): Markup {
  const done = checks.filter(({ result }) => result === 'pass' || result === 'fail' || result === 'unknown')
  return html`${outcome === 'allow' ? '' : html`<p class="fact">${text}</p>`}
    ${remedies
      .filter((remedy) => !text.includes(remedy))
      .map((remedy) => html`<p class="fact"><span class="quiet">fix</span> ${remedy}</p>`)}
    <details>
      <summary>${done.length} checks</summary>
      <ul class="checks">
        ${done.map(
          ({ name, result, expected, actual }) =>
            html`<li class="${result}">
              <span aria-hidden="true">${MARK[result]}</span> <code>${name}</code>
              <span class="hidden">${SPOKEN[result]}</span>
              ${expected === undefined ? '' : html`<br /><span class="quiet">needs</span> ${expected}`}
              ${actual === undefined ? '' : html`<br /><span class="quiet">has</span> ${actual}`}
            </li>`,
        )}
      </ul>
    </details>`
}

function renderClaims(what: string, claims: Readonly<Record<string, unknown>>): Markup {
  return html`<details>
    <summary>Claims of the ${what}</summary>
    <dl class="claims">
      ${describeClaims(claims).map(
        ({ name, value, meaning }) =>
          html`<dt>
              <code>${name}</code> ${meaning === undefined ? '' : html`<span class="quiet">${meaning}</span>`}
            </dt>
            <dd><code>${value}</code></dd>`,
      )}
    </dl>
  </details>`
}
