// The table of every list: sortable and hideable columns, rows that open, keyboard navigation, selection that survives paging, and paging by
// cursor. On narrow screens each row becomes a card.
import { useTable, type ColumnDef } from '@tanstack/react-table'
import { Fragment, type ReactNode, useMemo, useState } from 'react'

import { useShortcut } from '../keyboard/shortcuts.tsx'
import { text } from '../texts/text.ts'
import { FilterBar } from './filter-bar.tsx'
import { ErrorState, isLost, Loading, RefreshProblem } from './states.tsx'
import { type Sorting, sortItems } from './table/sort.ts'
import { TableFoot } from './table/table-foot.tsx'
import { TableHead } from './table/table-head.tsx'
import { Row } from './table/table-row.tsx'
import { type DataTableProps, features, type Table } from './table/table-types.ts'
import { useRowKeys } from './use-row-keys.ts'

export type { Column, DataTableProps, Selection } from './table/table-types.ts'

/** Up to this many rows, scanning is faster than filtering. */
const FEW_ROWS = 8

export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { list, empty, columns, rowId, filter } = props
  const [sorting, setSorting] = useState<Sorting | undefined>(undefined)
  const [unfolded, setUnfolded] = useState(false)
  const definitions = useMemo(
    () =>
      columns.map(({ id, header, cell, hideable = true }): ColumnDef<typeof features, T, unknown> => ({
        id,
        header,
        cell: ({ row }) => cell(row.original),
        enableHiding: hideable,
      })),
    [columns],
  )
  const hidden = useMemo(
    () => Object.fromEntries(columns.map((column) => [column.id, column.hidden !== true])),
    [columns],
  )
  const sorted = useMemo(
    () => sortItems(list.items, columns, list.hasMore ? undefined : sorting),
    [list.items, list.hasMore, columns, sorting],
  )
  const table = useTable<typeof features, T>({
    features,
    columns: definitions,
    data: sorted as T[],
    getRowId: rowId,
    initialState: { columnVisibility: hidden },
  })
  const few = !list.hasMore && list.items.length <= FEW_ROWS
  const folded = filter !== undefined && few && filter.state.count === 0 && !unfolded
  const unfold = folded && list.items.length > 0 ? () => setUnfolded(true) : undefined
  useShortcut({ keys: '/', label: text('table.filter'), group: text('help.group.list') }, unfold)
  return (
    <>
      {filter === undefined || folded ? null : <FilterBar {...filter} focus={unfolded} />}
      <Content {...props} table={table} sorting={sorting} sort={setSorting} unfold={unfold} empty={empty} />
    </>
  )
}

interface ContentProps<T extends object> extends DataTableProps<T> {
  readonly table: Table<T>
  readonly sorting: Sorting | undefined
  readonly sort: (sorting: Sorting | undefined) => void
  readonly unfold: (() => void) | undefined
}

function Content<T extends object>(props: ContentProps<T>) {
  const { list, empty } = props
  if (list.query.isPending) return <Loading lines={6} />
  if (list.query.isError && (list.items.length === 0 || isLost(list.query.error)))
    return <ErrorState error={list.query.error} retry={() => void list.query.refetch()} />
  return (
    <>
      <RefreshProblem query={list.query} />
      {list.items.length === 0 ? empty : <FilledTable {...props} />}
    </>
  )
}

function FilledTable<T extends object>(props: ContentProps<T>) {
  const { table, label, list, columns, selection, tools, sorting, sort, unfold } = props
  const { rows } = table.getRowModel()
  const headings = sorting === undefined ? findHeadings(rows, props.group) : undefined
  useRowKeys()
  return (
    <div className="cw-table-frame" aria-busy={list.query.isFetching}>
      {tools === undefined || tools === null ? null : <div className="cw-table-tools">{tools}</div>}
      <div
        className="cw-table-scroll"
        // Rows of previous filters must not be opened as results of the new ones.
        inert={list.query.isPlaceholderData}
        tabIndex={0}
        role="region"
        aria-label={text('table.scroll', { name: label })}
      >
        <table className="cw-table">
          <caption className="cw-hidden">{label}</caption>
          <TableHead
            table={table}
            columns={columns}
            selection={selection}
            sorting={sorting}
            sort={list.hasMore || list.items.length < 2 ? undefined : sort}
          />
          <tbody>
            {rows.map((row) => (
              <Fragment key={row.id}>
                {headings?.get(row.id) === undefined ? null : (
                  <tr className="cw-group-row">
                    <th scope="rowgroup" colSpan={columns.length + 1}>
                      {headings.get(row.id)}
                    </th>
                  </tr>
                )}
                <Row {...props} row={row} />
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      <TableFoot list={list} table={table} unfold={unfold} />
    </div>
  )
}

type Rows<T extends object> = ReturnType<Table<T>['getRowModel']>['rows']

/** @returns the headings by the ID of the row they precede */
function findHeadings<T extends object>(
  rows: Rows<T>,
  group: DataTableProps<T>['group'],
): ReadonlyMap<string, ReactNode> | undefined {
  if (group === undefined) return undefined
  const headings = new Map<string, ReactNode>()
  let last: ReactNode
  for (const row of rows) {
    const heading = group(row.original)
    if (heading !== last) headings.set(row.id, heading)
    last = heading
  }
  return headings
}
