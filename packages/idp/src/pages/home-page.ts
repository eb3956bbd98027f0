// What stands at the origin of the IdP for somebody who is not signed in: whose server this is, and where to go.
import { html } from 'hono/html'

import type { Page } from '@crosswalk/as-core/pages'

export interface HomePage {
  readonly displayName: string
  /** Where users see which apps may act for them; undefined where there are no such pages */
  readonly ownAccessUrl: string | undefined
  /** Undefined where there is no console */
  readonly consoleUrl: string | undefined
  readonly metadataUrl: string
}

export function buildHomePage({ displayName, ownAccessUrl, consoleUrl, metadataUrl }: HomePage): Page {
  return {
    status: 200,
    title: 'Home',
    displayName,
    content: html`
      <h1>Identity provider of ${displayName}</h1>
      <p class="lead">Users sign in here, and administrators decide which apps may act for them.</p>
      <div class="actions">
        ${ownAccessUrl === undefined ? '' : html`<a class="button" href="${ownAccessUrl}">Your access</a>`}
        ${consoleUrl === undefined ? '' : html`<a class="button second" href="${consoleUrl}">Admin console</a>`}
      </div>
      <p class="note">For developers: <a href="${metadataUrl}">OpenID Connect metadata</a></p>
    `,
  }
}
