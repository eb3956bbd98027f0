// The drawer of the row that the address opens. A link may name a row beyond the first page, or one that the list does not have.
import { type ReactNode, useState } from 'react'

import { type PagedList, useReadOn } from '../api/queries.ts'
import type { OpenRow } from '../hooks/use-open-row.ts'
import { text } from '../texts/text.ts'
import { SideDrawer } from './side-drawer.tsx'
import { EmptyState, ErrorState, Loading } from './states.tsx'

interface RowDrawerProps<T> extends OpenRow {
  readonly list: PagedList<T>
  readonly title: string
  readonly children: (row: T) => ReactNode
}

export function RowDrawer<T extends { readonly id: string }>(props: RowDrawerProps<T>) {
  const { list, open, show, title, children } = props
  const row = list.items.find(({ id }) => id === open)
  const [found, setFound] = useState<string | undefined>(undefined)
  if (row !== undefined && found !== open) setFound(open)
  // A row that leaves the list, such as a resolved recommendation, closes its drawer.
  const hasLeft = row === undefined && found === open
  const { query } = list
  const isSought = useReadOn(list, open !== undefined && row === undefined)
  const absent = () => {
    if (query.isPending || isSought) return <Loading />
    if (query.isError) return <ErrorState error={query.error} />
    return <EmptyState title={text('row.absent')}>{text('row.absentText')}</EmptyState>
  }
  return (
    <SideDrawer opened={open !== undefined && !hasLeft} close={() => show(undefined)} title={title}>
      {open === undefined ? null : row === undefined ? absent() : children(row)}
    </SideDrawer>
  )
}
