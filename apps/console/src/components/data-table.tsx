// The one table of every list: sticky head, columns that can be hidden, rows that always open, keys to move through it,
// selection that survives paging, and paging by cursor without an end. On narrow screens each row becomes a card.
import { Button, Checkbox, Menu } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import { columnVisibilityFeature, tableFeatures, useTable, type ColumnDef } from '@tanstack/react-table'
import { useNavigate } from '@tanstack/react-router'
import { type MouseEvent, type ReactNode, useMemo } from 'react'

import type { PagedList } from '../api/queries.ts'
import { countText, text } from '../texts/text.ts'
import { ErrorState, isLost, Loading, RefreshProblem } from './states.tsx'
import { useRowKeys } from './use-row-keys.ts'

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
  /** Beside the column chooser */
  readonly tools?: ReactNode
}

export interface Selection {
  readonly ids: ReadonlySet<string>
  readonly change: (ids: ReadonlySet<string>) => void
}

const features = tableFeatures({ columnVisibilityFeature })

export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { list, empty, columns, rowId } = props
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
  const table = useTable<typeof features, T>({
    features,
    columns: definitions,
    data: list.items as T[],
    getRowId: rowId,
    initialState: { columnVisibility: hidden },
  })
  if (list.query.isPending) return <Loading lines={6} />
  if (list.query.isError && (list.items.length === 0 || isLost(list.query.error)))
    return <ErrorState error={list.query.error} retry={() => void list.query.refetch()} />
  return (
    <>
      <RefreshProblem query={list.query as never} />
      {list.items.length === 0 ? empty : <FilledTable {...props} table={table} />}
    </>
  )
}

type Table<T extends object> = ReturnType<typeof useTable<typeof features, T>>

function FilledTable<T extends object>({
  table,
  ...props
}: DataTableProps<T> & { readonly table: Table<T> }) {
  const { label, list, selection, tools } = props
  useRowKeys()
  return (
    <div className="cw-table-frame" aria-busy={list.query.isFetching}>
      <div className="cw-table-tools">
        {tools}
        <ColumnChooser table={table} />
      </div>
      <div
        className="cw-table-scroll"
        // What was found for other filters is not to be opened as if it fitted these.
        inert={list.query.isPlaceholderData}
        tabIndex={0}
        role="region"
        aria-label={text('table.scroll', { name: label })}
      >
        <table className="cw-table">
          <caption className="cw-hidden">{label}</caption>
          <thead>
            <tr>
              {selection === undefined ? null : (
                <SelectAll selection={selection} ids={table.getRowModel().rows.map(({ id }) => id)} />
              )}
              {table.getHeaderGroups()[0]?.headers.map((header) => (
                <th
                  key={header.id}
                  scope="col"
                  className={isNumeric(props, header.column.id) ? 'cw-numeric' : undefined}
                >
                  <table.FlexRender header={header} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <Row key={row.id} {...props} table={table} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      <TableFoot list={list} />
    </div>
  )
}

function isNumeric<T>({ columns }: DataTableProps<T>, id: string): boolean {
  return columns.find((column) => column.id === id)?.numeric === true
}

interface RowProps<T extends object> extends DataTableProps<T> {
  readonly table: Table<T>
  readonly row: ReturnType<Table<T>['getRowModel']>['rows'][number]
}

function Row<T extends object>({ row, table, open, selection, nameOf, columns }: RowProps<T>) {
  const navigate = useNavigate()
  const item = row.original
  const go = () => {
    if (typeof open === 'function') void navigate({ to: open(item) })
    else open?.act(item)
  }
  function onClick(event: MouseEvent): void {
    // A link or button in the row means itself, and who selects text does not want to leave.
    const target = event.target as HTMLElement
    if (target.closest('a, button, input, label, time') !== null || String(getSelection()) !== '') return
    go()
  }
  return (
    <tr
      // What leads elsewhere has a link in it; what opens something here is reached by Tab as a whole.
      tabIndex={typeof open === 'object' ? 0 : -1}
      data-row={row.id}
      data-opens={open !== undefined}
      onClick={open === undefined ? undefined : onClick}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) go()
        if (event.key === 'x' && event.target === event.currentTarget) toggle(selection, row.id)
      }}
    >
      {selection === undefined ? null : (
        <td className="cw-select-cell">
          <Checkbox
            aria-label={text('table.select', { name: nameOf?.(item) ?? row.id })}
            checked={selection.ids.has(row.id)}
            onChange={() => toggle(selection, row.id)}
          />
        </td>
      )}
      {row.getVisibleCells().map((cell) => (
        <td
          key={cell.id}
          data-label={columns.find(({ id }) => id === cell.column.id)?.header}
          className={isNumeric({ columns } as DataTableProps<T>, cell.column.id) ? 'cw-numeric' : undefined}
        >
          <table.FlexRender cell={cell} />
        </td>
      ))}
    </tr>
  )
}

function toggle(selection: Selection | undefined, id: string): void {
  if (selection === undefined) return
  const ids = new Set(selection.ids)
  if (!ids.delete(id)) ids.add(id)
  selection.change(ids)
}

function SelectAll({ selection, ids }: { readonly selection: Selection; readonly ids: readonly string[] }) {
  const chosen = ids.filter((id) => selection.ids.has(id)).length
  const all = chosen === ids.length
  return (
    <th scope="col" className="cw-select-cell">
      <Checkbox
        aria-label={text('table.selectAll')}
        checked={all}
        indeterminate={chosen > 0 && !all}
        onChange={() => selection.change(new Set(all ? [] : [...selection.ids, ...ids]))}
      />
    </th>
  )
}

function ColumnChooser<T extends object>({ table }: { readonly table: Table<T> }) {
  const columns = table.getAllLeafColumns().filter((column) => column.getCanHide())
  if (columns.length === 0) return null
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Button size="compact-sm" leftSection={<IconColumns3 size={16} aria-hidden="true" />}>
          {text('table.columns')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {columns.map((column) => (
          <Menu.Item
            key={column.id}
            role="menuitemcheckbox"
            aria-checked={column.getIsVisible()}
            leftSection={column.getIsVisible() ? '✓' : ' '}
            onClick={() => column.toggleVisibility()}
          >
            {String(column.columnDef.header)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function TableFoot<T>({ list }: { readonly list: PagedList<T> }) {
  const { items, hasMore, query, showMore } = list
  const shown = query.isPlaceholderData
    ? text('state.loading')
    : hasMore
      ? text('table.shown', { count: items.length })
      : countText('table.one', 'table.all', items.length)
  return (
    <div className="cw-table-foot">
      <span role="status">{shown}</span>
      {hasMore ? (
        <Button onClick={showMore} loading={query.isFetchingNextPage}>
          {text('table.more')}
        </Button>
      ) : null}
    </div>
  )
}
