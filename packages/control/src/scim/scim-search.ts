// Lists by POST, for filters that do not belong in a URL (RFC 7644 section 3.4.3): users, groups, or both.
import type { RequiredValue } from './scim-filter.ts'
import { SCIM_GROUPS } from './scim-groups.ts'
import { type ScimSource, listScim } from './scim-list.ts'
import type { ScimRequest } from './scim-context.ts'
import { describeSource } from './scim-type.ts'
import { SCIM_USERS } from './scim-users.ts'

type Members = Readonly<Record<string, unknown>>

export const SEARCH = '.search'

/** Users and groups, users first. */
export function listAll(request: ScimRequest): Promise<Response> {
  const lists = [bind(describeSource(SCIM_USERS, request)), bind(describeSource(SCIM_GROUPS, request))]
  return listScim<Bound, Bound['place']>(request, {
    listIds: async (wanted) => (await Promise.all(lists.map((list) => list.listPlaces(wanted)))).flat(),
    find: async (places) => (await Promise.all(lists.map((list) => list.find(places)))).flat(),
    idOf: ({ place }) => place,
    render: (one) => one.render(),
    version: (one) => one.version(),
  })
}

/** A listed user or group */
interface Bound {
  readonly place: { readonly list: object; readonly id: string }
  render(): Promise<Members>
  version(): Promise<string>
}

function bind<T>(list: ScimSource<T>) {
  const placeOf = (id: string) => ({ list, id })
  return {
    listPlaces: async (wanted: RequiredValue | undefined) => (await list.listIds(wanted)).map(placeOf),
    async find(places: readonly Bound['place'][]): Promise<readonly Bound[]> {
      const ids = places.flatMap((place) => (place.list === list ? [place.id] : []))
      return (await list.find(ids)).map((item) => ({
        place: placeOf(list.idOf(item)),
        render: () => list.render(item),
        version: () => list.version(item),
      }))
    },
  }
}

/** @returns the search body as list parameters */
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
