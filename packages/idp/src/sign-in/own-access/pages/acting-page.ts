// The page that lists the apps that may act for the user: where, with which permissions, since when, and the last use.
// The user can stop each app.
import { html } from 'hono/html'

import type { OwnActivity, OwnConnection } from '../contract.ts'
import { type Markup, type Page, renderFact } from '@crosswalk/as-core/pages'
import {
  buildOwnPage,
  type OwnFrame,
  renderDay,
  renderEnds,
  renderFormKey,
  renderTime,
  renderScopes,
} from './own-frame.ts'

export interface ActingPage extends OwnFrame {
  readonly connections: readonly OwnConnection[]
  readonly acts: readonly OwnActivity[]
}

export function buildActingPage(page: ActingPage): Page {
  const { connections } = page
  const active = connections.filter(({ stoppedAt }) => stoppedAt === undefined)
  const stopped = connections.filter(({ stoppedAt }) => stoppedAt !== undefined)
  return buildOwnPage(
    page,
    'Acting for me',
    html`
      <h1>Acting for me</h1>
      <p class="lead">
        You are signed in as <strong>${page.username}</strong>. These apps may reach other apps in your name,
        without asking you each time. Your organisation decides which apps do. You can stop each of them.
      </p>
      ${
        active.length === 0
          ? html`<p class="empty">
              <strong>No app can act for you.</strong> Apps that your organisation allows appear here, with
              what they did.
            </p>`
          : html`<ul class="cards">
              ${active.map((one) => renderConnection(page, one))}
            </ul>`
      }
      ${
        stopped.length === 0
          ? ''
          : html`<h2>Stopped by you</h2>
              <ul class="cards">
                ${stopped.map((one) => renderConnection(page, one))}
              </ul>`
      }
      ${renderActs(page)}
    `,
  )
}

const KINDS = { agent: 'AI agent', web: 'App', service: 'Background service' } as const

function renderConnection(page: OwnFrame, connection: OwnConnection): Markup {
  const { app, resourceApp, stoppedAt } = connection
  const act = stoppedAt === undefined ? 'stop' : 'allow-again'
  return html`<li>
    <div class="head">
      <h3>${renderEnds(app.name, resourceApp.name)}</h3>
      <span class="chip">${KINDS[app.kind]}</span>
    </div>
    <dl class="facts">
      ${stoppedAt === undefined ? renderPowers(connection) : ''} ${renderHistory(connection)}
    </dl>
    <form method="post" action="${page.url('')}">
      ${renderFormKey(page)}
      <input type="hidden" name="connection" value="${connection.connection}" />
      <button type="submit" class="second" name="act" value="${act}">
        ${stoppedAt === undefined ? 'Stop acting for me' : 'Allow again'}
        <span class="sr">(${app.name} at ${resourceApp.name})</span>
      </button>
    </form>
  </li>`
}

function renderPowers({ app, scopes, afterSignIn }: OwnConnection): Markup {
  return html`${app.purpose === undefined ? '' : renderFact('Purpose', app.purpose)}
  ${app.owners.length === 0 ? '' : renderFact('Responsible', app.owners.join(', '))}
  ${scopes.length === 0 ? '' : renderFact('May', renderScopes(scopes))}
  ${afterSignIn.length === 0 ? '' : renderFact('After stronger sign-in', renderScopes(afterSignIn))}`
}

function renderHistory({ approvedAt, until, use, stoppedAt }: OwnConnection): Markup {
  return html`${stoppedAt === undefined ? '' : renderFact('Stopped', renderTime(stoppedAt))}
  ${renderFact(
    'Allowed by',
    approvedAt === undefined
      ? html`your organisation`
      : html`your organisation, at your request, on ${renderDay(approvedAt)}`,
  )}
  ${until === undefined ? '' : renderFact('Ends', renderDay(until))}
  ${
    use === undefined
      ? renderFact('Used', 'never')
      : html`${renderFact('First used', renderDay(use.firstUsedAt))}
        ${renderFact('Last used', html`${renderTime(use.lastUsedAt)}, ${countTimes(use.uses)} in all`)}`
  }`
}

function countTimes(uses: number): string {
  return uses === 1 ? 'once' : `${uses} times`
}

function renderActs(page: ActingPage): Markup | '' {
  if (page.acts.length === 0) return ''
  return html`<h2>Recent activity</h2>
    <ul class="acts">
      ${page.acts.map((one) => renderAct(page, one))}
    </ul>`
}

function renderAct(page: OwnFrame, activity: OwnActivity): Markup {
  const { time, app, resourceApp, scopes, reportedAt } = activity
  return html`<li>
    ${renderTime(time)}
    <div>
      <strong>${app}</strong> got access to <strong>${resourceApp}</strong> for you: ${renderScopes(scopes)}
      ${
        reportedAt === undefined
          ? renderReportForm(page, activity)
          : html`<p>You reported this on ${renderDay(reportedAt)}.</p>`
      }
    </div>
  </li>`
}

function renderReportForm(page: OwnFrame, { decisionId, app, resourceApp }: OwnActivity): Markup {
  return html`<details>
    <summary>Report<span class="sr"> access of ${app} to ${resourceApp}</span></summary>
    <form method="post" action="${page.url('')}">
      ${renderFormKey(page)}
      <input type="hidden" name="decision" value="${decisionId}" />
      <label for="report-${decisionId}">What did you not expect?</label>
      <textarea id="report-${decisionId}" name="report" rows="2" maxlength="500" required></textarea>
      <button type="submit" class="second">Send report</button>
    </form>
  </details>`
}
