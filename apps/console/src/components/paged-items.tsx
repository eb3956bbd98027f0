// A paged list that is not a table: loading, problem, empty, or items with a button for more.
import type { ReactNode } from 'react'
import { Button } from '@mantine/core'

import { type PagedList, useReadOn } from '../api/queries.ts'
import { text } from '../texts/text.ts'
import { ErrorState, Loading, NothingYet, RefreshProblem, UnreadableNotice } from './states.tsx'

interface PagedItemsProps<T> {
  readonly list: PagedList<T>
  readonly empty: ReactNode
  readonly children: (items: readonly T[]) => ReactNode
}

export function PagedItems<T>({ list, empty, children }: PagedItemsProps<T>) {
  const { items, query, hasMore, showMore } = list
  const readsOn = useReadOn(list, items.length === 0)
  if (query.isPending || readsOn) return <Loading lines={6} />
  if (query.isError && items.length === 0)
    return <ErrorState error={query.error} retry={() => void query.refetch()} />
  return (
    <>
      <RefreshProblem query={query} />
      <UnreadableNotice list={list} />
      {items.length > 0 ? children(items) : hasMore ? <NothingYet list={list} /> : empty}
      {hasMore && items.length > 0 ? <Button onClick={showMore}>{text('table.more')}</Button> : null}
    </>
  )
}
