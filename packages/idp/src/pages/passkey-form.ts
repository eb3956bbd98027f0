// A form submitted with a passkey. Hidden until the script detects that the browser supports passkeys.
import { html } from 'hono/html'

import type { Markup } from '@crosswalk/as-core/pages'

export interface PasskeyForm {
  /** `ask` uses an existing passkey; `new` creates one */
  readonly kind: 'ask' | 'new'
  /** JSON options for the browser */
  readonly options: Readonly<Record<string, unknown>>
  readonly action: string
  /** Fields shown before the buttons */
  readonly fields?: Markup | ''
  readonly buttons: Markup
}

export function renderPasskeyForm({ kind, options, action, fields = '', buttons }: PasskeyForm): Markup {
  return html`
    <form method="post" action="${action}" data-passkey="${kind}" data-options="${JSON.stringify(options)}">
      <input type="hidden" name="step" value="${kind === 'new' ? 'new-passkey' : 'passkey'}" />
      <input type="hidden" name="response" value="" />
      ${fields}
      <p class="alert" role="alert" data-problem hidden></p>
      <div class="actions">${buttons}</div>
    </form>
  `
}

export function renderNameField(): Markup {
  return html`
    <label for="name">Name of the passkey</label>
    <input
      id="name"
      name="name"
      type="text"
      autocomplete="off"
      maxlength="64"
      placeholder="For example: work laptop"
    />
  `
}
