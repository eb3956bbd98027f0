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
  const { connections, acts } = page
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
      ${renderActs(acts)}
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

function renderPowers({ scopes, afterSignIn }: OwnConnection): Markup {
  return html`${scopes.length === 0 ? '' : renderFact('May', renderScopes(scopes))}
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

function renderActs(acts: readonly OwnActivity[]): Markup | '' {
  if (acts.length === 0) return ''
  return html`<h2>Recent activity</h2>
    <ul class="acts">
      ${acts.map(
        ({ time, app, resourceApp, scopes }) =>
          html`<li>
            ${renderTime(time)}<span
              ><strong>${app}</strong> got access to <strong>${resourceApp}</strong> for you:
              ${renderScopes(scopes)}</span
            >
          </li>`,
      )}
    </ul>`
}
