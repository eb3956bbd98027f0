// The layout of every page of a server, and its headers. Pages run only the scripts they list.
import { html, raw } from 'hono/html'

import { STYLE, STYLE_HASH } from './style.ts'

/** Escaped markup; only `html` creates it. */
export type Markup = ReturnType<typeof html>

export interface Page {
  readonly status: number
  readonly title: string
  /** The company that runs this server. */
  readonly displayName: string
  readonly content: Markup
  /** Allowed form targets, including redirects; default: none. */
  readonly formTargets?: readonly string[]
  /** For lists, which need more width than forms */
  readonly wide?: boolean
  /** Where the browser continues automatically, without delay */
  readonly continueAt?: string
  /** URLs of allowed scripts; default: none. */
  readonly scripts?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

// Not split: the hash in the policy covers exactly this text.
const STYLE_ELEMENT = raw(`<style>${STYLE}</style>`)

const MARK = raw(
  '<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="8" fill="currentColor" opacity=".16"/>' +
    '<path d="M7 22h3.2l2.6-12H9.6zm7.2 0h3.6V10h-3.6zm7.6 0H25l-2.6-12h-3.2z" fill="currentColor"/></svg>',
)

export async function renderPage({
  title,
  displayName,
  content,
  wide,
  continueAt,
  scripts = [],
}: Page): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        ${continueAt === undefined ? '' : html`<meta http-equiv="refresh" content="0;url=${continueAt}" />`}
        <title>${title} – ${displayName}</title>
        ${STYLE_ELEMENT} ${scripts.map((url) => html`<script src="${url}" defer></script>`)}
      </head>
      <body>
        <main ${wide === true ? html`class="wide"` : ''}>
          <p class="brand">${MARK}<span>${displayName}</span></p>
          ${content}
        </main>
      </body>
    </html>`
  return page.toString()
}

export function buildPageHeaders({ formTargets = [], scripts = [], headers }: Page): Record<string, string> {
  const formAction = formTargets.length === 0 ? "'none'" : formTargets.join(' ')
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      `default-src 'none'; style-src ${STYLE_HASH}; font-src 'self'; form-action ${formAction}; ` +
      (scripts.length === 0 ? '' : `script-src ${scripts.join(' ')}; `) +
      `frame-ancestors 'none'; base-uri 'none'`,
    ...PAGE_HEADERS,
    ...headers,
  }
}

/** For every response that a browser may show. */
export const PAGE_HEADERS = {
  'cache-control': 'no-store',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const
