// One figure with its window, its freshness, and the list behind it.
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { ErrorState, Loading, RefreshProblem } from '../../components/states.tsx'
import { formatClock } from '../../components/time.tsx'
import { text } from '../../texts/text.ts'

interface TileProps<T> {
  readonly title: string
  readonly query: UseQueryResult<T>
  /** The list behind the figure; undefined where there is no page for it */
  readonly to?: string
  readonly search?: Readonly<Record<string, string>>
  readonly children: (data: T) => ReactNode
}

export function Tile<T>({ title, query, to, search, children }: TileProps<T>) {
  return (
    <section className="cw-card cw-tile">
      <h2>
        {to === undefined ? (
          title
        ) : (
          <Link to={to} {...(search === undefined ? {} : { search: search })}>
            {title}
          </Link>
        )}
      </h2>
      {query.data === undefined ? (
        query.error === null ? (
          <Loading lines={2} />
        ) : (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        )
      ) : (
        <>
          <RefreshProblem query={query} />
          {children(query.data)}
          <p className="cw-fresh">{text('tile.asOf', { time: formatClock(query.dataUpdatedAt) })}</p>
        </>
      )}
    </section>
  )
}

export function Figure({ children }: { readonly children: ReactNode }) {
  return <p className="cw-figure">{children}</p>
}
