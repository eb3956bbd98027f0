// The page that asks for user name and password, or leads to other identity providers. The inputs are named `username`
// and `password` for good.
import { html } from 'hono/html'

import type { Markup, Page } from '@crosswalk/as-core/pages'
import { buildProblemFrame, markInvalid, type Problem, renderProblem } from './problem.ts'

export interface SignInPage {
  readonly displayName: string
  readonly appName: string
  /** Where the form goes. */
  readonly action: string
  readonly formTargets: readonly string[]
  readonly username?: string
  /** Set when the person is signed in already and has to prove it again. */
  readonly again?: boolean
  /** Set when an administrator tries the app out as somebody else. */
  readonly trial?: boolean
  /** Identity providers that sign the person in instead */
  readonly upstreams?: readonly { readonly id: string; readonly name: string }[]
  /** false: only these */
  readonly password?: boolean
  /** Asks for the user name alone, since its domain may lead elsewhere */
  readonly usernameFirst?: boolean
  readonly problem?: Problem
}

export function buildSignInPage(page: SignInPage): Page {
  const { displayName, appName, formTargets, again, trial, problem } = page
  return {
    ...buildProblemFrame(problem),
    title: 'Sign in',
    displayName,
    formTargets,
    content: html`
      <h1>${again === true ? 'Confirm it’s you' : 'Sign in'}</h1>
      <p class="lead">Sign in${again === true ? ' again' : ''} to continue to <strong>${appName}</strong></p>
      ${
        trial === true
          ? html`<p>
              This is a trial. Sign in as the user to test the app with. You stay signed in as yourself.
            </p>`
          : ''
      }
      ${renderProblem(problem, 'We could not sign you in. Check user name and password.')}
      ${page.password === false ? '' : renderPasswordForm(page)}${renderUpstreams(page)}
    `,
  }
}

function renderPasswordForm(page: SignInPage): Markup {
  const { action, username, problem, usernameFirst = false } = page
  // The cursor goes where the typing has to start.
  const atPassword = username !== undefined && username !== ''
  return html`
    <form method="post" action="${action}">
      <label for="username">${usernameFirst ? 'User name or e-mail address' : 'User name'}</label>
      <input
        id="username"
        name="username"
        type="text"
        value="${username ?? ''}"
        autocomplete="username"
        autocapitalize="none"
        autocorrect="off"
        spellcheck="false"
        maxlength="256"
        required
        ${markInvalid(problem)}
        ${atPassword ? '' : 'autofocus'}
      />
      ${usernameFirst ? '' : renderPassword(page, atPassword)}
      <div class="actions"><button type="submit">${usernameFirst ? 'Continue' : 'Sign in'}</button></div>
    </form>
  `
}

function renderPassword({ problem }: SignInPage, isFocused: boolean): Markup {
  return html`
    <label for="password">Password</label>
    <input
      id="password"
      name="password"
      type="password"
      autocomplete="current-password"
      maxlength="1024"
      required
      ${markInvalid(problem)}
      ${isFocused ? 'autofocus' : ''}
    />
  `
}

function renderUpstreams({ action, upstreams = [], password }: SignInPage): Markup | '' {
  if (upstreams.length === 0) return ''
  return html`
    ${password === false ? '' : html`<p class="or">or</p>`}
    <form method="post" action="${action}">
      <div class="actions">
        ${upstreams.map(
          ({ id, name }) =>
            html`<button
              type="submit"
              name="upstream"
              value="${id}"
              ${password === false ? '' : html`class="second"`}
            >
              Continue with ${name}
            </button>`,
        )}
      </div>
    </form>
  `
}
