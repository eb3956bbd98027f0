// Columns that several lists have.
import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { text } from '../../texts/text.ts'
import { OwnerChip } from '../chips.tsx'
import type { Column } from './table-types.ts'
import { smallIcon } from '../small-icon.tsx'

export const idColumn: Column<{ readonly id: string }> = {
  id: 'id',
  header: text('connections.id'),
  hidden: true,
  cell: ({ id }) => <code>{id}</code>,
}

export const ownerColumn: Column<{ readonly owner: 'file' | 'database' }> = {
  id: 'owner',
  header: text('connections.definedIn'),
  cell: ({ owner }) => (owner === 'file' ? <OwnerChip owner={owner} /> : text('connections.inDatabase')),
}

/** The first column of a list of objects: the name, which leads to the page of the object. */
export function nameColumn<T>(
  header: string,
  nameOf: (item: T) => string,
  pathOf: (item: T) => string,
): Column<T> {
  return {
    id: 'name',
    header,
    hideable: false,
    sort: nameOf,
    cell: (item) => (
      <Link to={pathOf(item)} className="cw-first">
        {nameOf(item)}
      </Link>
    ),
  }
}

interface Act<T> {
  readonly label: string
  /** What the button does to which row, for readers of the screen */
  readonly name: (item: T) => string
  /** undefined: the role may not */
  readonly run: ((item: T) => void) | undefined
}

/** @returns the column of a button that revokes what the row is about; none where the role may not */
export function revokeColumn<T>({ label, name, run }: Act<T>): readonly Column<T>[] {
  if (run === undefined) return []
  return [
    {
      id: 'end',
      header: '',
      hideable: false,
      cell: (item) => (
        <Button
          size="compact-sm"
          color="red"
          aria-label={name(item)}
          leftSection={smallIcon(IconTrash)}
          onClick={() => run(item)}
        >
          {label}
        </Button>
      ),
    },
  ]
}
