// The page that asks for user name and password. The inputs are named `username` and `password` for good.
import { html } from 'hono/html'

import type { Page } from './layout.ts'
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
  readonly problem?: Problem
}

export function buildSignInPage(page: SignInPage): Page {
  const { displayName, appName, action, formTargets, username, again, problem } = page
  // The cursor goes where the typing has to start.
  const atPassword = username !== undefined && username !== ''
  return {
    ...buildProblemFrame(problem),
    title: 'Sign in',
    displayName,
    formTargets,
    content: html`
      <h1>${again === true ? 'Confirm it’s you' : 'Sign in'}</h1>
      <p class="lead">Sign in${again === true ? ' again' : ''} to continue to <strong>${appName}</strong></p>
      ${renderProblem(problem, 'We could not sign you in. Check user name and password.')}
      <form method="post" action="${action}">
        <label for="username">User name</label>
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
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          maxlength="1024"
          required
          ${markInvalid(problem)}
          ${atPassword ? 'autofocus' : ''}
        />
        <div class="actions"><button type="submit">Sign in</button></div>
      </form>
    `,
  }
}
