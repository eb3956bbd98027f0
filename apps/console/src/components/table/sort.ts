// Sorts rows that are all loaded. A partially loaded list cannot be sorted here.
import type { Column } from './table-types.ts'

export interface Sorting {
  readonly id: string
  readonly descending: boolean
}

/** @returns the items in server order if no column is sorted */
export function sortItems<T>(
  items: readonly T[],
  columns: readonly Column<T>[],
  sorting: Sorting | undefined,
): readonly T[] {
  const by = columns.find(({ id }) => id === sorting?.id)?.sort
  if (by === undefined || sorting === undefined) return items
  const sign = sorting.descending ? -1 : 1
  return items.toSorted((a, b) => {
    const [one, other] = [by(a), by(b)]
    if (one === undefined || other === undefined)
      return Number(one === undefined) - Number(other === undefined)
    return sign * compare(one, other)
  })
}

function compare(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return String(one).localeCompare(String(other), undefined, { numeric: true })
}

/** Ascending, descending, server order. */
export function nextSorting(id: string, sorting: Sorting | undefined): Sorting | undefined {
  if (sorting?.id !== id) return { id, descending: false }
  return sorting.descending ? undefined : { id, descending: true }
}
