// The input for a code of an authenticator app. Its name `code` is stable.
import { html } from 'hono/html'

import type { Markup } from '@crosswalk/as-core/pages'
import { markInvalid, type SignInProblem } from './problem.ts'

export function renderCodeField(problem: SignInProblem | undefined, focus: boolean): Markup {
  return html`
    <label for="code">Six-digit code</label>
    <input
      id="code"
      name="code"
      class="code"
      type="text"
      inputmode="numeric"
      autocomplete="one-time-code"
      autocapitalize="none"
      autocorrect="off"
      spellcheck="false"
      maxlength="16"
      required
      ${markInvalid(problem)}
      ${focus ? 'autofocus' : ''}
    />
  `
}
