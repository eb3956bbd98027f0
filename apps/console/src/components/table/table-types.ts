// What a table is made of: its columns, and what it is told of the rows.
import { columnVisibilityFeature, tableFeatures, type useTable } from '@tanstack/react-table'
import type { ReactNode } from 'react'

import type { PagedList } from '../../api/queries.ts'
import type { FilterState } from '../../hooks/use-filters.ts'
import type { FilterField } from '../filter-bar.tsx'

export interface Column<T> {
  readonly id: string
  readonly header: string
  readonly cell: (item: T) => ReactNode
  /** false: cannot be hidden */
  readonly hideable?: boolean
  /** Hidden until chosen */
  readonly hidden?: boolean
  /** Numbers stand at the right */
  readonly numeric?: boolean
  /** What rows are sorted by; absent: the column cannot be sorted. Undefined values come last */
  readonly sort?: (item: T) => string | number | undefined
}

export interface DataTableProps<T> {
  /** Says what the list holds, for readers of the screen */
  readonly label: string
  readonly list: PagedList<T>
  /** Declare it outside of the component, or memoise it */
  readonly columns: readonly Column<T>[]
  readonly rowId: (item: T) => string
  /** Where a row leads to, or what it opens */
  readonly open?: ((item: T) => string) | { readonly act: (item: T) => void }
  /** What a row is called, for its checkbox */
  readonly nameOf?: (item: T) => string
  readonly empty: ReactNode
  readonly selection?: Selection
  /** Above the rows */
  readonly tools?: ReactNode
  /** Folded while the list is short */
  readonly filter?: TableFilter
}

export interface TableFilter {
  readonly state: FilterState<string>
  readonly fields: readonly FilterField<string>[]
}

export interface Selection {
  readonly ids: ReadonlySet<string>
  readonly change: (ids: ReadonlySet<string>) => void
}

export const features = tableFeatures({ columnVisibilityFeature })

export type Table<T extends object> = ReturnType<typeof useTable<typeof features, T>>

export function isNumeric<T>({ columns }: { readonly columns: readonly Column<T>[] }, id: string): boolean {
  return columns.find((column) => column.id === id)?.numeric === true
}
