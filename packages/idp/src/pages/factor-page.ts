// The page that asks for the code of an authenticator app, after the password.
import { html } from 'hono/html'

import { renderCodeField, WRONG_CODE } from './code-field.ts'
import type { Page } from './layout.ts'
import { buildProblemFrame, type Problem, renderProblem } from './problem.ts'

export interface FactorPage {
  readonly displayName: string
  readonly appName: string
  /** Who is signed in. */
  readonly username: string
  /** Where the form goes. */
  readonly action: string
  readonly formTargets: readonly string[]
  /** Starts the same request with another sign-in. */
  readonly switchUrl: string
  readonly problem?: Problem
}

export function buildFactorPage(page: FactorPage): Page {
  const { problem } = page
  return {
    ...buildProblemFrame(problem),
    title: 'Enter a code',
    displayName: page.displayName,
    formTargets: page.formTargets,
    content: html`
      <h1>Enter your code</h1>
      <p class="lead">
        To continue to <strong>${page.appName}</strong> as <strong>${page.username}</strong>, enter the code
        that your authenticator app shows now.
      </p>
      ${renderProblem(problem, WRONG_CODE)}
      <form method="post" action="${page.action}">
        ${renderCodeField(problem, true)}
        <div class="actions">
          <button type="submit">Continue</button>
          <a class="button second" href="${page.switchUrl}">Use another account</a>
        </div>
      </form>
      <p class="note">No access to your app any more? Ask your IT administrator for help.</p>
    `,
  }
}
