// The page for what cannot go on: what happened in words, the OAuth error for whoever debugs it, a reference.
import { html } from 'hono/html'

import type { Page } from '@crosswalk/as-core/pages'

export interface ErrorPage {
  readonly displayName: string
  readonly status: number
  /** OAuth error code */
  readonly error: string
  readonly description?: string
  /** Finds the fault in the logs. */
  readonly reference: string
}

export function buildErrorPage({ displayName, status, error, description, reference }: ErrorPage): Page {
  const [heading, advice] = explain(error, status)
  return {
    status,
    title: heading,
    displayName,
    content: html`
      <h1>${heading}</h1>
      <p class="lead">${advice}</p>
      <dl class="detail">
        <div>
          <dt>Error</dt>
          <dd><code>${error}</code></dd>
        </div>
        ${
          description === undefined
            ? ''
            : html`<div>
                <dt>Detail</dt>
                <dd>${description}</dd>
              </div>`
        }
        <div>
          <dt>Reference</dt>
          <dd><code>${reference}</code></dd>
        </div>
      </dl>
    `,
  }
}

function explain(error: string, status: number): readonly [heading: string, advice: string] {
  if (status >= 500) {
    return ['Something went wrong', 'The server reported an error. Try again in a moment.']
  }
  switch (error) {
    case 'session_expired':
      return ['This sign-in has expired', 'Go back to the app and sign in again.']
    case 'cross_site_request':
      return [
        'Request rejected',
        'The form was sent from another site. Go back to the app and sign in again.',
      ]
    case 'invalid_client':
      return ['Unknown app', 'The app that sent you here is not registered. Contact its developer.']
    case 'invalid_redirect_uri':
      return [
        'This app is not set up correctly',
        'It asked to return to an address that is not registered. Contact its developer.',
      ]
    case 'not_found':
      return ['Page not found', 'Check the address, or go back to the app.']
    case 'method_not_allowed':
      return ['Request not supported', 'Go back to the app and try again.']
    default:
      return ['We could not continue', 'The app sent an invalid request. Go back to it and try again.']
  }
}
