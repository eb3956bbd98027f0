// The table of every list: sortable and hideable columns, rows that open, keyboard navigation, selection that survives paging, and paging by
// cursor. On narrow screens each row becomes a card.
import { Fragment, useMemo, useState } from 'react'

import { useReadOn } from '../api/queries.ts'
import { useShortcut } from '../keyboard/shortcuts.tsx'
import { text } from '../texts/text.ts'
import { FilterBar } from './filter-bar.tsx'
import { ErrorState, isAccessLost, Loading, NothingYet, RefreshProblem, UnreadableNotice } from './states.tsx'
import { type Sorting, sortItems } from './table/sort.ts'
import { ColumnChooser, TableFooter } from './table/table-footer.tsx'
import { TableHead } from './table/table-head.tsx'
import { Row, toggle } from './table/table-row.tsx'
import type { DataTableProps } from './table/table-types.ts'
import { useRowKeys } from './use-row-keys.ts'

export type { Column, DataTableProps, Selection } from './table/table-types.ts'

/** Up to this many rows, scanning is faster than filtering. */
const FEW_ROWS = 8

export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { list, columns, filter } = props
  const [sorting, setSorting] = useState<Sorting | undefined>(undefined)
  const [unfolded, setUnfolded] = useState(false)
  const rows = useMemo(
    () => sortItems(list.items, columns, list.hasMore ? undefined : sorting),
    [list.items, list.hasMore, columns, sorting],
  )
  const few = !list.hasMore && list.items.length <= FEW_ROWS
  const folded = filter !== undefined && few && filter.state.count === 0 && !unfolded
  const unfold = folded && list.items.length > 0 ? () => setUnfolded(true) : undefined
  useShortcut({ keys: '/', label: text('table.filter'), group: text('help.group.list') }, unfold)
  return (
    <>
      {filter === undefined || folded ? null : <FilterBar {...filter} focus={unfolded} />}
      <Content {...props} rows={rows} sorting={sorting} sort={setSorting} unfold={unfold} />
    </>
  )
}

interface ContentProps<T extends object> extends DataTableProps<T> {
  readonly rows: readonly T[]
  readonly sorting: Sorting | undefined
  readonly sort: (sorting: Sorting | undefined) => void
  readonly unfold: (() => void) | undefined
}

function Content<T extends object>(props: ContentProps<T>) {
  const { list, empty } = props
  const isEmpty = list.items.length === 0
  const readsOn = useReadOn(list, isEmpty)
  if (list.query.isPending || readsOn) return <Loading lines={6} />
  if (list.query.isError && (isEmpty || isAccessLost(list.query.error)))
    return <ErrorState error={list.query.error} retry={() => void list.query.refetch()} />
  return (
    <>
      <RefreshProblem query={list.query} />
      <UnreadableNotice list={list} />
      {!isEmpty ? <FilledTable {...props} /> : list.hasMore ? <NothingYet list={list} /> : empty}
    </>
  )
}

function FilledTable<T extends object>(props: ContentProps<T>) {
  const { label, list, columns, rows, rowId, selection, tools, sorting, sort, unfold } = props
  const group = sorting === undefined ? props.group : undefined
  const headings = group && rows.map(group)
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const shown = columns.filter(({ id, hidden = false }) => hidden === toggled.has(id))
  useRowKeys(selection !== undefined)
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
            columns={shown}
            ids={rows.map(rowId)}
            selection={selection}
            sorting={sorting}
            sort={list.hasMore || list.items.length < 2 ? undefined : sort}
          />
          <tbody>
            {rows.map((item, index) => (
              <Fragment key={rowId(item)}>
                {headings === undefined || headings[index] === headings[index - 1] ? null : (
                  <tr className="cw-group-row">
                    <th scope="rowgroup" colSpan={shown.length + 1}>
                      {headings[index]}
                    </th>
                  </tr>
                )}
                <Row {...props} columns={shown} item={item} />
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      <TableFooter list={list} unfold={unfold}>
        <ColumnChooser columns={columns} shown={shown} toggle={(id) => setToggled(toggle(toggled, id))} />
      </TableFooter>
    </div>
  )
}
