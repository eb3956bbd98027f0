// Types of a table: its columns and its options.
import type { ReactNode } from 'react'

import type { PagedList } from '../../api/queries.ts'
import type { FilterState } from '../../hooks/use-filters.ts'
import type { FilterField } from '../filter-bar.tsx'

export interface Column<T> {
  readonly id: string
  readonly header: string
  readonly cell: (item: T) => ReactNode
  /** false if it cannot be hidden */
  readonly hideable?: boolean
  /** Hidden by default */
  readonly hidden?: boolean
  /** Right-aligned, for numbers */
  readonly numeric?: boolean
  /** Sort key; absent if the column cannot be sorted. Undefined values come last */
  readonly sort?: (item: T) => string | number | undefined
}

export interface DataTableProps<T> {
  /** Describes the list for screen readers */
  readonly label: string
  readonly list: PagedList<T>
  /** Declare it outside of the component, or memoise it */
  readonly columns: readonly Column<T>[]
  readonly rowId: (item: T) => string
  /** The URL of a row, or what it opens */
  readonly open?: ((item: T) => string) | { readonly run: (item: T) => void }
  /** Name of a row, for its checkbox */
  readonly nameOf?: (item: T) => string
  readonly empty: ReactNode
  readonly selection?: Selection
  /** Above the rows */
  readonly tools?: ReactNode
  /** A heading before each run of rows with the same value, while no column is sorted */
  readonly group?: (item: T) => ReactNode
  /** Collapsed while the list is short */
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
