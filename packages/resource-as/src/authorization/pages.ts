// The pages of the authorization endpoint: consent, a refusal with a link back to the app, and errors.
import {
  buildFormTargets,
  buildPageHeaders,
  type Markup,
  type Page,
  renderFact,
  renderPage,
} from '@crosswalk/as-core/pages'
import { DECISION_HEADER } from '@crosswalk/protocol'
import { html } from 'hono/html'

export async function respondWithPage(page: Page): Promise<Response> {
  return new Response(await renderPage(page), { status: page.status, headers: buildPageHeaders(page) })
}

export interface RequestedResource {
  readonly name: string
  /** What the app could do there, in terms that users understand; the scope itself if it has no description */
  readonly scopes: readonly { readonly name: string; readonly description: string | undefined }[]
}

export interface ConsentPage {
  readonly displayName: string
  readonly app: string
  /** Host of a self-described or self-registered app; undefined if an administrator registered it */
  readonly from: string | undefined
  readonly redirectUri: string
  readonly resources: readonly RequestedResource[]
  /** How users recognize their own account */
  readonly user: string | undefined
  readonly action: string
  /** The sealed request and its user */
  readonly request: string
  /** Signs in with another account */
  readonly switchUrl: string
}

export function buildConsentPage(page: ConsentPage): Page {
  const { displayName, app, from, redirectUri, resources, user, action, request, switchUrl } = page
  return {
    status: 200,
    title: 'Allow access',
    displayName,
    formTargets: buildFormTargets([redirectUri]),
    content: html`
      <h1>Allow ${app} to use ${displayName}?</h1>
      <p class="lead">
        ${user === undefined ? '' : html`You are signed in as <strong>${user}</strong>. `}${app} could:
      </p>
      ${resources.map(renderResource)}
      <form method="post" action="${action}">
        <input type="hidden" name="request" value="${request}" />
        <div class="actions">
          <button name="decision" value="allow">Allow</button>
          <button class="second" name="decision" value="deny">Deny</button>
        </div>
      </form>
      <dl class="detail">
        ${from === undefined ? '' : renderFact('App', from)}
        ${renderFact('Returns to', describeTarget(redirectUri))}
      </dl>
      <p class="note"><a href="${switchUrl}">Use another account</a></p>
    `,
  }
}

function renderResource({ name, scopes }: RequestedResource): Markup {
  return html`
    <h2>${name}</h2>
    <ul class="cards">
      ${
        scopes.length === 0
          ? html`<li>Access without a particular permission</li>`
          : scopes.map(
              (scope) =>
                html`<li>
                  ${scope.description ?? scope.name}
                  ${scope.description === undefined ? '' : html`<br /><code class="name">${scope.name}</code>`}
                </li>`,
            )
      }
    </ul>
  `
}

/** Users cannot judge a path, but they can judge a host, and whether the app runs on their own computer. */
function describeTarget(redirectUri: string): string {
  const [, scheme = '', host = ''] = /^([^:]+):(?:\/\/([^/?#]*))?/.exec(redirectUri) ?? []
  if (scheme === 'http') return `an app on this computer (${host})`
  return scheme === 'https' ? host : `an app on this device (${scheme})`
}

export interface RefusalPage {
  readonly displayName: string
  readonly heading: string
  readonly text: string
  /** The app's redirect URI, with the error */
  readonly backUrl: string
  readonly app: string
  readonly switchUrl: string
  readonly decisionId: string
  readonly http: number
}

export function buildRefusalPage(page: RefusalPage): Page {
  const { displayName, heading, text, backUrl, app, switchUrl, decisionId, http } = page
  return {
    status: http,
    title: heading,
    displayName,
    headers: { [DECISION_HEADER]: decisionId },
    content: html`
      <h1>${heading}</h1>
      <p class="lead">${text}</p>
      <div class="actions">
        <a class="button" href="${backUrl}">Back to ${app}</a>
        <a class="button second" href="${switchUrl}">Use another account</a>
      </div>
      <dl class="detail">${renderFact('Reference', decisionId)}</dl>
    `,
  }
}

export interface ErrorPage extends Pick<ConsentPage, 'displayName' | 'app' | 'redirectUri'> {
  /** The source of the app's name */
  readonly from: string
  readonly error: string
  readonly description: string | undefined
  /** The app's redirect URI, with the error */
  readonly url: string
}

export function buildErrorPage(page: ErrorPage): Page {
  const { displayName, app, from, redirectUri, error, description, url } = page
  return {
    status: 400,
    title: 'We could not continue',
    displayName,
    content: html`
      <h1>We could not continue</h1>
      <p class="lead">
        The request from ${app} cannot be granted. Go back only if you came from this app: ${displayName} does
        not know who runs it.
      </p>
      <div class="actions"><a class="button second" href="${url}">Back to ${app}</a></div>
      <dl class="detail">
        ${renderFact('App', from)} ${renderFact('Returns to', describeTarget(redirectUri))}
        ${renderFact('Error', error)} ${description === undefined ? '' : renderFact('Detail', description)}
      </dl>
    `,
  }
}

export interface ContinuePage {
  readonly displayName: string
  readonly app: string
  readonly url: string
}

/**
 * Returns to an app by a page instead of a redirect. Browsers apply the `form-action` of the sign-in page to every
 * later redirect, and that page, which may be foreign, does not allow loopback addresses.
 */
export function buildContinuePage({ displayName, app, url }: ContinuePage): Page {
  return {
    status: 200,
    title: 'Signed in',
    displayName,
    continueAt: url,
    content: html`
      <h1>You are signed in</h1>
      <p class="lead">You go back to <strong>${app}</strong> now.</p>
      <div class="actions"><a class="button" href="${url}">Back to ${app}</a></div>
    `,
  }
}

export interface ProblemPage {
  readonly displayName: string
  readonly status: number
  readonly heading: string
  readonly text: string
  /** For the developer of the app */
  readonly detail?: string | undefined
  readonly retryUrl?: string | undefined
}

/** For when too little is known of the app to send the user back to it. */
export function buildProblemPage({
  displayName,
  status,
  heading,
  text,
  detail,
  retryUrl,
}: ProblemPage): Page {
  return {
    status,
    title: heading,
    displayName,
    content: html`
      <h1>${heading}</h1>
      <p class="lead">${text}</p>
      ${retryUrl === undefined ? '' : html`<p><a class="button" href="${retryUrl}">Try again</a></p>`}
      ${detail === undefined ? '' : html`<dl class="detail">${renderFact('Detail', detail)}</dl>`}
    `,
  }
}
