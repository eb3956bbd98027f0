// Columns shared by lists.
import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { text } from '../../texts/text.ts'
import { type Owned, OwnerChip } from '../chips.tsx'
import type { Column } from './table-types.ts'
import { smallIcon } from '../small-icon.tsx'
import { renderTimeOr } from '../time.tsx'

export const idColumn: Column<{ readonly id: string }> = {
  id: 'id',
  header: text('word.id'),
  hidden: true,
  cell: ({ id }) => <code>{id}</code>,
}

export const ownerColumn: Column<Owned> = {
  id: 'owner',
  header: text('connections.definedIn'),
  cell: ({ owner, directory }) =>
    owner === 'database' && directory === undefined ? (
      text('connections.inDatabase')
    ) : (
      <OwnerChip {...{ owner, directory }} />
    ),
}

export const changedColumn: Column<{ readonly updatedAt: string | null }> = {
  id: 'changed',
  header: text('rule.changed'),
  sort: ({ updatedAt }) => updatedAt ?? undefined,
  cell: ({ updatedAt }) => renderTimeOr(updatedAt, '–'),
}

/** The first column of a list of objects: the name, linked to the object's page. */
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

interface RowAction<T> {
  readonly label: string
  /** Label of the button for screen readers, including the row */
  readonly name: (item: T) => string
  /** undefined if the role may not */
  readonly run: ((item: T) => void) | undefined
}

/** @returns a column with a button that revokes the row's object; none if the role may not */
export function revokeColumn<T>({ label, name, run }: RowAction<T>): readonly Column<T>[] {
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
