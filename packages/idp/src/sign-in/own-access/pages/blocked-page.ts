// The page that explains why an app was denied access for the user, names who can help, and takes a request for access.
// It never shows the text of a rule or anything about the denials of other users.
import { html } from 'hono/html'

import type { OwnPeriod, OwnRefusal } from '../contract.ts'
import { type Markup, type Page, renderFact } from '@crosswalk/as-core/pages'
import {
  buildOwnPage,
  type OwnFrame,
  renderDays,
  renderFormKey,
  renderTime,
  renderScope,
} from './own-frame.ts'

export interface BlockedPage extends OwnFrame {
  readonly refusal: OwnRefusal
}

export function buildBlockedPage(page: BlockedPage): Page {
  const { refusal } = page
  const { app, resourceApp, sentence, allowedNow } = refusal
  const where = resourceApp === undefined ? 'there' : html`<strong>${resourceApp}</strong>`
  return buildOwnPage(
    page,
    'Access denied',
    html`
      <h1>${allowedNow ? 'This is allowed now' : `${app} could not act for you`}</h1>
      ${
        allowedNow
          ? html`<p class="lead">
              <strong>${app}</strong> was denied access to ${where}. Something has changed since, and it may
              act for you now. Go back to ${app} and try again.
            </p>`
          : html`<p class="lead">
              <strong>${app}</strong> wanted to reach ${where} in your name. ${sentence}
            </p>`
      }
      <dl class="facts">
        ${renderFact('Your account', `${page.name} (${page.username})`)} ${renderFact('App', app)}
        ${resourceApp === undefined ? '' : renderFact('Requested app', resourceApp)}
        ${renderFact('When', renderTime(refusal.time))}
        ${renderFact('Who can help', refusal.owners.length === 0 ? 'your IT administrator' : refusal.owners.join(', '))}
        ${renderFact('Reference', html`<code>${refusal.decisionId}</code>`)}
      </dl>
      ${allowedNow ? '' : renderAsking(page)}
      <div class="more">
        <p class="note">Wrong account? <a href="${page.switchUrl}">Use another account</a></p>
      </div>
    `,
  )
}

function renderAsking(page: BlockedPage): Markup {
  const { refusal } = page
  if (refusal.openRequest !== undefined)
    return html`<p class="done">
      You requested this on ${renderTime(refusal.openRequest.askedAt)}. It is pending:
      <a href="${page.url('/requests')}">My requests</a>
    </p>`
  if (refusal.scopes.length === 0)
    return html`<p class="note">
      A request would not help here. Give the reference above to your IT administrator.
    </p>`
  return html`<div class="more">
    <h2>Request access</h2>
    <form method="post" action="${page.url('/blocked')}">
      ${renderFormKey(page)}
      <input type="hidden" name="decision" value="${refusal.decisionId}" />
      <fieldset>
        <legend>What ${refusal.app} may do for you</legend>
        ${refusal.scopes.map(
          (scope) =>
            html`<label class="choice">
              <input type="checkbox" name="scope" value="${scope.name}" checked />
              <span>${renderScope(scope)}</span>
            </label>`,
        )}
      </fieldset>
      ${renderPeriods(refusal.periods)}
      <label for="reason">What you need it for</label>
      <textarea
        id="reason"
        name="reason"
        rows="3"
        maxlength="500"
        required
        aria-describedby="reason-note"
      ></textarea>
      <p class="note" id="reason-note">The approver reads this. Without an approval, nothing changes.</p>
      <div class="actions"><button type="submit">Request access</button></div>
    </form>
  </div>`
}

const USUAL_DAYS = 30

/** The longest period that is approved at once is chosen; without one, the usual one. */
function renderPeriods(periods: readonly OwnPeriod[]): Markup {
  const chosen =
    periods.findLast(({ automatic }) => automatic) ?? periods.find(({ days }) => days === USUAL_DAYS)
  return html`<fieldset>
    <legend>For how long</legend>
    ${periods.map(
      (period) =>
        html`<label class="choice">
          <input
            type="radio"
            name="days"
            value="${period.days ?? ''}"
            ${period === chosen ? 'checked' : ''}
          />
          <span
            >${period.days === undefined ? 'Until it is revoked' : renderDays(period.days)}${
              period.automatic ? ' (approved at once)' : ''
            }</span
          >
        </label>`,
    )}
  </fieldset>`
}

export interface UnknownBlockPage extends OwnFrame {
  /** As requested */
  readonly decisionId: string
}

/** The denial of another user looks like one that does not exist. */
export function buildUnknownBlockPage(page: UnknownBlockPage): Page {
  return buildOwnPage(
    page,
    'Denial not found',
    html`
      <h1>This denial was not found</h1>
      <p class="lead">
        You are signed in as <strong>${page.username}</strong>. The app may have used another of your
        accounts, or the reference is incomplete.
      </p>
      ${
        page.decisionId === ''
          ? ''
          : html`<dl class="facts">${renderFact('Reference', html`<code>${page.decisionId}</code>`)}</dl>`
      }
      <div class="actions">
        <a class="button second" href="${page.switchUrl}">Use another account</a>
        <a class="button second" href="${page.url('')}">View apps acting for me</a>
      </div>
    `,
    404,
  )
}
