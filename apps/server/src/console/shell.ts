// The page of the console, and its permissions in a browser: run its scripts and call this server, nothing else.
import { randomBytes } from 'node:crypto'

/** Placeholder in the build for the nonce. */
const NONCE_PLACE = '__CSP_NONCE__'
const BASE_URL_PLACE = '__BASE_URL__'

const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-type': 'text/html; charset=utf-8',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Styles need the nonce, because the component library writes theme variables to a style element. */
function buildPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')
}

export function renderShell(shell: string, baseUrl: string): Response {
  const nonce = randomBytes(16).toString('base64')
  const html = shell.replaceAll(NONCE_PLACE, nonce).replaceAll(BASE_URL_PLACE, baseUrl)
  return new Response(html, {
    headers: { ...SECURITY_HEADERS, 'content-security-policy': buildPolicy(nonce) },
  })
}

/** A page without scripts or styles, for when the console cannot be shown. */
export function renderPlainPage(status: number, title: string, text: string): Response {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1><p>${text}</p><p><a href="/admin/">To the console</a></p></html>`
  return new Response(html, {
    status,
    headers: { ...SECURITY_HEADERS, 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" },
  })
}
