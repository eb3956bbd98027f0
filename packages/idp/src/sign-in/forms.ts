// Reads the forms of our pages, and checks where they were sent from.
import { isForeignForm } from '@crosswalk/as-core/pages'

import { ExpectedError } from './expected-error.ts'
import { type Context, redirect } from './respond.ts'

/**
 * Reads a form posted by one of our pages; its size is already limited (see `bridge.ts`).
 *
 * The cookie of the interaction already stops other sites, which cannot make a browser send it. In addition, this
 * refuses forms that the browser reports as sent from elsewhere.
 */
export async function readForm(ctx: Context, baseUrl: string): Promise<URLSearchParams> {
  if (isForeignForm((header) => ctx.get(header), baseUrl))
    throw new ExpectedError(403, 'cross_site_request', 'the form was sent from another site')
  return readBody(ctx)
}

/** Reads a form from any site. */
export async function readBody(ctx: Context): Promise<URLSearchParams> {
  if (ctx.is('application/x-www-form-urlencoded') === false) {
    throw new ExpectedError(415, 'invalid_request', 'expected a form')
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of ctx.req) chunks.push(chunk as Uint8Array)
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

/** Longer requests must be pushed, because servers on the way limit the length of URLs. */
const MAX_QUERY_LENGTH = 8192

/**
 * Turns an app's request by POST (OpenID Connect Core section 3.1.2.1, RP-Initiated Logout section 2) into a GET
 * request. The POST comes from the app's site without our cookies; the browser adds them to the GET that follows.
 */
export async function redirectPost(ctx: Context, url: string): Promise<void> {
  const query = String(await readBody(ctx))
  if (query.length > MAX_QUERY_LENGTH)
    throw new ExpectedError(413, 'invalid_request', 'the request is too long')
  redirect(ctx, query === '' ? url : `${url}?${query}`)
}
