// The page for a person who is signed in, but not assigned to the app they came from.
import { html } from 'hono/html'

import type { Page } from './layout.ts'

export interface NotAssignedPage {
  readonly displayName: string
  readonly appName: string
  /** Who is signed in. */
  readonly username: string
  /** Posting here sends the person back to the app with `access_denied`. */
  readonly action: string
  readonly formTargets: readonly string[]
  /** Starts the same request with another sign-in. */
  readonly switchUrl: string
}

export function buildNotAssignedPage(page: NotAssignedPage): Page {
  return {
    status: 403,
    title: 'Not assigned',
    displayName: page.displayName,
    formTargets: page.formTargets,
    content: html`
      <h1>You are not assigned to ${page.appName}</h1>
      <p class="lead">
        You are signed in as <strong>${page.username}</strong>, and this account may not use
        <strong>${page.appName}</strong>. If you need it, ask your IT administrator to assign it to you.
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
