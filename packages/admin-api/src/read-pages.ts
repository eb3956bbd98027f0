// Reads lists page by page.

/** The most items that one page of any list has */
export const MAX_PAGE = 200

export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
  readonly unreadable?: readonly UnreadableItem[] | undefined
}

/** A stored object that is missing in a list, because the server cannot read it */
export interface UnreadableItem {
  readonly collection: string
  readonly id: string
  readonly problem: string
}

/** @param read - reads one page; called until there are enough items, or no more pages */
export async function readPages<T>(
  limit: number,
  read: (page: { readonly limit: number; readonly cursor?: string }) => Promise<Page<T>>,
): Promise<{
  readonly items: readonly T[]
  readonly truncated: boolean
  readonly unreadable: readonly UnreadableItem[]
}> {
  const items: T[] = []
  let unreadable: readonly UnreadableItem[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await read({
      limit: Math.min(MAX_PAGE, limit - items.length),
      ...(cursor === null ? {} : { cursor }),
    })
    items.push(...page.items)
    unreadable = page.unreadable ?? []
    cursor = page.next
  } while (cursor !== null && items.length < limit)
  return { items, truncated: cursor !== null, unreadable }
}
