// One page of a list in the order of ids: the cursor is where the last page ended.
import type { Problem } from './problem.ts'
import { invalidRequest } from './read-request.ts'

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

/** @param find - the item of an id, undefined where it is filtered out */
export function listPage<T>(
  sortedIds: readonly string[],
  { limit, cursor }: PageRequest,
  find: (id: string) => T | undefined,
): { readonly items: T[]; readonly next: string | null } | Problem {
  const after = cursor === undefined ? undefined : parseCursor(cursor)
  if (cursor !== undefined && after === undefined)
    return invalidRequest([{ path: '/cursor', problem: 'is no cursor of ours' }])
  const items: T[] = []
  let last: string | undefined
  for (const id of sortedIds) {
    if (after !== undefined && id <= after) continue
    const item = find(id)
    if (item === undefined) continue
    if (items.length === limit) return { items, next: renderCursor(last ?? id) }
    items.push(item)
    last = id
  }
  return { items, next: null }
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
