// Puts a page on a response of the provider's handler.
import { answerFault } from '@crosswalk/as-core'
import { isObject } from '@crosswalk/protocol'
import type { Provider } from 'oidc-provider'

import { buildPageHeaders, PAGE_HEADERS, renderPage, type Page } from '@crosswalk/as-core/pages'

/** A request on its way through the provider's handler, perhaps before its routes. */
export type Context = Parameters<Parameters<Provider['use']>[0]>[0]

export async function respondWithPage(ctx: Context, page: Page): Promise<void> {
  ctx.status = page.status
  ctx.set(buildPageHeaders(page))
  ctx.body = await renderPage(page)
}

/** The library answers every fault with 500; where the database is to blame, 503 says that trying again helps. */
export function askToComeBack(ctx: Context, fault: unknown): void {
  const { http, body, headers } = answerFault(fault)
  if (http !== 503 || ctx.status !== 500) return
  ctx.status = http
  ctx.set(headers)
  // Pages say it in words.
  if (isObject(ctx.body)) ctx.body = body
}

/** Until a page says otherwise: the library's own self-posting forms may run their one script, by its hash. */
export function setDefaultHeaders(ctx: Context): void {
  ctx.set(PAGE_HEADERS)
  ctx.set(
    'content-security-policy',
    "default-src 'none'; script-src 'report-sample'; frame-ancestors 'none'; base-uri 'none'",
  )
}
