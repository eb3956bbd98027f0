// The form for a user's own servers: the parties, the registration of the app, and what a preset knows about a
// product. Secrets are never shown again.
import { html } from 'hono/html'

import type { FieldProblem, OwnField, OwnValues, SecretField } from '../own-form.ts'
import { findPreset, type Preset, PRESETS } from '../presets.ts'
import { type Frame, keyField, renderPage } from './page.ts'
import { type Markup, renderText } from './parts.ts'

export interface BringParts {
  readonly presetId: string | undefined
  readonly values: OwnValues | undefined
  readonly problems: readonly FieldProblem[]
  readonly redirectUri: string
}

const LABELS: Readonly<Record<OwnField | SecretField, readonly [label: string, hint: string]>> = {
  idp: ['Issuer of the identity provider', 'Exactly as in its metadata.'],
  idp_client_id: ['Client ID of the app at the identity provider', ''],
  idp_secret: ['Client secret at the identity provider', 'Or a private key, or neither for a public client.'],
  idp_key: ['Private key at the identity provider', 'JWK with its kid, or PEM (PKCS#8).'],
  idp_token_endpoint: ['Token endpoint of the identity provider', 'Only if it has no metadata.'],
  as: ['Issuer of the authorization server', 'Exactly the audience of the ID-JAG.'],
  as_client_id: ['Client ID of the app at the authorization server', 'Default: the same as above.'],
  as_secret: [
    'Client secret at the authorization server',
    'Or a private key, or neither for a public client.',
  ],
  as_key: ['Private key at the authorization server', 'JWK with its kid, or PEM (PKCS#8).'],
  as_token_endpoint: ['Token endpoint of the authorization server', 'Only if it has no metadata.'],
  resource: ['Resource', 'Its identifier, a URI. Default: none.'],
  scope: ['Scopes', 'Separated by spaces. Default: all that are granted.'],
  call: ['URL to call with the access token', 'Default: the resource.'],
}

export function renderBring(frame: Frame, parts: BringParts): Promise<string> {
  const preset = findPreset(parts.presetId)
  const input = createInputs(parts, preset)
  return renderPage(frame, {
    title: 'Bring mine',
    content: html`
      <p><a href="/">Playground</a></p>
      <h1>Bring mine</h1>
      <p class="quiet">
        Use your own or other servers for any party. Secrets, keys and tokens stay in the memory of the
        process that serves this page, until it ends or you delete them.
      </p>
      ${renderProblems(parts.problems)} ${renderPresets(preset)} ${renderRedirectUri(parts.redirectUri)}
      <form method="post" action="/bring" autocomplete="off">
        ${keyField(frame.formKey)} <input type="hidden" name="preset" value="${preset.id}" />
        <fieldset>
          <legend>Identity provider</legend>
          ${input.text('idp')} ${input.text('idp_client_id')} ${input.secret('idp_secret')}
          ${input.area('idp_key')} ${renderAudience('idp')} ${input.text('idp_token_endpoint')}
        </fieldset>
        <fieldset>
          <legend>Authorization server of the resource</legend>
          ${input.text('as')} ${input.text('as_client_id')} ${input.secret('as_secret')}
          ${input.area('as_key')} ${renderAudience('as')} ${input.text('as_token_endpoint')}
        </fieldset>
        <fieldset>
          <legend>Resource</legend>
          ${input.text('resource')} ${input.text('scope')} ${input.text('call')}
          <label class="choice"
            ><input type="checkbox" name="as_send_scope" value="yes" /> Send the scopes at redemption too
            (always sent to Keycloak)</label
          >
          <label class="choice"><input type="checkbox" name="no_call" value="yes" /> Skip the call</label>
        </fieldset>
        <p><button type="submit">Discover</button></p>
      </form>
    `,
  })
}

function renderRedirectUri(redirectUri: string): Markup {
  return html`<section>
    <h2>Register this redirect URI</h2>
    <p>At the identity provider, for the app, so that sign-in comes back here:</p>
    ${renderText('Redirect URI', redirectUri)}
    <p class="quiet">If you cannot register it, paste an ID token of the app after discovery.</p>
  </section>`
}

function renderPresets(chosen: Preset): Markup {
  return html`<section>
    <h2>What is it?</h2>
    <nav class="tabs" aria-label="Products">
      ${PRESETS.map(
        ({ id, name }) =>
          html`<a href="/bring?preset=${id}" ${id === chosen.id ? html`aria-current="page"` : ''}
            >${name}</a
          >`,
      )}
    </nav>
    <h3>To know</h3>
    <ul>
      ${chosen.notes.map((note) => html`<li>${note}</li>`)}
    </ul>
    <h3>What it cannot show</h3>
    <ul>
      ${chosen.cannot.map((note) => html`<li>${note}</li>`)}
    </ul>
  </section>`
}

function renderProblems(problems: readonly FieldProblem[]): Markup | '' {
  if (problems.length === 0) return ''
  return html`<div class="verdict bad" role="alert">
    <p><strong>Nothing was sent yet.</strong> Enter secrets and keys again.</p>
    <ul>
      ${problems.map(({ field, what }) => html`<li><a href="#${field}">${LABELS[field][0]}</a>: ${what}</li>`)}
    </ul>
  </div>`
}

function createInputs({ values, problems }: BringParts, { examples }: Preset) {
  const field = (name: OwnField | SecretField, control: (attributes: Markup) => Markup): Markup => {
    const [label, hint] = LABELS[name]
    const problem = problems.find((it) => it.field === name)
    const attributes = html`id="${name}" name="${name}" autocomplete="off" spellcheck="false"
    ${hint === '' && problem === undefined ? '' : html`aria-describedby="${name}-hint"`}
    ${problem === undefined ? '' : html`aria-invalid="true"`}`
    return html`<div class="field">
      <label for="${name}">${label}</label>
      ${control(attributes)}
      ${hint === '' && problem === undefined ? '' : html`<span class="${problem === undefined ? 'quiet' : 'bad'}" id="${name}-hint">${problem?.what ?? hint}</span>`}
    </div>`
  }
  return {
    text: (name: OwnField) =>
      field(
        name,
        (attributes) =>
          html`<input
            type="text"
            ${attributes}
            value="${values?.[name] ?? ''}"
            placeholder="${examples[name] ?? ''}"
          />`,
      ),
    // Not type="password", so that browsers do not offer to save it.
    secret: (name: SecretField) =>
      field(name, (attributes) => html`<input type="text" class="secret" ${attributes} />`),
    area: (name: SecretField) =>
      field(name, (attributes) => html`<textarea rows="3" ${attributes}></textarea>`),
  }
}

function renderAudience(side: 'idp' | 'as'): Markup {
  return html`<label class="choice"
    ><input type="checkbox" name="${side}_assertion_audience" value="token-endpoint" /> With a key: address
    assertions to the token endpoint instead of the issuer, as Okta requires</label
  >`
}
