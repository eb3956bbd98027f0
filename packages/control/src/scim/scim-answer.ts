// Responses with one resource, or after one was deleted.
import type { ScimRequest } from './scim-context.ts'
import { renderScim } from './scim-error.ts'
import { readChoice } from './scim-list.ts'

type Members = Readonly<Record<string, unknown>>

interface Answer {
  readonly status: 200 | 201
  /** Entity tag */
  readonly version: string
  render(): Members | Promise<Members>
}

/** 304 if the client has this version. */
export async function answerResource(
  { headers, query }: ScimRequest,
  { status, version, render }: Answer,
): Promise<Response> {
  if (status === 200 && headers.get('if-none-match') === version)
    return new Response(null, { status: 304, headers: { etag: version } })
  const resource = await render()
  const meta = resource['meta'] as Members & { readonly location: string }
  const shown = readChoice(query)({ ...resource, meta: { ...meta, version } })
  return renderScim(status, shown, { etag: version, location: meta.location })
}

export function renderDeleted(): Response {
  return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
}
