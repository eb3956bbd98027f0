// A page of a list, ordered by id or time: the cursor is the last one of the previous page.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { isUsableText } from '@crosswalk/protocol'

import type { Unreadable } from '../definitions/read-stored.ts'
import type { Problem } from './problem.ts'
import { invalidRequest } from './read-request.ts'

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface PageReply<T> {
  readonly status: 200
  readonly body: {
    readonly items: T[]
    readonly next: string | null
    readonly unreadable?: { readonly collection: string; readonly id: string; readonly problem: string }[]
  }
}

/**
 * @param find - the item of an id, undefined if it is filtered out
 * @param unreadable - as for `readPage`
 * @returns the reply of the route
 */
export function listPage<T>(
  sortedIds: readonly string[],
  request: PageRequest,
  find: (id: string) => T | undefined | Promise<T | undefined>,
  unreadable: readonly Unreadable[] = [],
): Promise<PageReply<T> | Problem> {
  async function* each(after: string): AsyncIterable<readonly [string, T]> {
    for (const id of sortedIds) {
      const item = id > after ? await find(id) : undefined
      if (item !== undefined) yield [id, item]
    }
  }
  return readPage(request, each, unreadable)
}

function nameUnreadable({ collection, id, problem }: Unreadable): Unreadable {
  return { collection, id, problem }
}

/**
 * @param timeOf - RFC 3339 in UTC, always with milliseconds
 * @returns the items by ids for `listPage`, oldest first. Ids that derive from an `Idempotency-Key` do not sort by time.
 */
export function sortByTime<T extends { readonly id: string }>(
  items: readonly T[],
  timeOf: (item: T) => string,
): ReadonlyMap<string, T> {
  const keyed = items.map((item) => [`${timeOf(item)} ${item.id}`, item] as const)
  return new Map(keyed.sort(([one], [other]) => (one < other ? -1 : 1)))
}

/**
 * @param each - lists items after an id, ordered by id, each with its id
 * @param unreadable - objects that are missing in the list, which names them
 */
export async function readPage<T>(
  { limit, cursor }: PageRequest,
  each: (after: string) => AsyncIterable<readonly [string, T]>,
  unreadable: readonly Unreadable[] = [],
): Promise<PageReply<T> | Problem> {
  const missing = unreadable.length === 0 ? {} : { unreadable: unreadable.map(nameUnreadable) }
  const after = cursor === undefined ? '' : parseCursor(cursor)
  if (after === undefined) return invalidCursor()
  const items: T[] = []
  let last = after
  for await (const [id, item] of each(after)) {
    // A long page needs many queries.
    await nextTurn()
    if (items.length === limit) return { status: 200, body: { items, next: renderCursor(last), ...missing } }
    items.push(item)
    last = id
  }
  return { status: 200, body: { items, next: null, ...missing } }
}

export function invalidCursor(): Problem {
  return invalidRequest([{ path: '/cursor', problem: 'is not a cursor from this API' }])
}

/** @returns the requested ids, sorted; undefined if all are requested */
export function readIds({ ids }: { readonly ids?: string | undefined }): readonly string[] | undefined {
  return ids === undefined ? undefined : [...new Set(ids.split('\n'))].sort()
}

function renderCursor(id: string): string {
  return Buffer.from(`id:${id}`).toString('base64url')
}

function parseCursor(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  return text.startsWith('id:') && isUsableText(text) ? text.slice('id:'.length) : undefined
}
