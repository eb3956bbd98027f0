// One page of a list in the order of ids: the cursor is where the last page ended.
import { setImmediate as othersTurn } from 'node:timers/promises'

import type { Problem } from './problem.ts'
import { invalidRequest } from './read-request.ts'

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface PageReply<T> {
  readonly status: 200
  readonly body: { readonly items: T[]; readonly next: string | null }
}

/** @param find - the item of an id, undefined where it is filtered out @returns the answer of the route */
export function listPage<T>(
  sortedIds: readonly string[],
  request: PageRequest,
  find: (id: string) => T | undefined | Promise<T | undefined>,
): Promise<PageReply<T> | Problem> {
  return readPage(request, async function* (after) {
    for (const id of sortedIds) {
      const item = id > after ? await find(id) : undefined
      if (item !== undefined) yield [id, item]
    }
  })
}

/** @param each - what is listed behind an id, in the order of ids, each with its id */
export async function readPage<T>(
  { limit, cursor }: PageRequest,
  each: (after: string) => AsyncIterable<readonly [string, T]>,
): Promise<PageReply<T> | Problem> {
  const after = cursor === undefined ? '' : parseCursor(cursor)
  if (after === undefined)
    return invalidRequest([{ path: '/cursor', problem: 'is not a cursor from this API' }])
  const items: T[] = []
  let last = after
  for await (const [id, item] of each(after)) {
    // A long page is many queries.
    await othersTurn()
    if (items.length === limit) return { status: 200, body: { items, next: renderCursor(last) } }
    items.push(item)
    last = id
  }
  return { status: 200, body: { items, next: null } }
}

/** @returns those that are asked for, in the order of lists; undefined where all are */
export function readIds({ ids }: { readonly ids?: string | undefined }): readonly string[] | undefined {
  return ids === undefined ? undefined : [...new Set(ids.split('\n'))].sort()
}

function renderCursor(id: string): string {
  return Buffer.from(`id:${id}`).toString('base64url')
}

function parseCursor(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  return text.startsWith('id:') ? text.slice('id:'.length) : undefined
}
