// The table footer: the number of rows, a button for more, and the table's own settings.
import { Button, Menu } from '@mantine/core'
import { IconColumns3, IconFilter } from '@tabler/icons-react'

import type { PagedList } from '../../api/queries.ts'
import { countText, text } from '../../texts/text.ts'
import type { Table } from './table-types.ts'
import { smallIcon } from '../small-icon.tsx'

interface TableFootProps<T extends object> {
  readonly list: PagedList<T>
  readonly table: Table<T>
  /** Absent if nothing is collapsed */
  readonly unfold?: (() => void) | undefined
}

export function TableFoot<T extends object>({ list, table, unfold }: TableFootProps<T>) {
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
      <span className="cw-table-foot-end">
        {unfold === undefined ? null : (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={smallIcon(IconFilter)}
            onClick={unfold}
          >
            {text('table.showFilters')}
          </Button>
        )}
        <ColumnChooser table={table} />
      </span>
    </div>
  )
}

function ColumnChooser<T extends object>({ table }: { readonly table: Table<T> }) {
  const columns = table.getAllLeafColumns().filter((column) => column.getCanHide())
  if (columns.length === 0) return null
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Button size="compact-sm" variant="subtle" color="gray" leftSection={smallIcon(IconColumns3)}>
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
