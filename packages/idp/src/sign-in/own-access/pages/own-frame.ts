// The common parts of the pages of users' own access: the signed-in user, navigation, notices, times.
import { html } from 'hono/html'

import type { OwnScope } from '../contract.ts'
import type { Markup, Page } from '@crosswalk/as-core/pages'

export interface OwnFrame {
  readonly displayName: string
  /** Display name of the user */
  readonly name: string
  readonly username: string
  readonly path: string
  /** @param path - relative to the pages of users' own access */
  url(path: string): string
  readonly signOutUrl: string
  /** Leads to this page with another sign-in */
  readonly switchUrl: string
  /** Sent with every form */
  readonly formKey: string
  /** Sent with a link that starts something; not accepted with forms, because URLs are less secret */
  readonly linkKey: string
  /** Code for what was just done, or why it was not */
  readonly notice: string | undefined
}

const NOTICES: Readonly<Record<string, string>> = {
  stopped: 'Stopped. It gets no new access for you.',
  'allowed-again': 'It may act for you again.',
  asked: 'Request sent. The decision appears here.',
  canceled: 'Request canceled.',
  answered: 'Answer sent.',
  reported: 'Report sent. If you do not trust the app, also stop it.',
  connected: 'Account connected.',
  disconnected: 'Account disconnected. Apps can no longer use it.',
}

const PROBLEMS: Readonly<Record<string, string>> = {
  unknown: 'Nothing changed: this no longer exists.',
  'asked-already': 'You already requested this. See the open request below.',
  'too-many': 'You have too many open requests. Cancel one, then try again.',
  'too-many-today': 'You have requested too much today. Try again tomorrow.',
  'reported-already': 'You already reported this.',
  'too-many-reports': 'You have sent too many reports today. Tell your administrator.',
  'too-fast': 'Nothing changed: too many changes at once. Wait a minute, then try again.',
  'nothing-to-ask': 'Choose at least one permission.',
  'not-set-up': 'An administrator has to finish the setup of this service first.',
  'not-connected': 'The account was not connected. Try again, or ask an administrator.',
  'answer-missing': 'Enter an answer. The approver reads it.',
  'report-missing': 'Enter what you did not expect. An administrator reads it.',
  'reason-missing': 'Enter what you need it for. The approver reads it.',
}

/** Renders the page around its content. */
export function buildOwnPage(frame: OwnFrame, title: string, content: Markup, status = 200): Page {
  return {
    status,
    title,
    displayName: frame.displayName,
    formTargets: ["'self'"],
    wide: true,
    content: html`
      <nav class="tabs" aria-label="Your access">
        ${renderTab(frame, '', 'Acting for me')} ${renderTab(frame, '/requests', 'My requests')}
        ${renderTab(frame, '/accounts', 'Connected accounts')}
        <a class="end" href="${frame.signOutUrl}">Sign out</a>
      </nav>
      ${renderNotice(frame.notice)} ${content}
    `,
  }
}

function renderTab(frame: OwnFrame, path: string, label: string): Markup {
  const url = frame.url(path)
  const current = new URL(url).pathname.endsWith(frame.path)
  return html`<a href="${url}" ${current ? html`aria-current="page"` : ''}>${label}</a>`
}

function renderNotice(notice: string | undefined): Markup | '' {
  const [done, problem] = [NOTICES[notice ?? ''], PROBLEMS[notice ?? '']]
  if (problem !== undefined) return html`<p class="alert" role="alert">${problem}</p>`
  return done === undefined ? '' : html`<p class="done" role="status">${done}</p>`
}

export function renderFormKey({ formKey }: OwnFrame): Markup {
  return html`<input type="hidden" name="form_key" value="${formKey}" />`
}

const MOMENT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
})
const DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})

export function renderTime(atMs: number): Markup {
  return html`<time datetime="${new Date(atMs).toISOString()}">${MOMENT.format(atMs)} UTC</time>`
}

export function renderDays(days: number): string {
  return days === 1 ? '1 day' : `${days} days`
}

export function renderDay(atMs: number): Markup {
  return html`<time datetime="${new Date(atMs).toISOString()}">${DAY.format(atMs)}</time>`
}

export function renderScopes(scopes: readonly OwnScope[]): Markup {
  return html`<span class="scopes">${scopes.map((scope) => html`<span>${renderScope(scope)}</span> `)}</span>`
}

/** The description from the resource's catalogue, followed by the technical name. */
export function renderScope({ name, description }: OwnScope): Markup {
  return description === undefined
    ? html`<code>${name}</code>`
    : html`${description} <code class="name">${name}</code>`
}

/** Shows which app reaches which. */
export function renderEnds(app: string, resourceApp: string): Markup {
  return html`${app} <span aria-hidden="true">→</span><span class="sr"> at </span> ${resourceApp}`
}
