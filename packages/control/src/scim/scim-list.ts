// Lists of the SCIM server: filtering and paging (RFC 7644 section 3.4.2).
import { inPortions } from '@crosswalk/as-core'
import { readChoice } from './scim-choice.ts'
import type { ScimRequest } from './scim-context.ts'
import { renderScim } from './scim-error.ts'
import { parseScimFilter, type ScimFilter, type RequiredValue } from './scim-filter.ts'

type Members = Readonly<Record<string, unknown>>

export const MAX_RESULTS = 200
const DEFAULT_RESULTS = 100
/** Items examined per turn of the event loop: a few milliseconds. */
const SLICE = 500

/** @template Id - the key for `find` */
export interface ScimSource<T, Id = string> {
  /** @param wanted - resources that do not have this value may be omitted */
  listIds(wanted: RequiredValue | undefined): Promise<readonly Id[]>
  /** @returns the existing ones, in the order of `ids` */
  find(ids: readonly Id[]): Promise<readonly T[]>
  idOf(item: T): Id
  render(item: T): Promise<Members>
  version(item: T): Promise<string>
}

export async function listScim<T, Id>(
  { query }: Pick<ScimRequest, 'query'>,
  listed: ScimSource<T, Id>,
): Promise<Response> {
  const filter = query.get('filter')
  const startIndex = Math.max(1, readInteger(query.get('startIndex'), 1))
  const count = Math.min(MAX_RESULTS, Math.max(0, readInteger(query.get('count'), DEFAULT_RESULTS)))
  const ids =
    filter === null ? await listed.listIds(undefined) : await findMatches(parseScimFilter(filter), listed)
  const choose = readChoice(query)
  const page: Members[] = []
  for (const item of await listed.find(ids.slice(startIndex - 1, startIndex - 1 + count))) {
    const resource = await listed.render(item)
    const meta = { ...(resource['meta'] as Members), version: await listed.version(item) }
    page.push(choose({ ...resource, meta }))
  }
  return renderScim(200, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: ids.length,
    startIndex,
    itemsPerPage: page.length,
    Resources: page,
  })
}

async function findMatches<T, Id>(
  { matches, wanted }: ScimFilter,
  { listIds, find, render, idOf }: ScimSource<T, Id>,
): Promise<readonly Id[]> {
  const ids = await listIds(wanted)
  const found: Id[] = []
  for await (const some of inPortions(ids, SLICE))
    for (const item of await find(some)) if (matches(await render(item))) found.push(idOf(item))
  return found
}

function readInteger(text: string | null, otherwise: number): number {
  return text !== null && /^-?\d{1,9}$/.test(text) ? Number(text) : otherwise
}
