// What the pages' own forms may send, and from where.
import { isForeignForm } from '@crosswalk/as-core/pages'

import { ExpectedError } from './expected-error.ts'
import type { Context } from './respond.ts'

/**
 * Reads a form posted by one of our pages; the size is bounded before (see `bridge.ts`).
 *
 * Beside the interaction's cookie, which other sites cannot make a browser send, this refuses what the browser
 * itself says came from elsewhere.
 */
export async function readForm(ctx: Context, baseUrl: string): Promise<URLSearchParams> {
  if (isForeignForm((header) => ctx.get(header), baseUrl))
    throw new ExpectedError(403, 'cross_site_request', 'the form was sent from another site')
  return readBody(ctx)
}

/** Reads a form that may come from anywhere. */
export async function readBody(ctx: Context): Promise<URLSearchParams> {
  if (ctx.is('application/x-www-form-urlencoded') === false) {
    throw new ExpectedError(415, 'invalid_request', 'expected a form')
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of ctx.req) chunks.push(chunk as Uint8Array)
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

/** Longer requests are for the pushed authorization request endpoint: servers on the way limit addresses. */
const MAX_QUERY_LENGTH = 8192

/**
 * Turns a request of an app by POST (OpenID Connect Core section 3.1.2.1, RP-Initiated Logout section 2) into the same
 * by GET. Sent from the app's site it comes without our cookies, which the browser adds to the GET that follows.
 */
export async function redirectPost(ctx: Context, url: string): Promise<void> {
  const query = String(await readBody(ctx))
  if (query.length > MAX_QUERY_LENGTH)
    throw new ExpectedError(413, 'invalid_request', 'the request is too long')
  ctx.status = 303
  ctx.redirect(query === '' ? url : `${url}?${query}`)
}
