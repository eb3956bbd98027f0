// Lists by POST, for filters that do not belong into a URL (RFC 7644 section 3.4.3): of users, of groups, or of both.
import { describeGroups } from './scim-groups.ts'
import { type Listed, listScim } from './scim-list.ts'
import type { ScimRequest } from './scim-context.ts'
import { describeUsers } from './scim-users.ts'

type Members = Readonly<Record<string, unknown>>

export const SEARCH = '.search'

/** Both kinds, users first. */
export function listAll(request: ScimRequest): Promise<Response> {
  const bind = <T>({ items, render, version }: Listed<T>) =>
    items.map((item) => ({ render: () => render(item), version: () => version(item) }))
  const items = [...bind(describeUsers(request)), ...bind(describeGroups(request))]
  return listScim(request, { items, render: (one) => one.render(), version: (one) => one.version() })
}

/** @returns the parameters of a search as those of a list */
export function readSearch(body: Members): URLSearchParams {
  const query = new URLSearchParams()
  for (const name of ['filter', 'startIndex', 'count']) {
    const value = body[name]
    if (typeof value === 'string' || typeof value === 'number') query.set(name, String(value))
  }
  for (const name of ['attributes', 'excludedAttributes']) {
    const value = body[name]
    if (Array.isArray(value)) query.set(name, value.map(String).join(','))
  }
  return query
}
