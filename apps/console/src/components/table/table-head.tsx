// The table header: column names, which sort the rows if all are loaded.
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'

import { nextSorting, type Sorting } from './sort.ts'
import { SelectAll } from './table-row.tsx'
import type { Column, Selection } from './table-types.ts'

interface TableHeadProps<T> {
  /** The visible ones */
  readonly columns: readonly Column<T>[]
  readonly ids: readonly string[]
  readonly selection: Selection | undefined
  readonly sorting: Sorting | undefined
  /** Absent if rows are missing, since sorting the loaded ones would mislead */
  readonly sort: ((sorting: Sorting | undefined) => void) | undefined
}

export function TableHead<T>({ columns, ids, selection, sorting, sort }: TableHeadProps<T>) {
  return (
    <thead>
      <tr>
        {selection === undefined ? null : <SelectAll selection={selection} ids={ids} />}
        {columns.map(({ id, header, numeric, sort: key }) => {
          const order = sort === undefined || key === undefined ? undefined : orderOf(id, sorting)
          return (
            <th key={id} scope="col" className={numeric ? 'cw-numeric' : undefined} aria-sort={order}>
              {order === undefined ? (
                header
              ) : (
                <button type="button" className="cw-sort" onClick={() => sort?.(nextSorting(id, sorting))}>
                  {header}
                  <SortIcon order={order} />
                </button>
              )}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

type Order = 'ascending' | 'descending' | 'none'

function orderOf(id: string, sorting: Sorting | undefined): Order {
  if (sorting?.id !== id) return 'none'
  return sorting.descending ? 'descending' : 'ascending'
}

function SortIcon({ order }: { readonly order: Order }) {
  const Icon = { ascending: IconArrowUp, descending: IconArrowDown, none: IconArrowsSort }[order]
  return <Icon size={14} aria-hidden="true" className={order === 'none' ? 'cw-sort-idle' : undefined} />
}
