// Sends a page or a redirect as the response of the provider's handler.
import { answerFault } from '@crosswalk/as-core'
import { isObject } from '@crosswalk/protocol'
import type { Provider } from 'oidc-provider'

import { buildPageHeaders, PAGE_HEADERS, renderPage, type Page } from '@crosswalk/as-core/pages'

/** A request in the provider's handler, possibly before routing. */
export type Context = Parameters<Parameters<Provider['use']>[0]>[0]

export async function respondWithPage(ctx: Context, page: Page): Promise<void> {
  ctx.status = page.status
  ctx.set(buildPageHeaders(page))
  ctx.body = await renderPage(page)
}

export function redirect(ctx: Context, url: string): void {
  ctx.status = 303
  ctx.redirect(url)
}

/** The library responds to every fault with 500; for a database fault, 503 indicates that a retry helps. */
export function setFaultStatus(ctx: Context, fault: unknown): void {
  const { http, body, headers } = answerFault(fault)
  if (http !== 503 || ctx.status !== 500) return
  ctx.status = http
  ctx.set(headers)
  // Pages explain it in words.
  if (isObject(ctx.body)) ctx.body = body
}

/**
 * Defaults until a page sets its own: the library's self-submitting forms may run their one script, allowed by its
 * hash.
 */
export function setDefaultHeaders(ctx: Context): void {
  ctx.set(PAGE_HEADERS)
  ctx.set(
    'content-security-policy',
    "default-src 'none'; script-src 'report-sample'; frame-ancestors 'none'; base-uri 'none'",
  )
}
