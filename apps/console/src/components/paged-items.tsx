// A paged list that is not a table: loading, problem, empty, or items with a button for more.
import type { ReactNode } from 'react'
import { Button } from '@mantine/core'

import type { PagedList } from '../api/queries.ts'
import { text } from '../texts/text.ts'
import { ErrorState, Loading, RefreshProblem } from './states.tsx'

interface PagedItemsProps<T> {
  readonly list: PagedList<T>
  readonly empty: ReactNode
  readonly children: (items: readonly T[]) => ReactNode
}

export function PagedItems<T>({
  list: { items, query, hasMore, showMore },
  empty,
  children,
}: PagedItemsProps<T>) {
  if (query.isPending) return <Loading lines={6} />
  if (query.isError && items.length === 0)
    return <ErrorState error={query.error} retry={() => void query.refetch()} />
  return (
    <>
      <RefreshProblem query={query} />
      {items.length === 0 && !hasMore ? empty : children(items)}
      {hasMore ? <Button onClick={showMore}>{text('table.more')}</Button> : null}
    </>
  )
}
