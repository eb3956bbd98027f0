// The page for the second factor, after the password: the code of an authenticator app, or a passkey.
import { html } from 'hono/html'

import { renderCodeField } from './code-field.ts'
import type { Markup, Page } from '@crosswalk/as-core/pages'
import { renderPasskeyForm } from './passkey-form.ts'
import { buildProblemFrame, type SignInProblem, renderProblem } from './problem.ts'

/** Common members of all second-factor pages. */
export interface FactorFrame {
  readonly displayName: string
  readonly appName: string
  /** The signed-in user. */
  readonly username: string
  /** Form target. */
  readonly action: string
  readonly formTargets: readonly string[]
  /** The script that requests passkeys. */
  readonly scriptUrl: string
  readonly problem?: SignInProblem
}

export interface FactorPage extends FactorFrame {
  /** Restarts the same request with another sign-in. */
  readonly switchUrl: string
  /** Whether the user has an authenticator app. */
  readonly code: boolean
  /** Options for the browser, if the user has a passkey for this host. */
  readonly passkey: Readonly<Record<string, unknown>> | undefined
}

const CHANGE = html`<button type="submit" class="quiet" name="then" value="manage">
  Continue and change my second steps
</button>`

export function buildFactorPage(page: FactorPage): Page {
  const { problem, passkey, code } = page
  return {
    ...buildProblemFrame(problem),
    title: code ? 'Enter a code' : 'Use your passkey',
    displayName: page.displayName,
    formTargets: page.formTargets,
    scripts: passkey === undefined ? [] : [page.scriptUrl],
    content: html`
      <h1>${code ? 'Enter your code' : 'Use your passkey'}</h1>
      <p class="lead">
        To continue to <strong>${page.appName}</strong> as
        <strong>${page.username}</strong
        >${code ? ', enter the code that your authenticator app shows now.' : ', confirm with a passkey.'}
      </p>
      ${renderProblem(problem, code ? WRONG : NOT_TAKEN)} ${code ? renderCodeForm(page) : ''}
      ${passkey === undefined ? '' : renderPasskey(page, passkey)}
      ${code ? '' : renderHelpWithoutPasskey(passkey)}
      <p class="note">
        <a href="${page.switchUrl}">Use another account</a>. Lost access to
        ${code ? 'your app' : 'your passkeys'}? Ask your IT administrator for help.
      </p>
    `,
  }
}

const WRONG = 'Wrong or already used code. Wait for the next code and try again.'
const NOT_TAKEN = 'This passkey was not accepted. Try again, or use another one.'

function renderCodeForm({ action, problem }: FactorPage): Markup {
  return html`<form method="post" action="${action}">
    ${renderCodeField(problem, true)}
    <div class="actions"><button type="submit">Continue</button>${CHANGE}</div>
  </form>`
}

function renderPasskey({ action, code }: FactorPage, options: NonNullable<FactorPage['passkey']>): Markup {
  const buttons = html`<button type="submit" ${code ? html`class="second"` : 'autofocus'}>
      Use a passkey</button
    >${code ? '' : CHANGE}`
  return html`<div data-passkeys hidden>
    ${code ? html`<p class="or">or</p>` : ''}${renderPasskeyForm({ kind: 'ask', options, action, buttons })}
  </div>`
}

function renderHelpWithoutPasskey(options: FactorPage['passkey']): Markup {
  return options === undefined
    ? html`<p class="alert" role="alert">
        Your passkeys were made for another address of this sign-in and do not work here. Ask your IT
        administrator to reset them.
      </p>`
    : html`<p class="alert" data-without-passkeys>
        A passkey needs JavaScript and a recent browser. Switch it on, or sign in with another browser.
      </p>`
}
