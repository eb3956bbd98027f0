// A list with filters that are in the URL, as `ListPage` takes it.
import { useMemo } from 'react'

import { type ItemOf, type ListName, type PagedList, useList } from '../api/queries.ts'
import { useFilters } from '../hooks/use-filters.ts'
import type { FilterField } from './filter-bar.tsx'
import type { TableFilter } from './table/table-types.ts'

interface FilteredList<T> {
  readonly list: PagedList<T>
  readonly filter: TableFilter
}

/**
 * @param fields - declare them outside the component
 * @param always - query parameters that no filter changes
 */
export function useFilteredList<N extends ListName>(
  name: N,
  fields: readonly FilterField<string>[],
  always: Readonly<Record<string, string>> = {},
): FilteredList<ItemOf<N>> {
  const state = useFilters(useMemo(() => fields.map((field) => field.name), [fields]))
  return { list: useList(name, { ...state.filters, ...always }), filter: { state, fields } }
}
