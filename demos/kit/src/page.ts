// The frame of every page of the demo apps, and the headers that go with one. A page works without its script, if the
// app has one at all.
import { createHash } from 'node:crypto'

import type { Context } from 'hono'
import { html, raw } from 'hono/html'

import { BASE_STYLE } from './style.ts'

/** Escaped markup, made by `html` only. */
export type Markup = ReturnType<typeof html>

/** What stays the same on all pages of one app. */
export interface PageFrame {
  readonly appName: string
  /** Drawn in the bar; an `svg` element that takes its colour from the sheet */
  readonly mark: string
  /** Added to the common sheet */
  readonly style?: string
  /** The only script that runs, inline; it may connect to the app itself only */
  readonly script?: string
  /** Origins that forms may lead to through a redirect, besides the app itself */
  readonly formTargets?: readonly string[]
}

export interface Page {
  readonly title: string
  readonly content: Markup
  readonly status?: 200 | 400 | 403 | 404 | 502
  /** Who is signed in, with the token of the sign-out form; absent if signed out */
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
  // In one piece: the hashes in the policy are over exactly these texts.
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
