// The page for a signed-in user who may not use the app; the same for every reason.
import { html } from 'hono/html'

import type { Page } from '@crosswalk/as-core/pages'
import type { FactorFrame } from './factor-page.ts'

export interface NotAssignedPage extends Omit<FactorFrame, 'problem' | 'scriptUrl'> {
  /** Posting here returns the user to the app with `access_denied`. */
  readonly action: string
  /** Restarts the same request with another sign-in. */
  readonly switchUrl: string
}

export function buildNotAssignedPage(page: NotAssignedPage): Page {
  return {
    status: 403,
    title: 'No access',
    displayName: page.displayName,
    formTargets: page.formTargets,
    content: html`
      <h1>You have no access to ${page.appName}</h1>
      <p class="lead">
        You are signed in as <strong>${page.username}</strong>, and this account may not use
        <strong>${page.appName}</strong>. If you need it, ask your IT administrator for access.
      </p>
      <form method="post" action="${page.action}">
        <div class="actions">
          <button type="submit" name="choice" value="return">Return to ${page.appName}</button>
          <a class="button second" href="${page.switchUrl}">Use another account</a>
        </div>
      </form>
    `,
  }
}
