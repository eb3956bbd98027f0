// The frame and headers of every page of the demo apps. Pages work without their script, if there is one.
import { createHash } from 'node:crypto'

import type { Context } from 'hono'
import { html, raw } from 'hono/html'

import { BASE_STYLE } from './style.ts'

/** Escaped markup, made by `html` only. */
export type Markup = ReturnType<typeof html>

/** The parts shared by all pages of one app. */
export interface PageFrame {
  readonly appName: string
  /** Shown in the header; an `svg` element that inherits its colour */
  readonly mark: string
  /** Added to the common styles */
  readonly style?: string
  /** The only script, inline; it may connect only to the app itself */
  readonly script?: string
  /** Further origins that forms may redirect to */
  readonly formTargets?: readonly string[]
}

export interface Page {
  readonly title: string
  readonly content: Markup
  readonly status?: 200 | 400 | 403 | 404 | 502
  /** The signed-in user, and the token of the sign-out form; absent if signed out */
  readonly signedIn?: { readonly name: string; readonly formToken: string }
}

export type PageRenderer = (c: Context, page: Page) => Promise<Response>

const PAGE_HEADERS = {
  'cache-control': 'no-store',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

export function createPageRenderer(frame: PageFrame): PageRenderer {
  const style = `${BASE_STYLE}${frame.style ?? ''}`
  const policy =
    `default-src 'none'; style-src ${hash(style)}; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; ` +
    (frame.script === undefined ? '' : `script-src ${hash(frame.script)}; connect-src 'self'; `) +
    `form-action ${["'self'", ...(frame.formTargets ?? [])].join(' ')}`
  // Never reformatted: the policy contains hashes of exactly these texts.
  const styleElement = raw(`<style>${style}</style>`)
  const scriptElement = frame.script === undefined ? '' : raw(`<script>${frame.script}</script>`)
  return async (c, page) => {
    const markup = await html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${page.title} – ${frame.appName}</title>
          ${styleElement}
        </head>
        <body>
          <header class="bar">
            <a class="brand" href="/">${raw(frame.mark)}<span>${frame.appName}</span></a>
            ${page.signedIn === undefined ? '' : renderWho(page.signedIn)}
          </header>
          <main>${page.content}</main>
          ${scriptElement}
        </body>
      </html>`
    return c.html(markup, page.status ?? 200, { ...PAGE_HEADERS, 'content-security-policy': policy })
  }
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

function renderWho({ name, formToken }: NonNullable<Page['signedIn']>): Markup {
  return html`<span class="who">${name}</span>
    <form method="post" action="/signout">
      <input type="hidden" name="csrf" value="${formToken}" />
      <button class="second small">Sign out</button>
    </form>`
}
