// The page with the user's access requests and their outcomes.
import { html } from 'hono/html'

import type { OwnRequest } from '../contract.ts'
import { type Markup, type Page, renderFact } from '@crosswalk/as-core/pages'
import {
  buildOwnPage,
  type OwnFrame,
  renderDay,
  renderEnds,
  renderDays,
  renderFormKey,
  renderTime,
  renderScopes,
} from './own-frame.ts'

export interface RequestsPage extends OwnFrame {
  readonly requests: readonly OwnRequest[]
}

export function buildRequestsPage(page: RequestsPage): Page {
  const { requests } = page
  return buildOwnPage(
    page,
    'My requests',
    html`
      <h1>My requests</h1>
      <p class="lead">Requests of <strong>${page.username}</strong>, and the decisions.</p>
      ${
        requests.length === 0
          ? html`<p class="empty">
              <strong>No requests yet.</strong> When an app is denied, its page lets you request access.
            </p>`
          : html`<ul class="cards">
              ${requests.map((request) => renderRequest(page, request))}
            </ul>`
      }
    `,
  )
}

const STATES: Readonly<Record<OwnRequest['state'], string>> = {
  open: 'Pending',
  approved: 'Approved',
  declined: 'Declined',
  expired: 'Expired',
  canceled: 'Canceled',
  ended: 'Ended',
}

function renderRequest(page: OwnFrame, request: OwnRequest): Markup {
  const { id, app, resourceApp, scopes, reason, state, askedAt, days } = request
  return html`<li>
    <div class="head">
      <h3>${renderEnds(app, resourceApp)}</h3>
      <span class="chip ${state}">${STATES[state]}</span>
    </div>
    <dl class="facts">
      ${renderFact('Requested', renderScopes(scopes))} ${renderFact('Reason', reason)}
      ${days === undefined ? '' : renderFact('For', renderDays(days))}
      ${renderFact('Sent', renderTime(askedAt))} ${renderComments(request)} ${renderDecision(request)}
    </dl>
    ${isQuestionOpen(request) ? renderAnswerForm(page, request) : ''}
    ${
      state === 'open'
        ? html`<form method="post" action="${page.url('/requests')}">
            ${renderFormKey(page)}
            <input type="hidden" name="request" value="${id}" />
            <button type="submit" class="second">
              Cancel request<span class="sr"> for ${app} at ${resourceApp}</span>
            </button>
          </form>`
        : ''
    }
  </li>`
}

/** An approver wrote last. */
function isQuestionOpen({ state, comments }: OwnRequest): boolean {
  return state === 'open' && comments.at(-1)?.by !== undefined
}

function renderAnswerForm(page: OwnFrame, { id, app, resourceApp }: OwnRequest): Markup {
  return html`<form method="post" action="${page.url('/requests')}">
    ${renderFormKey(page)}
    <input type="hidden" name="request" value="${id}" />
    <label for="answer-${id}">Your answer<span class="sr"> about ${app} at ${resourceApp}</span></label>
    <textarea id="answer-${id}" name="answer" rows="2" maxlength="500" required></textarea>
    <button type="submit">Send answer</button>
  </form>`
}

function renderComments({ comments }: OwnRequest): readonly Markup[] {
  return comments.map(({ by, at, text }) =>
    by === undefined
      ? renderFact('Your answer', html`${text} (${renderTime(at)})`)
      : renderFact('Question', html`${text} (${by}, ${renderTime(at)})`),
  )
}

function renderDecision({ scopes, decision, granted }: OwnRequest): Markup | '' {
  if (decision === undefined) return ''
  const { by, at, reason } = decision
  const isNarrower = granted !== undefined && granted.scopes.length < scopes.length
  return html`${renderFact('Decided', html`by ${by}, ${renderTime(at)}`)}
  ${reason === undefined ? '' : renderFact('Comment', reason)}
  ${isNarrower ? renderFact('Granted', renderScopes(granted.scopes)) : ''}
  ${granted?.until === undefined ? '' : renderFact('Until', renderDay(granted.until))}`
}
