// One figure with its period, age, and a link to its list.
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { Loading, Loaded } from '../../components/states.tsx'
import { formatClock } from '../../components/time.tsx'
import { text } from '../../texts/text.ts'

interface TileProps<T> {
  readonly title: string
  readonly query: UseQueryResult<T>
  /** The list behind the figure; undefined if it has no page */
  readonly to?: string
  readonly children: (data: T) => ReactNode
}

export function Tile<T>({ title, query, to, children }: TileProps<T>) {
  return (
    <section className="cw-card cw-tile">
      <h2>{to === undefined ? title : <Link to={to}>{title}</Link>}</h2>
      <Loaded query={query} skeleton={<Loading lines={2} />}>
        {(data) => (
          <>
            {children(data)}
            <p className="cw-fresh">{text('tile.asOf', { time: formatClock(query.dataUpdatedAt) })}</p>
          </>
        )}
      </Loaded>
    </section>
  )
}

export function Figure({ children }: { readonly children: ReactNode }) {
  return <p className="cw-figure">{children}</p>
}
