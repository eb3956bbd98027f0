// A row that links or opens something, and the checkboxes that select rows.
import { Checkbox } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { MouseEvent } from 'react'

import { text } from '../../texts/text.ts'
import type { DataTableProps, Selection } from './table-types.ts'

interface RowProps<T> extends Pick<DataTableProps<T>, 'open' | 'selection' | 'nameOf' | 'columns' | 'rowId'> {
  readonly item: T
}

/** @param props - `columns`: the visible ones */
export function Row<T>({ item, rowId, open, selection, nameOf, columns }: RowProps<T>) {
  const navigate = useNavigate()
  const id = rowId(item)
  const go = () => {
    if (typeof open === 'function') void navigate({ to: open(item) })
    else open?.run(item)
  }
  const select = selection && (() => selection.change(toggle(selection.ids, id)))
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
      data-row={id}
      data-opens={open !== undefined}
      onClick={open === undefined ? undefined : onClick}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) go()
      }}
    >
      {selection === undefined ? null : (
        <td className="cw-select-cell">
          <Checkbox
            aria-label={text('table.select', { name: nameOf?.(item) ?? id })}
            checked={selection.ids.has(id)}
            onChange={select}
          />
        </td>
      )}
      {columns.map(({ id: column, header, numeric, cell }) => (
        <td key={column} data-label={header} className={numeric ? 'cw-numeric' : undefined}>
          {cell(item)}
        </td>
      ))}
    </tr>
  )
}

/** @returns the ids without this one if it was among them, otherwise with it */
export function toggle(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return next
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
