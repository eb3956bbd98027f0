// The home page of the IdP for visitors who are not signed in: the company behind it, and where to go.
import { html } from 'hono/html'

import type { Page } from '@crosswalk/as-core/pages'

export interface HomePage {
  readonly displayName: string
  /** Where users see which apps may act for them; undefined if there are no such pages */
  readonly ownAccessUrl: string | undefined
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
