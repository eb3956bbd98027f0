// The page with the user's own second factors: lists them, adds factors, removes passkeys.
import { html } from 'hono/html'

import type { Passkey } from '../ports.ts'
import type { FactorFrame } from './factor-page.ts'
import type { Markup, Page } from '@crosswalk/as-core/pages'
import { renderNameField, renderPasskeyForm } from './passkey-form.ts'
import { buildProblemFrame, renderProblem } from './problem.ts'

export interface ManageFactorsPage extends FactorFrame {
  readonly factors: { readonly totp: boolean; readonly passkeys: readonly Passkey[] }
  /** Options for the browser, if another passkey can be created */
  readonly passkey: Readonly<Record<string, unknown>> | undefined
  readonly addAppUrl: string
}

export function buildManageFactorsPage(page: ManageFactorsPage): Page {
  const { problem, factors, passkey, action } = page
  const several = factors.passkeys.length + (factors.totp ? 1 : 0) > 1
  return {
    ...buildProblemFrame(problem),
    title: 'Your second steps',
    displayName: page.displayName,
    formTargets: page.formTargets,
    scripts: passkey === undefined ? [] : [page.scriptUrl],
    content: html`
      <h1>Your second steps</h1>
      <p class="lead">
        After the password, <strong>${page.username}</strong> signs in with any one of these.
      </p>
      ${renderProblem(problem, 'This could not be changed. Try again.')}
      <ul class="factors">
        ${
          factors.totp
            ? html`<li>
                <div><strong>Authenticator app</strong></div>
              </li>`
            : ''
        }
        ${factors.passkeys.map((one) => renderPasskey(one, action, several))}
      </ul>
      ${several ? '' : html`<p class="note">Add another before you lose this one. The last one cannot be removed.</p>`}
      <form method="post" action="${action}">
        <input type="hidden" name="step" value="done" />
        <div class="actions"><button type="submit">Continue to ${page.appName}</button></div>
      </form>
      ${renderMore(page)}
    `,
  }
}

function renderPasskey(
  { id, name, createdAt, lastUsedAt }: Passkey,
  action: string,
  removable: boolean,
): Markup {
  const used = lastUsedAt === undefined ? 'not used yet' : html`last used ${renderDay(lastUsedAt)}`
  return html`<li>
    <div>
      <strong>${name}</strong>
      <span class="note">Passkey, added ${renderDay(createdAt)}, ${used}</span>
    </div>
    ${
      removable
        ? html`<form method="post" action="${action}">
            <input type="hidden" name="step" value="remove" />
            <input type="hidden" name="id" value="${id}" />
            <button type="submit" class="second" aria-label="Remove ${name}">Remove</button>
          </form>`
        : ''
    }
  </li>`
}

function renderDay(atMs: number): Markup {
  const day = new Date(atMs).toISOString().slice(0, 10)
  return html`<time datetime="${day}">${day}</time>`
}

function renderMore({ factors, passkey, action, addAppUrl }: ManageFactorsPage): Markup {
  const newPasskey =
    passkey === undefined
      ? ''
      : html`<div class="more" data-passkeys hidden>
          <h2>Add a passkey</h2>
          ${renderPasskeyForm({
            kind: 'new',
            options: passkey,
            action,
            fields: renderNameField(),
            buttons: html`<button type="submit" class="second">Add a passkey</button>`,
          })}
        </div>`
  const newApp = factors.totp
    ? ''
    : html`<div class="more">
        <div class="actions">
          <a class="button second" href="${addAppUrl}">Add an authenticator app</a>
        </div>
      </div>`
  return html`${newPasskey}${newApp}`
}
