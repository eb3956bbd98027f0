// The parts in which the items of a review are stored: a page reads one or two of them, and a review that is opened is
// written in few rows.
import type { ReviewItem } from '@crosswalk/admin-api'
import { chunk } from '@crosswalk/protocol'

/** Read in about a millisecond */
const PART_ITEMS = 100

/** @param items - sorted by connection @returns the parts, by the connection of the first item */
export function splitItems(items: readonly ReviewItem[]): ReadonlyMap<string, readonly ReviewItem[]> {
  return new Map([...chunk(items, PART_ITEMS)].map((part) => [part[0]?.connection ?? '', part]))
}

/** @returns the index of the part that has the item of this connection, if any has it; -1 if it would be before all */
export function findPart({ parts }: { readonly parts: readonly string[] }, connection: string): number {
  return parts.findLastIndex((first) => first <= connection)
}
