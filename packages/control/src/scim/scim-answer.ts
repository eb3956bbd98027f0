// Responses with one resource, or after one was deleted.
import { hasVersion } from '../http/etag.ts'
import { readChoice } from './scim-choice.ts'
import type { ScimRequest } from './scim-context.ts'
import { renderScim } from './scim-error.ts'

type Members = Readonly<Record<string, unknown>>

interface Answer {
  readonly status: 200 | 201
  /** Entity tag */
  readonly version: string
  render(): Members | Promise<Members>
}

export async function answerResource(
  { query }: Pick<ScimRequest, 'query'>,
  { status, version, render }: Answer,
): Promise<Response> {
  const resource = await render()
  const meta = resource['meta'] as Members & { readonly location: string }
  const shown = readChoice(query)({ ...resource, meta: { ...meta, version } })
  return renderScim(status, shown, { etag: version, location: meta.location })
}

/** @returns 304 if the client has this version of the resource that it reads */
export function omitKnown({ headers }: Pick<ScimRequest, 'headers'>, read: Response): Response {
  const etag = read.headers.get('etag')
  if (etag === null || !hasVersion(headers, etag)) return read
  return new Response(null, { status: 304, headers: { etag, 'cache-control': 'no-store' } })
}

export function renderDeleted(): Response {
  return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
}
