// The parts in which the items of a review are stored: a page reads one or two of them, and a review that is opened is
// written in few rows.
import type { ReviewItem } from '@crosswalk/admin-api'

/** Read in about a millisecond */
const PART_ITEMS = 100

/** @param items - sorted by connection @returns the parts, by the connection of the first item */
export function splitItems(items: readonly ReviewItem[]): ReadonlyMap<string, readonly ReviewItem[]> {
  const parts = new Map<string, readonly ReviewItem[]>()
  for (let start = 0; start < items.length; start += PART_ITEMS) {
    const part = items.slice(start, start + PART_ITEMS)
    parts.set(part[0]?.connection ?? '', part)
  }
  return parts
}

/** @returns the index of the part that has the item of this connection, if any has it; -1 if it would be before all */
export function findPart({ parts }: { readonly parts: readonly string[] }, connection: string): number {
  return parts.findLastIndex((first) => first <= connection)
}
