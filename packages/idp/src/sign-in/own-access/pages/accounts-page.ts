// The page where users connect and disconnect their accounts at services without ID-JAG.
import { html } from 'hono/html'

import { type Markup, type Page, renderFact } from '@crosswalk/as-core/pages'
import type { OwnAccount } from '../contract.ts'
import { buildOwnPage, type OwnFrame, renderFormKey, renderTime } from './own-frame.ts'

export interface AccountsPage extends OwnFrame {
  readonly accounts: readonly OwnAccount[]
}

export function buildAccountsPage(page: AccountsPage): Page {
  const { accounts } = page
  return buildOwnPage(
    page,
    'Connected accounts',
    html`
      <h1>Connected accounts</h1>
      <p class="lead">
        Apps that may act for <strong>${page.username}</strong> at these services need your account there.
        Apps never see its password, token or key.
      </p>
      ${
        accounts.length === 0
          ? html`<p class="empty">
              <strong>No accounts to connect.</strong> Services that need your own account appear here.
            </p>`
          : html`<ul class="cards">
              ${accounts.map((account) => renderAccount(page, account))}
            </ul>`
      }
    `,
  )
}

function renderAccount(page: OwnFrame, account: OwnAccount): Markup {
  const { name, storedAt, usedAt } = account
  const isConnected = storedAt !== undefined
  return html`<li>
    <div class="head">
      <h3>${name}</h3>
      <span class="chip ${isConnected ? 'approved' : ''}"
        >${isConnected ? 'Connected' : 'Not connected'}</span
      >
    </div>
    ${
      isConnected
        ? html`<dl class="facts">
            ${renderFact('Connected', renderTime(storedAt))}
            ${renderFact('Last used', usedAt === undefined ? 'never' : renderTime(usedAt))}
          </dl>`
        : ''
    }
    ${isConnected ? renderDisconnect(page, account) : renderConnect(page, account)}
  </li>`
}

function renderDisconnect(page: OwnFrame, { resourceApp, name }: OwnAccount): Markup {
  return html`<form method="post" action="${page.url('/accounts')}">
    ${renderFormKey(page)}
    <input type="hidden" name="resource_app" value="${resourceApp}" />
    <button type="submit" class="second" name="act" value="disconnect">
      Disconnect account<span class="sr"> at ${name}</span>
    </button>
  </form>`
}

/** A link where it leads away: browsers keep forms from being redirected to another site. */
function renderConnect(page: OwnFrame, { resourceApp, name, kind }: OwnAccount): Markup {
  if (kind === 'oauth')
    return html`<a
      class="button"
      href="${page.url(`/accounts/${encodeURIComponent(resourceApp)}/connect?key=${page.linkKey}`)}"
      >Connect account<span class="sr"> at ${name}</span></a
    >`
  const field = `key-${resourceApp}`
  return html`<form method="post" action="${page.url('/accounts')}">
    ${renderFormKey(page)}
    <input type="hidden" name="resource_app" value="${resourceApp}" />
    <label for="${field}">Your API key at ${name}</label>
    <input
      id="${field}"
      name="key"
      type="password"
      autocomplete="off"
      spellcheck="false"
      maxlength="8192"
      required
    />
    <button type="submit" name="act" value="store-key">Store key<span class="sr"> for ${name}</span></button>
  </form>`
}
