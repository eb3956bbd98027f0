// The page for users who open an authorization server, which serves only programs, in a browser.
import { buildPageHeaders, renderPage } from '@crosswalk/as-core/pages'
import { listMetadataPaths } from '@crosswalk/protocol'
import { html } from 'hono/html'

export function wantsPage(request: Request): boolean {
  return (request.method === 'GET' || request.method === 'HEAD') && acceptsPage(request)
}

export function acceptsPage({ headers }: Request): boolean {
  return /\btext\/html\b/i.test(headers.get('accept') ?? '')
}

/** @param issuers - the authorization servers to show, at least one */
export async function renderIssuerPage(issuers: readonly [string, ...string[]]): Promise<Response> {
  const title = issuers.length === 1 ? 'Authorization server' : 'Authorization servers'
  const page = {
    status: 200,
    title,
    displayName: new URL(issuers[0]).host,
    content: html`
      <h1>${title}</h1>
      <p class="lead">Apps get access tokens here. Users have nothing to do on this page.</p>
      <ul class="factors">
        ${issuers.map(
          (issuer) => html`
            <li>
              <div>${issuer}</div>
              <span class="note"><a href="${locateMetadata(issuer)}">View metadata</a></span>
            </li>
          `,
        )}
      </ul>
    `,
  }
  return new Response(await renderPage(page), { headers: buildPageHeaders(page) })
}

/** RFC 8414 section 3: the first path, with `/.well-known` between host and path */
function locateMetadata(issuer: string): string {
  const { origin, pathname } = new URL(issuer)
  return `${origin}${listMetadataPaths(pathname)[0]}`
}
