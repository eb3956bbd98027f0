// A row that links or opens something, and the checkboxes that select rows.
import { Checkbox } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { MouseEvent } from 'react'

import { text } from '../../texts/text.ts'
import { type DataTableProps, isNumeric, type Selection, type Table } from './table-types.ts'

export interface RowProps<T extends object> extends Pick<
  DataTableProps<T>,
  'open' | 'selection' | 'nameOf' | 'columns'
> {
  readonly table: Table<T>
  readonly row: ReturnType<Table<T>['getRowModel']>['rows'][number]
}

export function Row<T extends object>({ row, table, open, selection, nameOf, columns }: RowProps<T>) {
  const navigate = useNavigate()
  const item = row.original
  const go = () => {
    if (typeof open === 'function') void navigate({ to: open(item) })
    else open?.act(item)
  }
  function onClick(event: MouseEvent): void {
    // Clicks on links and buttons, and text selection, must not open the row.
    const target = event.target as HTMLElement
    if (target.closest('a, button, input, label, time') !== null || String(getSelection()) !== '') return
    go()
  }
  return (
    <tr
      // A row that links elsewhere contains a link; one that opens something here is itself a Tab stop.
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
          className={isNumeric({ columns }, cell.column.id) ? 'cw-numeric' : undefined}
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

export function SelectAll({
  selection,
  ids,
}: {
  readonly selection: Selection
  readonly ids: readonly string[]
}) {
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
