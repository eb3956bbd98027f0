// The page for users who open an authorization server, which serves only programs, in a browser.
import { html } from 'hono/html'

const HEADERS = {
  'cache-control': 'no-store',
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

export function wantsPage(request: Request): boolean {
  return (request.method === 'GET' || request.method === 'HEAD') && acceptsPage(request)
}

export function acceptsPage({ headers }: Request): boolean {
  return /\btext\/html\b/i.test(headers.get('accept') ?? '')
}

/** @param issuers - the authorization servers to show */
export async function renderIssuerPage(issuers: readonly string[]): Promise<Response> {
  const title = issuers.length === 1 ? 'Authorization server' : 'Authorization servers'
  const page = await html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <meta name="color-scheme" content="light dark" />
      <title>${title}</title>
      <h1>${title}</h1>
      <p>Apps get access tokens here. There is nothing to sign in to. Developers start from the metadata.</p>
      <ul>
        ${issuers.map((issuer) => html`<li>${issuer}: <a href="${locateMetadata(issuer)}">metadata</a></li>`)}
      </ul>
    </html>`
  return new Response(String(page), { headers: HEADERS })
}

/** RFC 8414 section 3: between host and path */
function locateMetadata(issuer: string): string {
  const { origin, pathname } = new URL(issuer)
  return `${origin}/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`
}
