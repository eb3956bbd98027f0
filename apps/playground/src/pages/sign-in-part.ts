// Shown while a run waits for a user: sign-in at the identity provider in this window, or a pasted token.
import { html } from 'hono/html'

import type { Run } from '../run.ts'
import { type Frame, keyField } from './page.ts'
import { type Markup, renderFacts, renderText } from './parts.ts'

export function renderSignIn(frame: Frame, { number, attempt, setup }: Run): Markup {
  return html`${
      attempt === undefined
        ? html`<p class="verdict warn">
            The identity provider publishes no authorization endpoint, so signing in from here is impossible.
            Paste an ID token.
          </p>`
        : html`<p>Register this redirect URI at ${setup.settings.idp.issuer}, for the app:</p>
            ${renderText('Redirect URI', attempt.redirectUri)}
            <p><a class="button" href="${attempt.url}">Sign in at ${new URL(attempt.url).host}</a></p>
            <details>
              <summary>What the link contains</summary>
              ${renderFacts([...new URL(attempt.url).searchParams])}
              <p class="quiet">The code_verifier that belongs to the challenge stays in this process.</p>
            </details>`
    }
    <form method="post" action="/runs/${number}/id-token" autocomplete="off">
      ${keyField(frame.formKey)}
      <div class="field">
        <label for="id_token">Or paste an ID token of the app</label>
        <textarea
          id="id_token"
          name="id_token"
          rows="4"
          required
          spellcheck="false"
          autocomplete="off"
        ></textarea>
      </div>
      <button type="submit" class="second">Use this ID token</button>
    </form>`
}
