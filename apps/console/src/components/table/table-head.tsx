// The table header: column names, which sort the rows if all are loaded.
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'

import { nextSorting, type Sorting } from './sort.ts'
import { SelectAll } from './table-row.tsx'
import { type Column, isNumeric, type Selection, type Table } from './table-types.ts'

interface TableHeadProps<T extends object> {
  readonly table: Table<T>
  readonly columns: readonly Column<T>[]
  readonly selection: Selection | undefined
  readonly sorting: Sorting | undefined
  /** Absent if rows are missing, since sorting the loaded ones would mislead */
  readonly sort: ((sorting: Sorting | undefined) => void) | undefined
}

export function TableHead<T extends object>({ table, columns, selection, sorting, sort }: TableHeadProps<T>) {
  return (
    <thead>
      <tr>
        {selection === undefined ? null : (
          <SelectAll selection={selection} ids={table.getRowModel().rows.map(({ id }) => id)} />
        )}
        {table.getHeaderGroups()[0]?.headers.map((header) => {
          const { id } = header.column
          const sortable = sort !== undefined && columns.find((one) => one.id === id)?.sort !== undefined
          return (
            <th
              key={header.id}
              scope="col"
              className={isNumeric({ columns }, id) ? 'cw-numeric' : undefined}
              aria-sort={sortable ? orderOf(id, sorting) : undefined}
            >
              {sortable ? (
                <button type="button" className="cw-sort" onClick={() => sort(nextSorting(id, sorting))}>
                  <table.FlexRender header={header} />
                  <SortIcon order={orderOf(id, sorting)} />
                </button>
              ) : (
                <table.FlexRender header={header} />
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
