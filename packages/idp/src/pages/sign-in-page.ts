// The page that asks for user name and password, or links to other identity providers. The input names `username` and
// `password` are stable.
import { html } from 'hono/html'

import type { Markup, Page } from '@crosswalk/as-core/pages'
import type { FactorFrame } from './factor-page.ts'
import { buildProblemFrame, markInvalid, renderProblem } from './problem.ts'

export interface SignInPage extends Omit<FactorFrame, 'scriptUrl' | 'username'> {
  readonly username?: string
  /** Set if the user is already signed in and must authenticate again. */
  readonly again?: boolean
  /** Set if an administrator tries out the app as another user. */
  readonly trial?: boolean
  /** Identity providers that can sign in the user instead */
  readonly upstreams?: readonly { readonly id: string; readonly name: string }[]
  /** false: only through these providers */
  readonly password?: boolean
  /** Asks only for the user name, because its domain may select another provider */
  readonly usernameFirst?: boolean
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
  // Focus the first field that needs input.
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
