// Columns that several lists have.
import type { ReactNode } from 'react'
import { Link } from '@tanstack/react-router'

import { text } from '../../texts/text.ts'
import { OwnerChip } from '../chips.tsx'
import { RelativeTime } from '../time.tsx'
import type { Column } from './table-types.ts'

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

/** @param none - shown where there is no such moment */
export function momentOr(moment: string | null | undefined, none: string): ReactNode {
  return moment === undefined || moment === null ? none : <RelativeTime moment={moment} />
}
