// The page that gives a person their second step: a secret for their authenticator app, as picture and as text,
// confirmed by one code.
import { html, raw } from 'hono/html'
import { toString as renderQrCode } from 'qrcode'

import { renderCodeField } from './code-field.ts'
import type { FactorPage } from './factor-page.ts'
import type { Page } from './layout.ts'
import { buildProblemFrame, renderProblem } from './problem.ts'

export interface EnrolmentPage extends FactorPage {
  /** Base32 */
  readonly secret: string
  /** The `otpauth:` URI with the secret */
  readonly uri: string
}

const NOT_CONFIRMED =
  'This code is not right. Check that your app has this key, and enter the code it shows now.'

export async function buildEnrolmentPage(page: EnrolmentPage): Promise<Page> {
  const { problem } = page
  const picture = await renderQrCode(page.uri, { type: 'svg', margin: 4, errorCorrectionLevel: 'M' })
  return {
    ...buildProblemFrame(problem),
    title: 'Set up a second step',
    displayName: page.displayName,
    formTargets: page.formTargets,
    content: html`
      <h1>Set up a second step</h1>
      <p class="lead">
        <strong>${page.appName}</strong> needs more than a password from <strong>${page.username}</strong>.
        Add this key to an authenticator app, then enter the code that it shows.
      </p>
      ${renderProblem(problem, NOT_CONFIRMED)}
      <div class="qr" role="img" aria-label="QR code with the key below">${raw(picture)}</div>
      <p class="note">
        Cannot scan it? <a href="${page.uri}">Open it in an app on this device</a>, or type this key:
      </p>
      <p class="key"><code>${page.secret.match(/.{1,4}/g)?.join(' ') ?? ''}</code></p>
      <form method="post" action="${page.action}">
        ${renderCodeField(problem, problem !== undefined)}
        <div class="actions">
          <button type="submit">Confirm</button>
          <a class="button second" href="${page.switchUrl}">Use another account</a>
        </div>
      </form>
    `,
  }
}
