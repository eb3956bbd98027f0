// The page for enrolling a second factor: a secret for an authenticator app, as QR code and text, confirmed by one
// code; or a passkey.
import { html, raw } from 'hono/html'

import { renderCodeField } from './code-field.ts'
import type { FactorFrame } from './factor-page.ts'
import type { Markup, Page } from '@crosswalk/as-core/pages'
import { renderNameField, renderPasskeyForm } from './passkey-form.ts'
import { buildProblemFrame, renderProblem } from './problem.ts'

export interface EnrolmentPage extends FactorFrame {
  /** Restarts the same request with another sign-in; set if this is the first factor */
  readonly switchUrl?: string
  /** Link back to the user's factors, if there are any */
  readonly backUrl?: string
  /** Base32 */
  readonly secret: string
  /** The `otpauth:` URI with the secret */
  readonly uri: string
  /** Options for the browser, if a passkey can be created instead */
  readonly passkey?: Readonly<Record<string, unknown>> | undefined
}

const NOT_CONFIRMED = 'Wrong code. Check that your app has this key, then enter its current code.'

export async function buildEnrolmentPage(page: EnrolmentPage): Promise<Page> {
  const { problem, passkey, switchUrl, backUrl } = page
  const { toString: renderQrCode } = await import('qrcode')
  const picture = await renderQrCode(page.uri, { type: 'svg', margin: 4, errorCorrectionLevel: 'M' })
  const title = backUrl === undefined ? 'Set up a second step' : 'Add an authenticator app'
  return {
    ...buildProblemFrame(problem),
    title,
    displayName: page.displayName,
    formTargets: page.formTargets,
    scripts: passkey === undefined ? [] : [page.scriptUrl],
    content: html`
      <h1>${title}</h1>
      <p class="lead">
        ${
          backUrl === undefined
            ? html`<strong>${page.appName}</strong> needs more than a password from
                <strong>${page.username}</strong>. `
            : ''
        }Add
        this key to an authenticator app, then enter the code that it shows.
      </p>
      ${renderProblem(problem, NOT_CONFIRMED)}
      <div class="qr" role="img" aria-label="QR code with the key below">${raw(picture)}</div>
      <p class="note">
        Cannot scan it? <a href="${page.uri}">Open it in an app on this device</a>, or type this key:
      </p>
      <p class="key"><code>${page.secret.match(/.{1,4}/g)?.join(' ') ?? ''}</code></p>
      <form method="post" action="${page.action}">
        <input type="hidden" name="step" value="new-app" />
        ${renderCodeField(problem, problem !== undefined)}
        <div class="actions">
          <button type="submit">Confirm</button>
          ${backUrl === undefined ? '' : html`<a class="button second" href="${backUrl}">Back</a>`}
        </div>
      </form>
      ${passkey === undefined ? '' : renderPasskey(page.action, passkey)}
      ${
        switchUrl === undefined
          ? ''
          : html`<p class="note"><a href="${switchUrl}">Use another account</a></p>`
      }
    `,
  }
}

function renderPasskey(action: string, options: NonNullable<EnrolmentPage['passkey']>): Markup {
  return html`<div data-passkeys hidden>
    <p class="or">or</p>
    ${renderPasskeyForm({
      kind: 'new',
      options,
      action,
      fields: renderNameField(),
      buttons: html`<button type="submit" class="second">Set up a passkey instead</button>`,
    })}
  </div>`
}
