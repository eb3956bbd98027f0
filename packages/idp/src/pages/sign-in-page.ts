// The page that asks for user name and password. The inputs are named `username` and `password` for good.
import { html } from 'hono/html'

import type { Page } from './layout.ts'

export interface SignInPage {
  readonly displayName: string
  readonly appName: string
  /** Where the form goes. */
  readonly action: string
  readonly formTargets: readonly string[]
  readonly username?: string
  /** Set when the person is signed in already and has to prove it again. */
  readonly again?: boolean
  readonly problem?: 'refused' | { readonly retryAfterSeconds: number }
}

export function buildSignInPage(page: SignInPage): Page {
  const { displayName, appName, action, formTargets, username, again, problem } = page
  const wait = typeof problem === 'object' ? problem.retryAfterSeconds : undefined
  // The cursor goes where the typing has to start.
  const atPassword = username !== undefined && username !== ''
  return {
    status: wait !== undefined ? 429 : problem === 'refused' ? 401 : 200,
    title: 'Sign in',
    displayName,
    formTargets,
    ...(wait === undefined ? {} : { headers: { 'retry-after': String(wait) } }),
    content: html`
      <h1>${again === true ? 'Confirm it’s you' : 'Sign in'}</h1>
      <p class="lead">Sign in${again === true ? ' again' : ''} to continue to <strong>${appName}</strong></p>
      ${problem === undefined ? '' : html`<p class="alert" role="alert" id="problem">${describe(wait)}</p>`}
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
          ${problem === 'refused' ? INVALID : ''}
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
          ${problem === 'refused' ? INVALID : ''}
          ${atPassword ? 'autofocus' : ''}
        />
        <div class="actions"><button type="submit">Sign in</button></div>
      </form>
    `,
  }
}

const INVALID = html`aria-invalid="true" aria-describedby="problem"`

function describe(waitSeconds: number | undefined): string {
  if (waitSeconds === undefined) return 'We could not sign you in. Check user name and password.'
  if (waitSeconds < 60) {
    return `Too many failed attempts. Wait ${waitSeconds} second${waitSeconds === 1 ? '' : 's'}, then try again.`
  }
  const minutes = Math.ceil(waitSeconds / 60)
  return `Too many failed attempts. Wait ${minutes} minute${minutes === 1 ? '' : 's'}, then try again.`
}
