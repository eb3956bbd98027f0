// The table footer: the number of rows, a button for more, and the table's own settings.
import { Button, Menu } from '@mantine/core'
import { IconColumns3, IconFilter } from '@tabler/icons-react'
import type { ReactNode } from 'react'

import type { PagedList } from '../../api/queries.ts'
import { countText, text } from '../../texts/text.ts'
import type { Column } from './table-types.ts'
import { smallIcon } from '../small-icon.tsx'

interface TableFootProps {
  readonly list: PagedList<unknown>
  /** Absent if nothing is collapsed */
  readonly unfold: (() => void) | undefined
  /** The table's own settings */
  readonly children: ReactNode
}

export function TableFooter({ list, unfold, children }: TableFootProps) {
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
        {children}
      </span>
    </div>
  )
}

interface ColumnChooserProps<T> {
  readonly columns: readonly Column<T>[]
  readonly shown: readonly Column<T>[]
  readonly toggle: (id: string) => void
}

export function ColumnChooser<T>({ columns, shown, toggle }: ColumnChooserProps<T>) {
  const hideable = columns.filter((column) => column.hideable !== false)
  if (hideable.length === 0) return null
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Button size="compact-sm" variant="subtle" color="gray" leftSection={smallIcon(IconColumns3)}>
          {text('table.columns')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {hideable.map((column) => (
          <Menu.Item
            key={column.id}
            role="menuitemcheckbox"
            aria-checked={shown.includes(column)}
            leftSection={shown.includes(column) ? '✓' : ' '}
            onClick={() => toggle(column.id)}
          >
            {column.header}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
