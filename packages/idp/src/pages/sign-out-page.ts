// The sign-out pages: the question and the confirmation.
import { html, raw } from 'hono/html'

import type { Page } from '@crosswalk/as-core/pages'

export interface SignOutPage {
  readonly displayName: string
  readonly action: string
  /** Echoed by the form; proves that this page asked the question. */
  readonly xsrf: string
  readonly formTargets: readonly string[]
  readonly appName?: string
}

export function buildSignOutPage({ displayName, action, xsrf, formTargets, appName }: SignOutPage): Page {
  return {
    status: 200,
    title: 'Sign out',
    displayName,
    formTargets,
    content: html`
      <h1>Sign out?</h1>
      <p class="lead">
        ${appName === undefined ? '' : html`<strong>${appName}</strong> asked to sign you out. `}This signs
        you out of every app that you opened with this sign-in.
      </p>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}" />
        <div class="actions">
          <button type="submit" name="logout" value="yes">Sign out</button>
          <button type="submit" class="second">Stay signed in</button>
        </div>
      </form>
    `,
  }
}

export interface SignedOutPage {
  readonly displayName: string
  /** Only the app was signed out */
  readonly stayed: boolean
  /** Providers where the user may still be signed in, with sign-out links */
  readonly elsewhere: readonly { readonly name: string; readonly url: string }[]
}

export function buildSignedOutPage({ displayName, stayed, elsewhere }: SignedOutPage): Page {
  return {
    status: 200,
    title: stayed ? 'Still signed in' : 'Signed out',
    displayName,
    content: stayed
      ? html`<h1>You are still signed in</h1>
          <p class="lead">Only the app that asked was signed out. You may close this page.</p>`
      : html`<h1>You are signed out</h1>
          <p class="lead">You may close this page${raw('&nbsp;')}– or open an app to sign in again.</p>
          ${elsewhere.map(
            ({ name, url }) =>
              html`<p>You may still be signed in at <strong>${name}</strong>.</p>
                <div class="actions"><a class="button second" href="${url}">Sign out of ${name}</a></div>`,
          )}`,
  }
}
