// Lists of the SCIM server: filter, page, and which attributes are shown (RFC 7644 section 3.4.2).
import { setImmediate as othersTurn } from 'node:timers/promises'

import type { ScimRequest } from './scim-context.ts'
import { renderScim } from './scim-error.ts'
import { parseScimFilter } from './scim-filter.ts'

type Members = Readonly<Record<string, unknown>>

export const MAX_RESULTS = 200
const DEFAULT_RESULTS = 100
/** Looked at in one turn of the event loop, which is a few milliseconds. */
const SLICE = 1000

export interface Listed<T> {
  readonly items: readonly T[]
  render(item: T): Members
  version(item: T): string
}

export async function listScim<T>(
  { query }: Pick<ScimRequest, 'query'>,
  { items, render, version }: Listed<T>,
): Promise<Response> {
  const filter = query.get('filter')
  const matches = filter === null ? undefined : parseScimFilter(filter).matches
  const found: { readonly item: T; readonly resource: Members }[] = []
  for (const [index, item] of items.entries()) {
    if (index % SLICE === SLICE - 1) await othersTurn()
    const resource = render(item)
    if (matches?.(resource) ?? true) found.push({ item, resource })
  }
  const startIndex = Math.max(1, readInteger(query.get('startIndex'), 1))
  const count = Math.min(MAX_RESULTS, Math.max(0, readInteger(query.get('count'), DEFAULT_RESULTS)))
  const choose = readChoice(query)
  const page = found.slice(startIndex - 1, startIndex - 1 + count).map(({ item, resource }) => ({
    ...choose(resource),
    meta: { ...(resource['meta'] as Members), version: version(item) },
  }))
  return renderScim(200, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: found.length,
    startIndex,
    itemsPerPage: page.length,
    Resources: page,
  })
}

function readInteger(text: string | null, otherwise: number): number {
  return text !== null && /^-?\d{1,9}$/.test(text) ? Number(text) : otherwise
}

const ALWAYS: ReadonlySet<string> = new Set(['id', 'schemas', 'meta'])

/** By the names of attributes at the top; what always comes always comes. */
export function readChoice(query: URLSearchParams): (resource: Members) => Members {
  const names = (parameter: string) =>
    query
      .get(parameter)
      ?.split(',')
      .map((name) => (name.trim().split('.')[0] ?? '').toLowerCase())
  const [only, without] = [names('attributes'), names('excludedAttributes')]
  return (resource) =>
    Object.fromEntries(
      Object.entries(resource).filter(
        ([name]) =>
          ALWAYS.has(name) ||
          ((only?.includes(name.toLowerCase()) ?? true) && without?.includes(name.toLowerCase()) !== true),
      ),
    )
}
