// The page for requests that cannot continue: an explanation, the OAuth error for debugging, and a reference.
import { html } from 'hono/html'

import { type Page, renderFact } from '@crosswalk/as-core/pages'

export interface ErrorPage {
  readonly displayName: string
  readonly status: number
  /** OAuth error code */
  readonly error: string
  readonly description?: string
  /** Finds the fault in the logs. */
  readonly reference: string
  /** An unregistered app, if the user may go back to it */
  readonly app?:
    | { readonly name: string; readonly host: string; readonly url?: string | undefined }
    | undefined
}

export function buildErrorPage(page: ErrorPage): Page {
  const { displayName, status, error, description, reference, app } = page
  const [heading, advice] = app === undefined ? explain(error, status) : explainHeld(app)
  return {
    status,
    title: heading,
    displayName,
    content: html`
      <h1>${heading}</h1>
      <p class="lead">${advice}</p>
      ${
        app?.url === undefined
          ? ''
          : html`<div class="actions">
              <a class="button second" href="${app.url}">Back to ${app.name}</a>
            </div>`
      }
      <dl class="detail">
        ${app === undefined ? '' : renderFact('Returns to', app.host)}
        ${renderFact('Error', html`<code>${error}</code>`)}
        ${description === undefined ? '' : renderFact('Detail', description)}
        ${renderFact('Reference', html`<code>${reference}</code>`)}
      </dl>
    `,
  }
}

function explainHeld({ name }: NonNullable<ErrorPage['app']>): readonly [heading: string, advice: string] {
  const warning = 'Go back only if you came from this app: your company did not register it.'
  return ['We could not continue', `The request from ${name} cannot be granted. ${warning}`]
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
